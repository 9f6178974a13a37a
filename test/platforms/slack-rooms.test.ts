import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import { whyNoTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { Spot } from "../contracts/platform-subject.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { makeRun } from "../support/make-mention.ts";

let slack: FakeSlack;
let bench: PlatformBench;
let rules = { plainReplies: true, allowGuests: false };

beforeEach(async () => {
  slack = await startFakeSlack();
  bench = createPlatformBench(createSlack, slack.connections, {
    roomRules: () => rules,
    runsOf: async () => bench.heard.slice(0, 1).map(({ place }) => makeRun(undefined, { place })),
  });
});
afterEach(async () => {
  expect(slack.requests.violations).toEqual([]);
  await slack.close();
});

const hear = async () => {
  const before = bench.heard.length;
  for (const sent of slack.deliveries()) expect((await bench.receive(sent)).status).toBe(200);
  return bench.heard.slice(before);
};
/** A thread that the writer opened with an ask, and we answered. */
const begin = async (): Promise<Spot> => {
  const spot = await slack.open(slack.people.writer, "thread", { title: "@openhands go", text: "" });
  const [mention] = await hear();
  if (mention === undefined) throw new Error("nothing was heard");
  await bench.platform.post(mention.place, makeMessage("r1.abc"), { reply: mention.reply });
  await hear();
  return spot;
};

it("somebody whose account was deactivated meanwhile may not ask", async () => {
  rules = { plainReplies: true, allowGuests: true };
  await begin();
  const [mention] = bench.heard;
  if (mention === undefined) throw new Error("nothing was heard");
  expect(await bench.platform.mayAsk(mention.author, mention.place)).toEqual({ may: true });
  const { writer } = slack.people;
  slack.state.users.set(writer.id, { ...writer, displayName: writer.name, gone: true });
  expect(await bench.platform.mayAsk(mention.author, mention.place)).toMatchObject({
    may: false,
    why: "This Slack account is deactivated.",
  });
});

describe("a workspace's rules for its rooms", () => {
  it.each([
    [false, "not asked"],
    [true, "asked"],
  ] as const)("plain replies %s: what the asker says without our name is %s", async (plainReplies, what) => {
    rules = { plainReplies, allowGuests: false };
    const spot = await begin();
    await slack.comment(slack.people.writer, spot, "now in blue");
    const reply = (await hear()).find(({ text }) => text.includes("now in blue"));
    const isAsked = reply !== undefined && whyNoTrigger(reply, ["@openhands"]) === undefined;
    expect(isAsked ? "asked" : "not asked").toBe(what);
  });

  it.each([
    [false, "may not ask, and hear who can allow it"],
    [true, "may ask"],
  ] as const)("guests %s: guests and people of other companies %s", async (allowGuests, _what) => {
    rules = { plainReplies: true, allowGuests };
    const spot = await begin();
    for (const person of [slack.people.reader, slack.people.stranger]) {
      await slack.comment(person, spot, "@openhands me too");
      const mention = (await hear()).find(({ author }) => author.id === person.id);
      if (mention === undefined) throw new Error(`${person.name} was not heard`);
      const answer = await bench.platform.mayAsk(mention.author, mention.place);
      if (allowGuests) expect(answer).toEqual({ may: true });
      else expect(answer).toMatchObject({ may: false, cure: expect.stringContaining("maintainer") });
    }
  });
});
