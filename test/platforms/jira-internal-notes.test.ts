import { createJiraCloud } from "@ask-openhands/bot/platforms/jira-cloud/index.ts";
import { createJiraDc } from "@ask-openhands/bot/platforms/jira-dc/index.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { Spot } from "../contracts/platform-subject.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type FakeJira, startFakeJira } from "../fakes/jira/start.ts";

/** How service management marks a comment, and whether customers see it. */
const marks = {
  internal: [["sd.public.comment", { internal: true }]],
  "internal, in words": [["sd.public.comment", { internal: "true" }]],
  "not allowed": [["sd.allow.public.comment", { allow: false }]],
  public: [["sd.public.comment", { internal: false }]],
  "by a customer": [["sd.allow.public.comment", { allow: true }]],
  unmarked: [],
} as const satisfies Record<string, readonly (readonly [string, unknown])[]>;
type Mark = keyof typeof marks;

let jira: FakeJira;
let bench: PlatformBench;
let ticket: Spot;

afterEach(async () => {
  expect(jira.requests.violations).toEqual([]);
  await jira.close();
});

const begin = async (flavour: "cloud" | "dc", serviceDesk = true): Promise<void> => {
  jira = await startFakeJira(flavour, { serviceDesk });
  bench = createPlatformBench(flavour === "cloud" ? createJiraCloud : createJiraDc, jira.connections);
  ticket = await jira.open(jira.people.writer, "ticket", { title: "I cannot pay", text: "Help me." });
};

/** Said before its delivery is sent, so that the delivery tells of it what Jira's own would. */
const say = async (text: string, mark: Mark): Promise<void> => {
  const said = await jira.comment(jira.people.writer, ticket, text);
  const comment = jira.ticket(ticket).comments.find(({ id }) => id === said.id);
  for (const [key, value] of marks[mark]) comment?.properties.set(key, value);
  await jira.editComment?.(jira.people.writer, said, text);
};

const ask = async (mark: Mark): Promise<Mention> => {
  await say("@openhands find the cause", mark);
  for (const sent of jira.deliveries()) await bench.receive(sent);
  const mention = bench.heard.findLast(({ text }) => text.includes("find the cause"));
  if (mention === undefined) throw new Error("not heard");
  return mention;
};

const told = async (mention: Mention): Promise<readonly string[]> =>
  (await bench.platform.thread(mention)).entries.map(({ text }) => text.trim());

const answered = async ({ place, reply }: Mention) => {
  const posted = await bench.platform.post(place, makeMessage("r1.abc"), { reply });
  await bench.platform.editPost(place, posted, makeMessage("r1.abc", "Done."));
  const comment = jira.ticket(ticket).comments.find(({ id }) => id === posted.id);
  expect(await bench.platform.findPost(place, "r1.abc", { reply })).toEqual(posted);
  return comment?.properties.get("sd.public.comment");
};

const internal = { internal: true };

describe("a service project of Jira Data Center", () => {
  beforeEach(() => begin("dc"));

  it.each(["internal", "internal, in words", "not allowed", "unmarked"] as const)(
    "an ask by a comment that is %s is answered by an internal note, in a conversation of its own",
    async (mark) => {
      await say("The customer is in arrears.", "internal");
      const mention = await ask(mark);
      expect(mention.place).toMatchObject({ confidential: true, address: { key: "SHOP-1" } });
      expect(mention.place.key).toMatch(/:ticket:\d+:internal$/);
      expect(jira.requestsWith(`/comment/${mention.reply["comment"]}`)).toBeGreaterThan(0);
      expect(mention.url).toBe(`${ticket.url}?focusedCommentId=${mention.reply["comment"]}`);
      expect(await told(mention)).toEqual(["The customer is in arrears."]);
      expect(await answered(mention)).toEqual(internal);
    },
  );

  it.each(["public", "by a customer"] as const)(
    "an ask by a comment that is %s is told of no internal note, and is answered openly",
    async (mark) => {
      await say("The customer is in arrears.", "internal");
      await say("Nobody marked this.", "unmarked");
      await say("It says 402.", "public");
      const mention = await ask(mark);
      expect(mention.place.confidential).toBeUndefined();
      expect(mention.place.key).toMatch(/:ticket:\d+$/);
      expect(await told(mention)).toEqual(["It says 402."]);
      expect(await answered(mention)).toBeUndefined();
    },
  );

  it("a label asks openly, and is told of no internal note", async () => {
    await say("The customer is in arrears.", "internal");
    await jira.setLabels?.(jira.people.writer, ticket, ["openhands"]);
    for (const sent of jira.deliveries()) await bench.receive(sent);
    const mention = bench.heard.find(({ way }) => way === "label");
    if (mention === undefined) throw new Error("not heard");
    expect(await told(mention)).toEqual([]);
    expect(await answered(mention)).toBeUndefined();
  });

  it("an open ask has the files that customers can have seen, an internal one all", async () => {
    const { writer, reader } = jira.people;
    const file = (name: string, by: typeof writer) => ({ name, by: { ...by, displayName: by.name } });
    const names = async (mention: Mention): Promise<readonly (readonly string[])[]> => {
      const { attachments = [] } = await bench.platform.thread(mention);
      const said = { ...mention, text: "see bill.txt, note.txt, debts.txt" };
      return [attachments, (await bench.platform.attachmentsOf?.(said)) ?? []].map((files) =>
        files.map(({ name }) => name),
      );
    };
    jira.ticket(ticket).files = [
      file("bill.txt", writer),
      file("note.txt", writer),
      file("debts.txt", reader),
    ];
    await say("[^note.txt] is how it stands.", "internal");
    const open = await ask("public");
    expect(await names(open)).toEqual([["bill.txt"], ["bill.txt"]]);
    const all = ["bill.txt", "note.txt", "debts.txt"];
    expect(await names({ ...open, reply: { ...open.reply, internal: "true" } })).toEqual([all, all]);
  });

  it("an ask of which the server tells nothing is answered by an internal note", async () => {
    jira.fail({ status: 403, method: "GET", times: Number.POSITIVE_INFINITY });
    const mention = await ask("public");
    jira.recover();
    expect(mention.place.confidential).toBe(true);
    expect(await answered(mention)).toEqual(internal);
  });

  it("an ask that no delivery told of is as internal as one that was delivered", async () => {
    const since = Date.now() - 1_000;
    await say("@openhands look", "internal");
    await say("@openhands find it", "public");
    const missed = await bench.missed(since);
    const audience = (text: string) => missed.find((one) => one.text.includes(text))?.reply["internal"];
    expect([audience("look"), audience("find it")]).toEqual(["true", "false"]);
  });

  it("an ask that was stored before its audience was known is answered by an internal note", async () => {
    const { internal: _, ...reply } = (await ask("public")).reply;
    expect(await answered({ ...(await ask("public")), reply })).toEqual(internal);
  });
});

describe("where there are no customers", () => {
  it("nothing is internal on Data Center, and no comment is read back for it", async () => {
    await begin("dc", false);
    await say("It says 402.", "unmarked");
    const mention = await ask("unmarked");
    expect(mention.place.confidential).toBeUndefined();
    expect(jira.requestsWith(`/comment/${mention.reply["comment"]}`)).toBe(0);
    expect(await told(mention)).toEqual(["It says 402."]);
    expect(await answered(mention)).toBeUndefined();
  });
});

describe("a service project of Jira Cloud", () => {
  it.each([
    ["internal", true],
    ["public", undefined],
  ] as const)("an ask by a comment that is %s is answered to whoever sees it", async (mark, confidential) => {
    await begin("cloud");
    await say("The customer is in arrears.", "internal");
    await say("It says 402.", "public");
    const mention = await ask(mark);
    expect(mention.place.confidential).toBe(confidential);
    expect(await told(mention)).toEqual([
      ...(confidential ? ["The customer is in arrears."] : []),
      "It says 402.",
    ]);
    expect(await answered(mention)).toEqual(confidential ? internal : undefined);
  });
});
