import fc from "fast-check";
import { expect, it } from "vitest";
import { createNeedleSieve } from "./needle-sieve.ts";

const needle = fc.string({ unit: "grapheme", minLength: 6, maxLength: 40 });

it("never misses a needle, wherever it stands", () => {
  fc.assert(
    fc.property(
      fc.array(needle, { minLength: 1, maxLength: 50 }),
      fc.nat(),
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "grapheme" }),
      (needles, which, before, after) => {
        const sieve = createNeedleSieve(needles);
        expect(sieve.mayHold(`${before}${needles[which % needles.length]}${after}`)).toBe(true);
      },
    ),
  );
});

it("sees letters and digits through what stands between them, and hexadecimal in capitals", () => {
  const sieve = createNeedleSieve(["Abc123xyz", "0a1b2c3d4e"]);
  expect(sieve.mayHold("see: A-b c\n1\u200b23..x y z")).toBe(true);
  expect(sieve.mayHold("0A:1B:2C:3D:4E")).toBe(true);
  expect(sieve.mayHold("Abc12")).toBe(false);
});

it.each([1_000, 20_000])("lets through what holds none: also beside %i needles", (length) => {
  const needles = Array.from({ length }, (_, at) => `secret-${at}-${(at * 7_919).toString(36)}-tail`);
  const sieve = createNeedleSieve(needles.map((one) => [...one].reverse().join("")));
  const texts = Array.from({ length: 500 }, (_, at) => `github:github.com:acme/shop:${at * 31} was answered`);
  expect(texts.filter((text) => sieve.mayHold(text))).toEqual([]);
});

it("takes no needle that is too short to be seen", () => {
  expect(() => createNeedleSieve(["short"])).toThrow(RangeError);
  expect(createNeedleSieve([]).mayHold("anything")).toBe(false);
});
