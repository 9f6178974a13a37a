import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadKeys, newKey } from "./keys.ts";

const newFolder = (): string => mkdtempSync(join(tmpdir(), "keys-"));
const text = (): string => Buffer.from(newKey().bytes).toString("base64");
const source = (dataDir: string, more: { secretKey?: string; secretKeyFile?: string } = {}) => ({
  dataDir,
  secretKey: undefined,
  secretKeyFile: undefined,
  ...more,
});

describe("loadKeys", () => {
  it("makes a key file of mode 600 at the first start and reads the same key at the next", () => {
    const folder = newFolder();
    const first = loadKeys(source(folder));
    expect(statSync(join(folder, "secret.key")).mode & 0o777).toBe(0o600);
    expect(loadKeys(source(folder)).active.id).toBe(first.active.id);
  });

  it.each([0o640, 0o604, 0o660, 0o644])("refuses a key file of mode %o", (mode) => {
    const folder = newFolder();
    loadKeys(source(folder));
    chmodSync(join(folder, "secret.key"), mode);
    expect(() => loadKeys(source(folder))).toThrow(/can be read by others. Run `chmod 600 /);
  });

  it.each([
    ["short", Buffer.alloc(31, 7).toString("base64")],
    ["long", Buffer.from(Array.from({ length: 33 }, (_, index) => index)).toString("base64")],
    ["all zeros", Buffer.alloc(32).toString("base64")],
    ["words", "correct horse battery staple correct horse"],
    ["a repeated byte in hex", "ab".repeat(32)],
    [
      "a repeated pattern",
      Buffer.from("0123456701234567012345670123456701234567".slice(0, 32)).toString("base64"),
    ],
  ])("refuses a key that is %s", (_what, secretKey) => {
    expect(() => loadKeys(source(newFolder(), { secretKey }))).toThrow(
      /^SECRET_KEY is (not a key of 32 bytes|an example)/,
    );
  });

  it("reads base64 and hex, several keys, and makes the first the active one", () => {
    const [one, two] = [newKey(), newKey()];
    const keys = loadKeys(
      source(newFolder(), {
        secretKey: `${Buffer.from(one.bytes).toString("hex")}, ${Buffer.from(two.bytes).toString("base64url")}`,
      }),
    );
    expect(keys.active.id).toBe(one.id);
    expect(keys.all.map((key) => key.id)).toEqual([one.id, two.id]);
  });

  it("says which of several keys is wrong, and refuses one key twice", () => {
    const good = text();
    expect(() => loadKeys(source(newFolder(), { secretKey: `${good},nonsense` }))).toThrow(
      "Key 2 of SECRET_KEY is not a key of 32 bytes",
    );
    expect(() => loadKeys(source(newFolder(), { secretKey: `${good},${good}` }))).toThrow(
      "the same key twice",
    );
  });

  it("never makes a new key for a data folder that already has data", () => {
    const folder = newFolder();
    writeFileSync(join(folder, "directory.json"), "{}");
    expect(() => loadKeys(source(folder))).toThrow("Restore the key file, or set SECRET_KEY.");
  });

  it("does not make a key file that SECRET_KEY_FILE names and nobody made", () => {
    expect(() => loadKeys(source(newFolder(), { secretKeyFile: "/nonexistent/key" }))).toThrow(
      "SECRET_KEY_FILE names /nonexistent/key, which does not exist.",
    );
  });

  it("never shows a key in a sentence", () => {
    const folder = newFolder();
    const key = text();
    writeFileSync(join(folder, "secret.key"), `${key}\n${key}\n`, { mode: 0o600 });
    expect(() => loadKeys(source(folder))).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(key) }),
    );
    expect(readFileSync(join(folder, "secret.key"), "utf8")).toContain(key);
  });
});
