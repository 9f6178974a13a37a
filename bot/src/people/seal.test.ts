import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newKey } from "./keys.ts";
import { createSeal, type SealPlace } from "./seal.ts";

const [key, other] = [newKey(), newKey()];
const seal = createSeal({ active: key, all: [key] });
const place: SealPlace = { kind: "connection", tenant: "workspace:main", record: "c1", field: "token" };

describe("createSeal", () => {
  it("opens what it sealed, any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => seal.open(seal.seal(text, place), place) === text),
    );
  });

  it("does not show the value, and names the key", () => {
    const sealed = seal.seal("ghp_0123456789", place);
    expect(sealed).not.toContain("ghp_");
    expect(Buffer.from(sealed.split(".")[3] ?? "", "base64url").toString("latin1")).not.toContain("ghp_");
    expect(seal.keyOf(sealed)).toBe(key.id);
  });

  it.each([
    ["another record", { record: "c2" }],
    ["another owner", { tenant: "workspace:other" }],
    ["another field", { field: "webhookSecret" }],
    ["another kind", { kind: "secret" }],
    ["parts that only look alike when joined", { record: "c", field: "1token" }],
  ])("opens nothing that was moved to %s", (_what, change) => {
    expect(() => seal.open(seal.seal("value", place), { ...place, ...change })).toThrow(
      "was changed or moved outside the bot",
    );
  });

  it("opens nothing with a single bit flipped", () => {
    const parts = seal.seal("some value", place).split(".");
    for (const index of [2, 3]) {
      const bytes = Buffer.from(parts[index] ?? "", "base64url");
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const sealed = parts.with(index, changed.toString("base64url")).join(".");
        expect(() => seal.open(sealed, place)).toThrow();
      }
    }
  });

  it("opens nothing with the tag cut short", () => {
    const parts = seal.seal("some value", place).split(".");
    const body = Buffer.from(parts[3] ?? "", "base64url");
    for (const length of [0, 4, 12, body.length - 1]) {
      expect(() =>
        seal.open(parts.with(3, body.subarray(0, length).toString("base64url")).join("."), place),
      ).toThrow();
    }
  });

  it("says which key is missing, and does not open under another key's name", () => {
    const sealed = createSeal({ active: other, all: [other] }).seal("value", place);
    expect(() => seal.open(sealed, place)).toThrow(`sealed with key ${other.id}, which is not among`);
    expect(() => seal.open(sealed.replace(other.id, key.id), place)).toThrow("was changed or moved");
  });

  it("opens with an older key and seals with the newest", () => {
    const both = createSeal({ active: other, all: [other, key] });
    const old = seal.seal("value", place);
    expect(both.open(old, place)).toBe("value");
    expect(both.keyOf(both.seal("value", place))).toBe(other.id);
  });

  it("never repeats a nonce in a million seals", { timeout: 60_000 }, () => {
    const nonces = new Set<string>();
    for (let count = 0; count < 1_000_000; count += 1) nonces.add(seal.seal("", place).slice(12, 28));
    expect(nonces.size).toBe(1_000_000);
  });
});
