import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clip, clipLine, openFence } from "./clip.ts";

const pieces = [
  "👩‍💻",
  "e\u0301",
  "😀",
  "```",
  "```ts\n",
  "~~~~\n",
  "\n",
  "word ",
  "- ```\n",
  "    ```\n",
  "\ud83d",
  "日本",
  "🇩🇪",
];
const markdown = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "grapheme", maxLength: 6 })), {
    maxLength: 60,
  })
  .map((parts) => parts.join(""));

describe("clip", () => {
  it("leaves a text that fits as it is", () => {
    expect(clip("short", 5)).toBe("short");
  });

  it("says how much it left out", () => {
    const clipped = clip("a".repeat(500), 100);
    const kept = /^a+/.exec(clipped)?.[0].length ?? 0;
    expect(clipped).toBe(`${"a".repeat(kept)}… (${500 - kept} characters left out)`);
    expect(kept).toBeGreaterThan(50);
  });

  it("closes the fence that it cuts through", () => {
    const clipped = clip(`words\n\n\`\`\`\`ts\n${"code\n".repeat(100)}\`\`\`\`\n\nmore`, 200);
    expect(clipped).toMatch(/^words\n\n````ts\n(?:code\n)+````\n\n… \(\d+ characters left out\)$/);
  });

  it("is never longer than the limit, cuts no character in two, and leaves no fence open", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 0, max: 400 }), (text, limit) => {
        const clipped = clip(text, limit);
        expect(clipped.length).toBeLessThanOrEqual(Math.min(limit, text.length));
        if (text.isWellFormed()) expect(clipped.isWellFormed()).toBe(true);
        if (text.length > limit && clipped.includes("characters left out)"))
          expect(openFence(clipped)).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  it("leaves no half of a code span or of an address", () => {
    const text = `${"words ".repeat(10)}\`https://evil.test/a/b\` and https://git.example.com/a/b ${"more ".repeat(40)}`;
    for (let limit = 60; limit < 160; limit += 1) {
      const clipped = clip(text, limit);
      expect(clipped.split("`").length % 2, clipped).toBe(1);
      expect(clipped).not.toMatch(/git\.example\.com(?!\/a\/b )/);
    }
  });

  it("keeps joined emoji and combined letters whole", () => {
    for (let limit = 60; limit < 90; limit += 1) {
      const clipped = clip("👩‍💻".repeat(40), limit);
      expect(clipped).toMatch(/^(?:👩‍💻)+… \(\d+ characters left out\)$/u);
    }
  });

  it("finds a place to cut in one endless character", () => {
    const clipped = clip(`a${"\u0301".repeat(100_000)}`, 1000);
    expect(clipped.length).toBeLessThanOrEqual(1000);
  });
});

describe("clipLine", () => {
  it("makes one line of a text and cuts it", () => {
    expect(clipLine("  a\n b\t c ", 10)).toBe("a b c");
    expect(clipLine("abcdef", 4)).toBe("abc…");
    fc.assert(
      fc.property(markdown, fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const line = clipLine(text, limit);
        expect(line.length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
