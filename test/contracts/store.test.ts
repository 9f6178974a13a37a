import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type StoreSubject, storeContract } from "./store.ts";

const stores = join(import.meta.dirname, "../../bot/src/store");
const subjects = join(import.meta.dirname, "subjects");

/** Files that make a store, found by what they export; a new one without a subject fails here. */
const names = (
  await Promise.all(
    (
      await readdir(stores)
    )
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map(async (file) => [file.replace(/\.ts$/, ""), await readFile(join(stores, file), "utf8")] as const),
  )
)
  .filter(([, source]) => /export const create\w+Store\b/.test(source))
  .map(([name]) => name);

describe("stores on disk", () => {
  it("are found", () => expect(names).toContain("sqlite"));
});

for (const name of names) {
  const { subject } = (await import(join(subjects, `${name}-store.ts`))) as {
    readonly subject: StoreSubject;
  };
  const unavailable = await subject.unavailable?.();
  if (unavailable === undefined) storeContract(subject);
  else describe.skip(`store ${name}: ${unavailable}`, () => it("was not run", () => undefined));
}
