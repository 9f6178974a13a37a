import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { explainPayload } from "@ask-openhands/bot/cli/explain-payload.ts";
import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import { explainSettings, toWorkspaceSettings } from "@ask-openhands/bot/settings/workspace-values.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { sharedPath } from "../fakes/shared-dir.ts";

const settings = toWorkspaceSettings(explainSettings({}, {}));
const text = z.string().min(1);

/** What `explain --json` promises, and nothing else. */
const explanationSchema = z
  .strictObject({
    heard: z.enum(["mention", "ignored", "handshake"]),
    why: text,
    trigger: z.enum(["ask", "command", "none"]),
    command: text.nullable(),
    place: z
      .strictObject({
        platform: text,
        host: text,
        key: text,
        url: z.url({ protocol: /^https?$/ }),
        repository: text.nullable(),
      })
      .nullable(),
    author: z.strictObject({ id: text, name: text, kind: z.enum(["person", "bot", "self"]) }).nullable(),
    text: z.string().nullable(),
    key: text.nullable(),
  })
  .refine(({ heard, place, author, key }) =>
    [place, author, key].every((one) => (one !== null) === (heard === "mention")),
  )
  .refine(({ heard, trigger }) => trigger === "none" || heard === "mention")
  .refine(({ trigger, command }) => (trigger === "command") === (command !== null));

const indexSchema = z.array(z.object({ file: text, event: text }));

/** How many recordings of a platform there are at least: a folder that became empty must not pass. */
const least = 15;

describe.each(platforms.map(({ id }) => id))("explain on the recorded deliveries of %s", (platform) => {
  const folder = sharedPath("contracts", platform, "open");
  const entries = folder
    ? indexSchema.parse(JSON.parse(readFileSync(join(folder, "index.json"), "utf8")))
    : [];

  it.skipIf(folder === undefined)("reads every file of the folder (needs SHARED_DIR)", () => {
    const files = readdirSync(folder ?? "").filter((name) => name !== "index.json");
    expect(entries.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
    expect(entries.length).toBeGreaterThan(least);
  });

  it.each(entries)(
    "$file is told in the promised form, with the event's name and without",
    ({ file, event }) => {
      const saved = { platform, name: file, text: readFileSync(join(folder ?? "", file), "utf8") };
      const named = explanationSchema.parse(explainPayload({ ...saved, event }, settings));
      const guessed = explanationSchema.parse(explainPayload(saved, settings));
      expect(guessed.heard).toBe(named.heard);
      if (guessed.heard === "mention") expect(guessed).toEqual(named);
      if (named.place) expect(named.place.key.startsWith(`${platform}:${named.place.host}:`)).toBe(true);
      if (named.place) expect(named.place.platform).toBe(platform);
    },
  );
});
