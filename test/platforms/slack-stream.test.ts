import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import { afterEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import type { SlackPost } from "../fakes/slack/state.ts";

let slack: FakeSlack;
let bench: PlatformBench;
let mention: Mention;
afterEach(() => slack.close());

const begin = async (streaming: boolean): Promise<void> => {
  slack = await startFakeSlack({ streaming });
  bench = createPlatformBench(createSlack, slack.connections);
  await slack.open(slack.people.writer, "thread", { title: "@openhands go", text: "" });
  for (const sent of slack.deliveries()) await bench.receive(sent);
  const [heard] = bench.heard;
  if (heard === undefined) throw new Error("nothing was heard");
  mention = heard;
};

const working = (title: string): Message =>
  makeMessage("report-1", "", {
    blocks: [
      { type: "status", state: "working", text: "OpenHands is working on it" },
      { type: "tasks", tasks: [{ title, state: "doing" }] },
    ],
    actions: [{ kind: "stop", label: "Stop", run: "r" }],
  });
const done = makeMessage("report-1", "", { blocks: [{ type: "status", state: "done", text: "Done" }] });

const posts = (): readonly SlackPost[] =>
  (slack.state.posts.get(slack.channel) ?? []).filter(({ author }) => author.id === slack.people.self.id);
const post = (message: Message) => bench.platform.post(mention.place, message, { reply: mention.reply });
const triedToStream = (): number => slack.requestsWith("chat.startStream");

describe("a report that Slack streams", () => {
  it("shows tasks as they change, and says the same thing twice without showing it twice", async () => {
    await begin(true);
    const ref = await post(working("Look"));
    const next = await bench.platform.editPost(mention.place, ref, working("Look closer"));
    await bench.platform.editPost(mention.place, next, working("Look closer"));
    expect([...(posts()[0]?.plan?.tasks.values() ?? [])]).toEqual([
      { title: "Look closer", status: "in_progress" },
    ]);
    expect(posts()[0]?.blocks).toHaveLength(1);
  });

  it("is found again after a crash before its answer, and not posted anew", async () => {
    await begin(true);
    const ref = await post(working("Look"));
    const found = await bench.platform.findPost(mention.place, "report-1", { reply: {} });
    expect(found).toMatchObject({ id: ref.id });
    await bench.platform.editPost(mention.place, found ?? ref, working("Look again"));
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.plan?.tasks.get("task-1")?.title).toBe("Look again");
  });

  it("becomes an edited message when Slack ends the stream by itself", async () => {
    await begin(true);
    const ref = await post(working("Look"));
    const [streamed] = posts();
    if (streamed !== undefined) streamed.stream = "closed";
    const next = await bench.platform.editPost(mention.place, ref, working("Still at it"));
    expect(next.memo).toBeUndefined();
    expect(JSON.stringify(streamed?.blocks)).toContain("Still at it");
    await bench.platform.editPost(mention.place, next, done);
    expect(JSON.stringify(streamed?.blocks)).toContain("Done");
    expect(posts()).toHaveLength(1);
  });

  it("ends in blocks, with no button that does nothing any more", async () => {
    await begin(true);
    await bench.platform.editPost(mention.place, await post(working("Look")), done);
    const [streamed] = posts();
    expect(streamed?.stream).toBe("closed");
    expect(JSON.stringify(streamed?.blocks)).not.toContain("ask-openhands:stop");
    expect(await bench.platform.findPost(mention.place, "report-1", { reply: {} })).toMatchObject({
      id: streamed?.ts,
    });
  });
});

describe("a workspace that does not stream", () => {
  it("is asked once, and gets edited messages", async () => {
    await begin(false);
    await post(working("Look"));
    await post(working("Look"));
    expect(triedToStream()).toBe(1);
    expect(posts().map(({ stream }) => stream)).toEqual([undefined, undefined]);
  });

  it("is asked again a day later", async () => {
    await begin(false);
    await post(working("Look"));
    bench.pass(25 * 3_600_000);
    slack.state.streaming = true;
    await post(working("Look"));
    expect(posts().at(-1)?.stream).toBe("open");
  });
});
