import { Failure } from "@ask-openhands/core/failure.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { describe, expect, it } from "vitest";
import type { Intake } from "../intake.ts";
import { createLinkCodes } from "./link-codes.ts";
import type { OneTime } from "./one-time.ts";
import type { OneTimeRecord, Owner } from "./records.ts";

const mention = (text: string, changes: Partial<Mention> = {}, connection = "known"): Heard => ({
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
      connection,
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

const owners: Readonly<Record<string, Owner>> = {
  known: { kind: "workspace", id: "hers" },
  foreign: { kind: "workspace", id: "theirs" },
  own: { kind: "person", id: "mallory" },
};

const setUp = async ({ taken = false } = {}) => {
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
  const codes = createLinkCodes({
    oneTime,
    ownerOf: (id) => owners[id],
    isMemberOf: (workspace, person) => workspace === "hers" && person === "mallory",
    links: {
      add: async (account, person) => {
        linked.push(`${account.name} is ${person}`);
        return "";
      },
      requireFree: () => {
        if (taken) throw new Failure("not-allowed", "It is linked to another person here.");
      },
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

  it.each(["foreign", "own", "gone"])(
    "links nobody by a delivery of a connection that is not of a workspace of theirs: %s",
    async (connection) => {
      const { code, intake, linked, passed } = await setUp();
      const accepted = await intake.accept(mention(code, {}, connection));
      expect(accepted).toMatchObject({ accepted: "ignored", why: expect.stringContaining("workspace") });
      expect({ linked, passed }).toEqual({ linked: [], passed: [] });
      // It is not used up either.
      await intake.accept(mention(code));
      expect(linked).toEqual(["victim is mallory"]);
    },
  );

  it("takes no account from the person who has it, and says so", async () => {
    const { code, intake, linked } = await setUp({ taken: true });
    const why = "It is linked to another person here.";
    expect(await intake.accept(mention(code))).toEqual({ accepted: "ignored", why });
    expect(linked).toEqual([]);
  });

  it("links nobody by an edit, which may be somebody else's", async () => {
    const { code, intake, linked } = await setUp();
    await intake.accept(mention(code, { change: "edited" }));
    expect(linked).toEqual([]);
  });
});
