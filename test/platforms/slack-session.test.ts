import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import type { AgentDisplay } from "../fakes/slack/state.ts";

let slack: FakeSlack;
let bench: PlatformBench;
let mention: Mention;
afterEach(() => slack.close());

const noted = vi.fn();

const begin = async (agent: AgentDisplay): Promise<void> => {
  slack = await startFakeSlack({ agent });
  noted.mockClear();
  bench = createPlatformBench(
    (deps) => createSlack({ ...deps, connections: { ...deps.connections, note: noted } }),
    slack.connections,
  );
  await slack.open(slack.people.writer, "thread", { title: "@openhands go", text: "" });
  for (const sent of slack.deliveries()) await bench.receive(sent);
  const [heard] = bench.heard;
  if (heard === undefined) throw new Error("nothing was heard");
  mention = heard;
};

const working = (minute = 0): Message =>
  makeMessage("report-1", "", {
    blocks: [
      { type: "status", state: "working", text: "OpenHands is working on it" },
      { type: "facts", facts: [`${minute} min`] },
    ],
    actions: [{ kind: "stop", label: "Stop", run: "r" }],
  });
const stopping = makeMessage("report-1", "", {
  blocks: [{ type: "status", state: "working", text: "Stopping, as Mira asked" }],
});
const end = (state: "done" | "waiting"): Message =>
  makeMessage("report-1", "", { blocks: [{ type: "status", state, text: "That is it" }] });

const post = (message: Message) => bench.platform.post(mention.place, message, { reply: mention.reply });
const thread = (): string => mention.place.address["thread"] ?? "";
const statuses = (): readonly string[] => slack.state.sessions.get(thread())?.statuses ?? [];
const lines = (): readonly string[] => slack.state.lines.map(({ text }) => text);

describe("a workspace where the app is an agent", () => {
  it("shows in the thread that somebody is at work, that people are waited for, and the end; each once", async () => {
    await begin("sessions");
    const ref = await post(working());
    await bench.platform.editPost(mention.place, ref, working(1));
    await bench.platform.editPost(mention.place, ref, end("waiting"));
    await bench.platform.editPost(mention.place, ref, working(2));
    await bench.platform.editPost(mention.place, ref, end("done"));
    expect(statuses()).toEqual(["processing", "suspended", "processing", "active"]);
    expect(slack.state.sessions.get(thread())?.initiator).toBe(slack.people.writer.id);
    expect(slack.state.lines).toEqual([]);
  });

  it("ends the display when Slack's own Stop is pressed, and does not begin it again while it is being stopped", async () => {
    await begin("sessions");
    const ref = await post(working());
    await slack.event({
      type: "agent_session_stopped",
      channel: slack.channel,
      thread_ts: thread(),
      user: slack.people.writer.id,
      streaming_message_ts: [],
      event_ts: slack.state.next(),
    });
    const sent = slack.deliveries().at(-1);
    if (sent !== undefined) await bench.receive(sent);
    expect(bench.heard.at(-1)).toMatchObject({
      text: "stop",
      way: "button",
      place: { key: mention.place.key },
    });
    await vi.waitFor(() => expect(statuses()).toEqual(["processing", "active"]));
    await bench.platform.editPost(mention.place, ref, stopping);
    expect(statuses()).toEqual(["processing", "active"]);
  });

  it("shows the end also when Slack has had enough of us for a moment", async () => {
    await begin("sessions");
    const ref = await post(working());
    slack.fail({ path: /agents\.sessions\.setStatus/, status: 429, retryAfter: 1, times: 1 });
    await bench.platform.editPost(mention.place, ref, end("done"));
    await vi.waitFor(() => expect(statuses()).toEqual(["processing", "active"]), { timeout: 5_000 });
  });

  it("says on the settings page that Slack shows no Stop button while the app does not subscribe to it", async () => {
    await begin("sessions");
    slack.state.hasStopEvent = false;
    await post(working());
    expect(noted).toHaveBeenCalledWith(
      "slack-1",
      expect.objectContaining({ problem: expect.stringContaining("agent_session_stopped") }),
    );
  });
});

describe("a workspace where the app is no agent", () => {
  it("has the older line while the work goes on, told again before it goes out", async () => {
    await begin("line");
    const ref = await post(working());
    await bench.platform.editPost(mention.place, ref, working(1));
    expect(lines()).toEqual(["is working on it"]);
    bench.pass(100_000);
    await bench.platform.editPost(mention.place, ref, working(2));
    await bench.platform.editPost(mention.place, ref, end("done"));
    expect(lines()).toEqual(["is working on it", "is working on it", ""]);
    expect(slack.requestsWith("agents.sessions.setStatus")).toBe(1);
  });

  it("has nothing where Slack has neither, is not asked again and again, and the report stands all the same", async () => {
    await begin("none");
    const ref = await post(working());
    await bench.platform.editPost(mention.place, ref, end("done"));
    expect(slack.requestsWith("agents.sessions.setStatus")).toBe(1);
    expect(slack.requestsWith("assistant.threads.setStatus")).toBe(1);
    expect(JSON.stringify(slack.state.posts.get(slack.channel))).toContain("That is it");
    bench.pass(2 * 3_600_000);
    slack.state.agent = "sessions";
    await bench.platform.editPost(mention.place, ref, working());
    expect(statuses()).toEqual(["processing"]);
  });
});
