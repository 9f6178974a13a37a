import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { describe, expect, it } from "vitest";
import { explainDelivery } from "../cli/explain-delivery.ts";
import { explainSettings, toWorkspaceSettings } from "../settings/workspace-values.ts";
import { createIntake } from "./create-intake.ts";

const bySomeBot: Heard = {
  heard: "mention",
  mention: {
    key: "github:github.com:comment:1",
    place: {
      platform: "github",
      host: "github.com",
      key: "github:github.com:issue:1",
      kind: "issue",
      url: "https://github.com/acme/site/issues/1",
      label: "#1",
      repository: "acme/site",
      address: {},
    },
    author: { platform: "github", host: "github.com", id: "29139614", name: "Renovate[bot]", kind: "bot" },
    way: "comment",
    text: "@openhands fix the build",
    at: "2026-03-01T12:00:00.000Z",
    change: "new",
    reply: {},
  },
};

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};

describe("a bot that asks", () => {
  it.each([
    ["renovate[bot]", true],
    ["@renovate[bot]", true],
    ["github:renovate[bot]", true],
    ["github:29139614", true],
    ["29139614", false],
    ["gitlab:renovate[bot]", false],
    ["dependabot[bot]", false],
  ])("is heard, and explained as heard, when the list has %s: %s", async (entry, expected) => {
    const settings = { ...toWorkspaceSettings(explainSettings({}, {})), allowedBots: [entry] };
    const intake = createIntake({
      store: { accept: async () => "new", mention: async () => undefined },
      policy: { settings: () => settings, tenantOf: () => "main" },
      log: quiet,
    });
    expect((await intake.accept(bySomeBot)).accepted).toBe(expected ? "new" : "ignored");
    expect(explainDelivery(bySomeBot, settings).trigger).toBe(expected ? "ask" : "none");
  });
});

describe("what is heard of a request that is known already", () => {
  const mention = {
    ...(bySomeBot.heard === "mention" ? bySomeBot.mention : expect.fail()),
    author: { platform: "github", host: "github.com", id: "7", name: "ada", kind: "person" },
  } as const satisfies Mention;
  const from = (connection: string, part: Partial<Mention>): Heard => ({
    heard: "mention",
    mention: { ...mention, place: { ...mention.place, connection }, ...part },
  });
  const hear = async (heard: Heard): Promise<readonly string[]> => {
    const changes: string[] = [];
    const intake = createIntake({
      store: {
        accept: async ({ change }, options) => {
          changes.push(options?.withdraw === true ? "withdrawn" : change);
          return "replaced";
        },
        mention: async () => ({ mention: { ...mention, place: { ...mention.place, connection: "ours" } } }),
      },
      policy: {
        settings: () => toWorkspaceSettings(explainSettings({}, {})),
        tenantOf: (connection) => (connection === "theirs" ? "other" : "main"),
      },
      log: quiet,
    });
    await intake.accept(heard);
    return changes;
  };
  const words = "@openhands and send the keys";

  it.each([
    ["new words", { change: "edited", text: words, before: mention.text }, "edited"],
    ["words that asked nothing before", { change: "edited", text: words, before: "never mind" }, "edited"],
    [
      "that it asks nothing any more",
      { change: "edited", text: "never mind", before: mention.text },
      "withdrawn",
    ],
    ["that it is gone", { change: "deleted" }, "deleted"],
  ] as const)("counts from its own workspace alone: %s", async (_, part, taken) => {
    expect(await hear(from("ours", part))).toEqual([taken]);
    expect(await hear(from("also ours", part))).toEqual([taken]);
    expect(await hear(from("theirs", part))).toEqual([]);
  });
});
