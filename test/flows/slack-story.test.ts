import { describe, expect, it, vi } from "vitest";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from "../fakes/slack/start.ts";
import type { SlackPost } from "../fakes/slack/state.ts";
import { besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

type Room = "a channel" | "a thread" | "a direct message";

const rooms: readonly Room[] = ["a channel", "a thread", "a direct message"];
const ways = [
  { way: "HTTP", inSocketMode: false },
  { way: "Socket Mode", inSocketMode: true },
] as const;
const displays = [
  { display: "streaming", streaming: true },
  { display: "one edited message", streaming: false },
] as const;

const openWorld = async (
  options: FakeSlackOptions,
): Promise<{ slack: FakeSlack; flow: Flow; close(): Promise<void> }> => {
  const slack = await startFakeSlack(options);
  const code = await besideCode(slack);
  const flow = await startFlow({ subject: { ...slackSubject, start: async () => slack }, ...code.options });
  if (options.inSocketMode === true)
    await vi.waitFor(() => expect(slack.socket.connected).toBe(true), { timeout: 10_000 });
  return {
    slack,
    flow,
    close: async () => {
      await flow.end();
      await code.close();
    },
  };
};

const tell = async (room: Room, inSocketMode: boolean, streaming: boolean): Promise<void> => {
  const { slack, flow, close } = await openWorld({
    inSocketMode,
    streaming,
    // A workspace has all of it, or none.
    agent: streaming ? "sessions" : "none",
    direct: room === "a direct message",
  });
  let go: () => void = () => undefined;
  const gate = new Promise<void>((open) => {
    go = open;
  });
  flow.agent.play((message) => {
    if (message.includes("green")) return [{ do: "finish", message: "Painted it green." }];
    if (message.includes("for ever"))
      return [{ do: "terminal", command: "sleep 600", summary: "Begin" }, { do: "hang" }];
    return [
      { do: "tasks", tasks: [{ title: "Choose a colour", status: "in_progress" }] },
      { do: "until", moment: gate },
      { do: "answer", text: "Which colour?" },
    ];
  });
  try {
    const { writer } = slack.people;
    const call = room === "a direct message" ? "" : "@openhands ";
    const inThread = room === "a thread";
    const spot = await slack.open(writer, "thread", {
      title: inThread ? "The shop is grey" : `${call}paint it`,
      text: "",
    });
    if (inThread) await slack.comment(writer, spot, `${call}paint it`);
    const posts = (): readonly SlackPost[] =>
      (slack.state.posts.get(slack.channel) ?? []).filter(
        ({ author, only }) => author.id === slack.people.self.id && only === undefined,
      );

    // The report shows the work, by the way that the workspace has.
    await flow.waitFor(spot, "OpenHands is working on it", "Choose a colour");
    const [report] = posts();
    expect(report?.stream).toBe(streaming ? "open" : undefined);
    expect(JSON.stringify(report?.blocks)).toContain("ask-openhands:stop");
    const display = (): string | undefined => slack.state.sessions.get(spot.id)?.statuses.at(-1);
    const shows = (status: string): Promise<void> =>
      flow.until(`Slack shows ${status}`, () => display() === (streaming ? status : undefined));
    await shows("processing");
    go();

    // Its question calls the asker, and the answer reaches it.
    await flow.waitFor(spot, "Which colour?", `<@${writer.id}>`);
    await shows("suspended");
    await slack.comment(writer, spot, `${call}green`);
    await flow.waitFor(spot, "Painted it green.", `<@${writer.id}>`);
    await flow.until("the report says done", () => JSON.stringify(report?.blocks).includes("Done"));
    expect(report?.stream).toBe(streaming ? "closed" : undefined);
    expect(report?.plan).toBeUndefined();
    expect(JSON.stringify(report?.blocks)).not.toContain("ask-openhands:stop");
    expect(report?.metadata).toMatchObject({ event_type: "ask_openhands" });

    await shows("active");

    // A follow-up goes on in the same conversation, and Slack's own Stop ends it.
    await slack.comment(writer, spot, `${call}paint for ever`);
    await flow.waitFor(spot, "working on it", "Begin");
    await shows("processing");
    await slack.event({
      type: "agent_session_stopped",
      channel: slack.channel,
      thread_ts: spot.id,
      user: writer.id,
      event_ts: slack.state.next(),
    });
    await flow.waitFor(spot, "Stopped", `<@${writer.id}>`);
    expect(flow.agent.protocol.conversations.size).toBe(1);
    await shows("active");
    await flow.until("no stream is left open", () => posts().every(({ stream }) => stream !== "open"));
    expect(slack.requests.violations).toEqual([]);
    expect(slack.state.limits?.violations).toEqual([]);
    expect(slack.requests.unrouted).toEqual([]);
  } finally {
    go();
    await close();
  }
};

describe.each(ways)("Slack over $way", ({ inSocketMode }) => {
  describe.each(displays)("with $display", ({ streaming }) => {
    it.concurrent.each(rooms)(
      "tells the whole story in %s",
      (room) => tell(room, inSocketMode, streaming),
      60_000,
    );
  });
});
