import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OwnAccount } from "@ask-openhands/bot/platforms/bitbucket-account.ts";
import { hear as hearCloud } from "@ask-openhands/bot/platforms/bitbucket-cloud/hear.ts";
import { hear as hearDc } from "@ask-openhands/bot/platforms/bitbucket-dc/hear.ts";
import type { BitbucketEar } from "@ask-openhands/bot/platforms/bitbucket-place.ts";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const folderOf = (id: string): string => fileURLToPath(new URL(`../fixtures/${id}`, import.meta.url));
const read = (...parts: readonly string[]): unknown => JSON.parse(readFileSync(join(...parts), "utf8"));

const eventOf = (folder: string): string | undefined => {
  const file = join(folder, "headers.json");
  return existsSync(file) ? z.record(z.string(), z.string()).parse(read(file))["X-Event-Key"] : undefined;
};

const earFor = (account: Omit<OwnAccount, "host" | "shared">, host?: string): BitbucketEar => ({
  ...(host === undefined ? {} : { host }),
  connection: "connection-1",
  handle: "@openhands",
  own: (where) => ({ known: [{ ...account, host: where, shared: false }], complete: true }),
});

const ours = "712020:ffff0000-1111-4222-8333-444455556666";
const cloudEar = earFor({ id: "{11111111-0000-4000-8000-000000000090}", calledBy: [`@{${ours}}`] });
const dcEar = earFor({ id: "190", calledBy: ["@oh-bot", '@"oh-bot"'] }, "git.elsewhere.example");

describe.each([
  ["bitbucket-cloud", hearCloud, cloudEar],
  ["bitbucket-dc", hearDc, dcEar],
] as const)("what %s delivers", (id, hear, ear) => {
  it.each(readdirSync(folderOf(id)))("%s", (name) => {
    const folder = join(folderOf(id), name);
    expect(hear(eventOf(folder), read(folder, "payload.json"), ear)).toEqual(read(folder, "expected.json"));
  });
});
