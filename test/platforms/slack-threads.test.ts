import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import type { Failure } from "@ask-openhands/core/failure.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { Spot } from "../contracts/platform-subject.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from "../fakes/slack/start.ts";
import { postsIn, type SlackState } from "../fakes/slack/state.ts";

let slack: FakeSlack;
let bench: PlatformBench;
let spot: Spot;
const noted = vi.fn();

afterEach(async () => {
  expect(slack.requests.violations).toEqual([]);
  await slack.close();
});

const begin = async (replies: SlackState["replies"], options: FakeSlackOptions = {}): Promise<void> => {
  slack = await startFakeSlack(options);
  slack.state.replies = replies;
  noted.mockClear();
  bench = createPlatformBench(
    (deps) => createSlack({ ...deps, connections: { ...deps.connections, note: noted } }),
    slack.connections,
  );
  spot = await slack.open(slack.people.writer, "thread", { title: "The cart crashes", text: "" });
};

/** What people said in the thread meanwhile; nobody delivers it. */
const talk = (count: number, word: string): void => {
  for (let at = 1; at <= count; at += 1)
    postsIn(slack.state, slack.channel).push({
      ts: slack.state.next(),
      thread: spot.id,
      author: { ...slack.people.writer, displayName: "Mira Writer" },
      text: `${word} ${at}`,
      blocks: undefined,
      metadata: undefined,
      edited: undefined,
      reactions: [],
    });
};

const ask = async (): Promise<Mention> => {
  await slack.comment(slack.people.writer, spot, "@openhands find the cause");
  for (const sent of slack.deliveries()) await bench.receive(sent);
  const mention = bench.heard.find(({ text }) => text.includes("find the cause"));
  if (mention === undefined) throw new Error("nothing was heard");
  return mention;
};
const looks = (): number =>
  (slack.state.limits?.taken ?? []).filter((method) => method === "conversations.replies").length;

describe.each(["earliest first", "newest first"] as const)("a thread of many pages, the %s", (order) => {
  it("is told with its first message and those nearest to the ask, also when more was said since", async () => {
    await begin({ order, most: 250 });
    talk(620, "before");
    const mention = await ask();
    talk(300, "after");
    const thread = await bench.platform.thread(mention);
    const texts = thread.entries.map(({ text }) => text);
    expect(thread.description?.text).toBe("The cart crashes");
    expect(texts.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, at) => `before ${at + 421}`));
    expect(texts[200]).toBe("after 1");
    expect(texts.join()).not.toContain("part of this thread");
    expect(looks()).toBe(4);
    expect(noted).not.toHaveBeenCalled();
  });

  it("that is longer than one look may read says that messages are missing", async () => {
    await begin({ order, most: 100 });
    talk(620, "before");
    const mention = await ask();
    const thread = await bench.platform.thread(mention);
    const last = thread.entries.at(-1);
    expect(last).toMatchObject({ author: { kind: "bot", name: "Slack" } });
    expect(last?.text).toContain("only a part of this thread");
    expect(Date.parse(last?.at ?? "")).toBeLessThan(Date.parse(mention.at));
    expect(looks()).toBe(5);
  });

  it("holds our post, which is found among what was said since the ask", async () => {
    await begin({ order, most: 100 });
    talk(620, "before");
    const mention = await ask();
    const options = { reply: mention.reply };
    const ref = await bench.platform.post(mention.place, makeMessage("report-1"), options);
    talk(150, "after");
    expect(await bench.platform.findPost(mention.place, "report-1", options)).toMatchObject({ id: ref.id });
    expect(await bench.platform.findPost(mention.place, "report-2", options)).toBeUndefined();
    expect(looks()).toBeLessThanOrEqual(4);
  });

  it("is looked through a part at a time, when very much was said since", async () => {
    await begin({ order, most: 20 });
    const mention = await ask();
    const options = { reply: mention.reply };
    talk(130, "after");
    const ref = await bench.platform.post(mention.place, makeMessage("report-1"), options);
    talk(130, "later");
    const find = (): Promise<unknown> => bench.platform.findPost(mention.place, "report-1", options);
    const first = await find().catch((failure: Failure) => failure);
    expect(first).toMatchObject({ kind: "unavailable", hint: expect.stringContaining("too long") });
    expect(await find()).toMatchObject({ id: ref.id });
    expect(looks()).toBeLessThanOrEqual(10);
  });
});

describe("an app that may read fifteen messages a minute", () => {
  const lowRate = { perMinute: { "conversations.replies": 1 } } as const;
  const low: FakeSlackOptions = { limits: lowRate };

  it("tells of a short thread what it always tells", async () => {
    await begin({ order: "earliest first", most: 15 }, low);
    talk(8, "before");
    const thread = await bench.platform.thread(await ask());
    expect(thread.entries).toHaveLength(8);
    expect(noted).not.toHaveBeenCalled();
  });

  it("tells of a long one what it got, at once, says that it is a part, and names the cure to the maintainers once", async () => {
    await begin({ order: "earliest first", most: 15 }, low);
    talk(40, "before");
    const mention = await ask();
    const { description, entries } = await bench.platform.thread(mention);
    expect(description?.text).toBe("The cart crashes");
    expect(entries.map(({ text }) => text).slice(0, -1)).toEqual(
      Array.from({ length: 15 }, (_, at) => `before ${at + 1}`),
    );
    expect(entries.at(-1)?.text).toContain(`of ${entries.at(-2)?.at}`);
    expect(noted).toHaveBeenCalledExactlyOnceWith(
      "slack-1",
      expect.objectContaining({ problem: expect.stringContaining("15 messages") }),
    );
  });

  it("looks for its post when it may read on, from where it was", async () => {
    await begin({ order: "earliest first", most: 15 }, { limits: { minute: 1_000, ...lowRate } });
    const mention = await ask();
    const options = { reply: mention.reply };
    talk(20, "after");
    const ref = await bench.platform.post(mention.place, makeMessage("report-1"), options);
    const find = (): Promise<unknown> => bench.platform.findPost(mention.place, "report-1", options);
    const early = await find().catch((failure: Failure) => failure);
    expect(early).toMatchObject({ kind: "rate-limited", retryAt: expect.any(Number) });
    await new Promise((done) => setTimeout(done, 1_100));
    bench.pass(2_000);
    expect(await find()).toMatchObject({ id: ref.id });
    expect(slack.state.limits?.violations).toEqual([]);
  });
});
