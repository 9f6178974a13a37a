import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mayCall } from "@ask-openhands/bot/intake/may-call.ts";
import type { Ear } from "@ask-openhands/bot/platforms/github/envelope.ts";
import { hear, mayConcern } from "@ask-openhands/bot/platforms/github/hear.ts";
import { namesFor } from "@ask-openhands/bot/platforms/github/names.ts";
import { whyNoTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import { handleSpans } from "@ask-openhands/core/trigger/handle-spans.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sharedPath } from "../fakes/shared-dir.ts";

const folder = sharedPath("contracts", "github", "open");
const entries = folder
  ? z
      .array(z.object({ file: z.string(), event: z.string() }))
      .parse(JSON.parse(readFileSync(join(folder, "index.json"), "utf8")))
  : [];

const handles = ["@openhands"];
const logins = ["Codertocat"];
const own = { known: [{ id: "-1", login: "Codertocat", shared: false }], complete: true };
const connections = { list: () => [{ id: "one" }] };

const isSilent = (event: string, bytes: Uint8Array): boolean => {
  const names = namesFor(bytes, { logins: () => logins }, {
    connections,
    handles: () => handles,
  } as unknown as Parameters<typeof namesFor>[2]);
  return mayConcern(event) && names !== undefined && !mayCall(bytes, names);
};

/** Whether the whole path, which parses everything, hears an ask. */
const asks = (event: string, bytes: Uint8Array): boolean => {
  const body: unknown = JSON.parse(Buffer.from(bytes).toString());
  const ear: Ear = {
    labels: ["openhands"],
    mentions: (text) => handleSpans(text, handles).length > 0,
    own: () => own,
    handle: "@openhands",
  };
  const heard = hear(event, body, ear);
  return heard.heard === "mention" && whyNoTrigger(heard.mention, handles) === undefined;
};

/** The payload as GitHub sends it: compact, the action first. */
const compact = (payload: Readonly<Record<string, unknown>>): string => {
  const { action, ...rest } = payload;
  return JSON.stringify(action === undefined ? rest : { action, ...rest });
};

describe.skipIf(folder === undefined)("GitHub's deliveries that are not even parsed", () => {
  it("are recorded ones in which the whole path hears no ask, with whatever words", () => {
    let silent = 0;
    let heard = 0;
    for (const { file, event } of entries) {
      const text = compact(JSON.parse(readFileSync(join(folder ?? "", file), "utf8")));
      const words = [
        "@openhands fix it",
        "@OpenHands",
        "@codertocat please",
        "mail@openhands.test",
        "nothing",
      ];
      // Everything that people wrote in it says these words instead.
      const told = words.map((one) =>
        text.replace(/"body":"(?:[^"\\]|\\.)*"/g, `"body":${JSON.stringify(one)}`),
      );
      for (const one of [text, ...told]) {
        const bytes = Buffer.from(one);
        const isAsk = asks(event, bytes);
        const skipped = isSilent(event, bytes);
        expect(isAsk && skipped, file).toBe(false);
        if (isAsk) heard += 1;
        if (skipped) silent += 1;
      }
    }
    expect(heard).toBeGreaterThan(50);
    expect(silent).toBeGreaterThan(20);
  });

  it("never are edits, deletions, labels or assignments, nor any while our own login is unknown", () => {
    const at = (action: string): Uint8Array =>
      Buffer.from(`{"action":"${action}","comment":{"body":"none"}}`);
    for (const action of ["edited", "deleted", "labeled", "assigned"])
      expect(isSilent("issue_comment", at(action))).toBe(false);
    expect(isSilent("issue_comment", at("created"))).toBe(true);
    expect(namesFor(at("created"), { logins: () => undefined }, {} as never)).toBeUndefined();
  });
});
