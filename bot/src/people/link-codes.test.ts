import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { describe, expect, it } from "vitest";
import type { Intake } from "../intake.ts";
import { createLinkCodes } from "./link-codes.ts";
import type { OneTime } from "./one-time.ts";
import type { OneTimeRecord } from "./records.ts";

const mention = (text: string, changes: Partial<Mention> = {}): Heard => ({
  heard: "mention",
  mention: {
    key: "forge:forge.test:comment:1",
    place: {
      platform: "forge",
      host: "forge.test",
      key: "forge:forge.test:issue:1",
      kind: "issue",
      url: "https://forge.test/1",
      label: "#1",
      address: {},
    },
    author: { platform: "forge", host: "forge.test", id: "7", name: "victim", kind: "person" },
    way: "comment",
    text,
    at: "2026-03-01T12:00:00.000Z",
    change: "new",
    reply: {},
    ...changes,
  },
});

const setUp = async () => {
  const kept = new Map<string, OneTimeRecord>();
  const oneTime: Pick<OneTime, "keep" | "find" | "take"> = {
    keep: async (purpose, token, data) => {
      kept.set(token, { purpose, data, expiresAt: "" });
    },
    find: (_purpose, token) => kept.get(token),
    take: async (_purpose, token) => {
      const found = kept.get(token);
      kept.delete(token);
      return found;
    },
  };
  const linked: string[] = [];
  const codes = createLinkCodes(oneTime, {
    add: async (account, person) => {
      linked.push(`${account.name} is ${person}`);
      return "";
    },
  });
  const passed: Heard[] = [];
  const intake: Intake = codes.listen({
    accept: async (heard) => {
      passed.push(heard);
      return { accepted: "ignored", why: "" };
    },
  });
  return { code: await codes.make("mallory", "forge", "forge.test"), intake, linked, passed };
};

describe("a code written as a comment", () => {
  it.each([(code: string) => code, (code: string) => `@openhands ${code}\n`])(
    "links the account of its author, once, and asks nothing however often it is told",
    async (write) => {
      const { code, intake, linked, passed } = await setUp();
      await intake.accept(mention(write(code)));
      await intake.accept(mention(write(code)));
      expect(linked).toEqual(["victim is mallory"]);
      expect(passed).toEqual([]);
    },
  );

  it.each([
    (code: string) => `> @openhands ${code}\n\nWhat is this?`,
    (code: string) => `What does ${code} mean?`,
    (code: string) => `<!-- ${code} -->`,
    (code: string) => `\`${code}\``,
  ])("links nobody who only quotes it", async (write) => {
    const { code, intake, linked, passed } = await setUp();
    await intake.accept(mention(write(code)));
    expect(linked).toEqual([]);
    expect(passed).toHaveLength(1);
  });

  it("links nobody by an edit, which may be somebody else's", async () => {
    const { code, intake, linked } = await setUp();
    await intake.accept(mention(code, { change: "edited" }));
    expect(linked).toEqual([]);
  });
});
