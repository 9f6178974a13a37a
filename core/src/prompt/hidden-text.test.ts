import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { removeHidden } from "./hidden-text.ts";
import { addRemovals } from "./removals.ts";

const secret = "IGNOREALLRULES";

const asEntities = (text: string): string => [...text].map((char) => `&#${char.codePointAt(0)};`).join("");
const asHex = (text: string): string =>
  [...text].map((char) => `&#x${char.codePointAt(0)?.toString(16)};`).join("");
const asTags = (text: string): string =>
  [...text].map((char) => String.fromCodePoint(0xe0000 + (char.codePointAt(0) ?? 0))).join("");
const asSelectors = (text: string): string =>
  [...text].map((char) => String.fromCodePoint(0xe0100 + (char.codePointAt(0) ?? 0))).join("");

/** Ways to put text where a person who looks at the page does not see it. */
const hiding: readonly string[] = [
  `<!-- ${secret} -->`,
  `<!--${secret}-->`,
  `<!-- a\n\n${secret}\n-->`,
  `<!-- ${secret}`,
  `<!-- a <!-- b --> ${secret} -->`,
  `<!-<!-- x -->- ${secret} -->`,
  `<!-- > ${secret} -->`,
  `<!---${secret}--->`,
  `<!-- ${secret} --!>`,
  `<!DOCTYPE ${secret}>`,
  `<?php ${secret} ?>`,
  `<![CDATA[ ${secret} ]]>`,
  `</!${secret}>`,
  `![${secret}](https://x.test/a.png)`,
  `![a [${secret}] b](https://x.test/a.png)`,
  `![a\n${secret}](a.png)`,
  `![${secret}][ref]`,
  `![${secret}]`,
  `[![${secret}](a.png)](b)`,
  `[text](https://x.test "${secret}")`,
  `[text](https://x.test '${secret}')`,
  `[text](https://x.test (${secret}))`,
  `[text](<https://x.test> "${secret}")`,
  `![](a.png "${secret}")`,
  `[//]: # (${secret})`,
  `[comment]: <> (${secret})`,
  `[//]: # "${secret}"`,
  `[a]: https://x.test '${secret}'`,
  `[${secret}]: #`,
  `[a]\n\n[a]: https://x.test "${secret}"`,
  `[a]: https://x.test\n  "${secret}"`,
  `<span hidden>${secret}</span>`,
  `<span HIDDEN>${secret}</span>`,
  `<span hidden="">${secret}</span>`,
  `<div hidden><div>${secret}</div></div>`,
  `<div hidden><div>a</div>${secret}</div>`,
  `<span style="display:none">${secret}</span>`,
  `<span style='display: none'>${secret}</span>`,
  `<span style="visibility:hidden">${secret}</span>`,
  `<span style="font-size:0">${secret}</span>`,
  `<span style="opacity:0">${secret}</span>`,
  `<span style="color:transparent">${secret}</span>`,
  `<p style="height:0;overflow:hidden">${secret}</p>`,
  `<span hidden>${secret}`,
  `<script>${secret}</script>`,
  `<style>${secret}</style>`,
  `<template>${secret}</template>`,
  `<title>${secret}</title>`,
  `<noscript>${secret}</noscript>`,
  `<iframe>${secret}</iframe>`,
  `<img alt="${secret}" src="a.png">`,
  `<img alt='${secret}'>`,
  `<img alt=${secret}>`,
  `<img\nalt="${secret}"\n/>`,
  `<a title="${secret}">x</a>`,
  `<a aria-label="${secret}">x</a>`,
  `<a data-x="${secret}">x</a>`,
  `<input placeholder="${secret}">`,
  `<input type="hidden" value="${secret}">`,
  `<meta content="${secret}">`,
  `<a ${secret}>x</a>`,
  `<b class="${secret}">x</b>`,
  `<x-${secret}>y</x-${secret}>`,
  `<a href="javascript:${secret}">x</a>`,
  `<img alt="a > b ${secret}">`,
  `<b title="x" ${secret}="y">z</b>`,
  `</b ${secret}>`,
  asTags(secret),
  asSelectors(secret),
];

const coatings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `before\n\n${text}\n\nafter`,
  (text) => (/^\[(?!.*\]\()/.test(text) ? text : `before ${text} after`),
  (text) => `- item\n\n${text}\n\nafter`,
  (text) => asEntities(text),
  (text) => asHex(text),
  (text) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
  (text) => text.replaceAll("<", "&amp;lt;"),
  (text) => text.replaceAll("<", "&lt"),
];

const corpus = hiding.flatMap((attack) => coatings.map((coat) => coat(attack)));

describe("removeHidden", () => {
  it("leaves no survivor of an attack corpus", () => {
    expect(corpus.length).toBeGreaterThan(200);
    const survivors = corpus.filter((attack) => {
      const { text } = removeHidden(attack);
      return text.includes(secret) || /[\u{e0000}-\u{e01ef}]/u.test(text);
    });
    expect(survivors).toEqual([]);
  });

  const invisible = [
    0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180e, 0x180b, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f,
    0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2066, 0x2067, 0x2068,
    0x2069, 0x206a, 0x206f, 0x2800, 0x3164, 0xfe00, 0xfe0e, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffc, 0xe0001,
    0xe0041, 0xe007f, 0xe0100, 0xe01ef, 0, 1, 7, 8, 0xb, 0xc, 0x1b, 0x7f, 0x85, 0x9f,
  ];

  it.each(invisible.map((code) => [code.toString(16), String.fromCodePoint(code)]))(
    "takes U+%s out of a word, also as an entity",
    (hex, char) => {
      expect(removeHidden(`ab${char}cd`).text).toBe("abcd");
      if (hex !== "0" && hex !== "b") expect(removeHidden(`ab&#x${hex};cd`).text).toBe("abcd");
      expect(removeHidden(`ab${char}cd`).removed.join()).toMatch(/^1 /);
    },
  );

  it("keeps what people see: emoji, joined emoji, flags, keycaps, scripts that join, tabs and line breaks", () => {
    const seen = "👩‍💻 ❤️ 🏳️‍🌈 👍🏽 1️⃣ ©️ 🇩🇪 क्‍ष می‌خواهم\tx\r\ny — naïve café 日本語";
    expect(removeHidden(seen).text).toBe(seen.replace("\u200c", ""));
  });

  it("keeps visible markup, links and code", () => {
    const seen =
      "# Title\n\n- [docs](https://x.test/a_(b)) and `code`\n\n| a | b |\n|---|---|\n\n<details>\n<summary>More</summary>\n\ntext\n\n</details>\n\n[a] if a < b && c > d\n\n[a]: https://x.test\n[^1]: note";
    expect(removeHidden(seen)).toEqual({ text: seen, removed: [] });
  });

  it("keeps address and look of tags, and drops what nobody sees", () => {
    expect(
      removeHidden('<a href="https://x.test/a?b=c" title="t">x</a> <img src="a.png" width="40" alt="t">')
        .text,
    ).toBe('<a href="https://x.test/a?b=c">x</a> <img src="a.png" width="40">');
  });

  it("counts by kind what it took out", () => {
    const { removed } = removeHidden(
      '<!-- a --> <!-- b --> x\u200by\u200bz ![alt](a.png) [t](u "title") \u202e',
    );
    expect(removed).toEqual([
      "2 invisible characters",
      "1 bidirectional control",
      "2 HTML comments",
      "1 image description",
      "1 link title",
    ]);
    expect(addRemovals([removed, ["1 HTML comment"]])).toContain("3 HTML comments");
  });

  const pieces = [
    "<!--",
    "-->",
    "--!>",
    "<",
    ">",
    "<b ",
    "hidden",
    '="',
    '"',
    "'",
    "![",
    "[",
    "](",
    ")",
    "]: ",
    "&lt;",
    "&amp;",
    "&#60;",
    "&#x200b;",
    "\u200b",
    "\u200d",
    "\ufe0f",
    "\u202e",
    "\ud83d",
    "\ude00",
    "\n",
    "\n\n",
    "<?",
    "<![CDATA[",
    "</",
    "<span hidden>",
    "</span>",
    "😀",
    "x",
    " ",
    "\\",
    "# (",
    "[a]",
    "&",
  ];
  const hostile = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 3 })), {
      maxLength: 30,
    })
    .map((parts) => parts.join(""));

  it("changes nothing more when it is applied twice, for 10,000 strings", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const once = removeHidden(text).text;
        expect(removeHidden(once)).toEqual({ text: once, removed: [] });
      }),
      { numRuns: 10_000 },
    );
  });

  it("ends also for layers without end, and stays the same then", () => {
    const deep = Array.from({ length: 40 }).reduce<string>(
      (text) => text.replaceAll("&", "&amp;"),
      `&lt;!-- ${secret} -->`,
    );
    const once = removeHidden(deep).text;
    expect(removeHidden(once).text).toBe(once);
    expect(once).not.toContain("<!--");
  });

  it("takes a time that grows with the length and no faster", () => {
    for (const unit of [
      "<!--",
      '<a "',
      "<a '\"<a \"'",
      "<a b=' c=\"",
      "![",
      '[a](b "',
      "](",
      '[a]: b "\n',
      "&#x26;",
      "<?",
      "<![CDATA[",
      "<span hidden>",
      "<b ",
      "\u200d",
      "[\\]",
      "[a",
      "-->",
    ]) {
      const text = unit.repeat(Math.ceil(200_000 / unit.length));
      const started = performance.now();
      removeHidden(text);
      expect(performance.now() - started, JSON.stringify(unit)).toBeLessThan(4000);
    }
  });
});
