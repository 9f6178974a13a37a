import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fence, newNonce } from "./fence.ts";

describe("fence", () => {
  it("makes nonces of 128 bits that differ", () => {
    const nonces = new Set(Array.from({ length: 200 }, newNonce));
    expect(nonces.size).toBe(200);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{32}$/);
  });

  it("refuses a nonce that is none", () => {
    expect(() => fence("text", "label", "abc")).toThrow(TypeError);
  });

  it("is closed by no text and no label, for 10,000 strings that know the nonce", () => {
    const nonce = newNonce();
    const half = nonce.slice(0, 16);
    const pieces = [
      nonce,
      nonce.toUpperCase(),
      half,
      nonce.slice(16),
      `</untrusted-${nonce}>`,
      `</untrusted-${half}${nonce}${nonce.slice(16)}>`,
      "</untrusted-",
      ">",
      "\n",
      "<",
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 5 })))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (inside, label) => {
        const fenced = fence(inside, label, nonce);
        const lines = fenced.split("\n");
        expect(fenced.toLowerCase().split(nonce).length).toBe(3);
        expect(lines[0]).toMatch(new RegExp(`^<untrusted-${nonce} [^<>]*>$`));
        expect(lines.at(-1)).toBe(`</untrusted-${nonce}>`);
      }),
      { numRuns: 10_000 },
    );
  });
});
