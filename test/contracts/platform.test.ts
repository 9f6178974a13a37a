import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { platforms } from "@ask-openhands/bot/platforms/index.ts";
import { describe, expect, it } from "vitest";
import { platformContract } from "./platform.ts";
import type { PlatformSubject } from "./platform-subject.ts";

const folder = fileURLToPath(new URL("../../bot/src/platforms", import.meta.url));
const folders = readdirSync(folder, { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => name)
  .toSorted();
const fileOf = (id: string): URL => new URL(`./subjects/${id}.ts`, import.meta.url);

describe("the registry of platforms", () => {
  it("names every folder that there is, and nothing else", () => {
    expect(platforms.map(({ id }) => id).toSorted()).toEqual(folders);
  });

  it.each(folders)("%s has a subject for the contract", (id) => {
    expect(existsSync(fileOf(id))).toBe(true);
  });
});

// `PLATFORM=github` runs one of them alone.
const wanted = folders.filter((id) => existsSync(fileOf(id)) && (process.env["PLATFORM"] ?? id) === id);
for (const id of wanted) {
  const { subject } = (await import(fileOf(id).href)) as { readonly subject: PlatformSubject };
  platformContract(subject);
}
