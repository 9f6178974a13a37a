import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleText } from "./visible-text.ts";

const counts = (markdown: string): boolean => visibleText(markdown).includes("@openhands");

const visible: Readonly<Record<string, string>> = {
  "plain text": "please @openhands fix this",
  "bold text": "**@openhands** fix",
  "a heading": "# @openhands fix",
  "a list item": "- one\n- @openhands fix",
  "a nested list item": "- one\n    - @openhands fix",
  "a continuation line of a list item": "1. one\n\n    @openhands fix",
  "a table cell": "| a | b |\n| - | - |\n| x | @openhands fix |",
  "link text": "[@openhands](https://example.com) fix",
  "text after a closed fence": "```\ncode\n```\n@openhands fix",
  "text after a fence that the end of its list item closes": "- ```\n  code\n@openhands fix",
  "text after inline code": "`code` @openhands fix",
  "text after an unclosed backtick": "it`s broken, @openhands fix",
  "text after a comment opener in inline code": "the parser chokes on `<!--`, @openhands fix",
  "text after a closed comment": "<!-- template --> @openhands fix",
  "text after a comment over paragraphs": "<!-- a\n\nb\n-->\n@openhands fix",
  "text right after the end of a comment in its line": "<!-- a\n\nb -->     @openhands fix",
  "text after a fence inside a comment": "words <!--\n```\n-->\n@openhands fix",
  "the line right below a quote": "> earlier words\n@openhands fix",
  "the paragraph below a quote": "> earlier words\n\n@openhands fix",
  "a paragraph line that is indented": "some words\n     @openhands fix",
  "text after an address and CJK punctuation": "见 https://example.com/a，@openhands fix",
  "text in a details element": "<details><summary>more</summary>\n\n@openhands fix\n\n</details>",
  "text after less-than": "if a < b then @openhands fix",
  "a footnote": "[^1]: @openhands fix",
  "escaped backticks": "\\`@openhands\\` fix",
  "text after a closed GitLab quote": ">>>\nearlier\n>>>\n@openhands fix",
  "windows line breaks": "```\r\ncode\r\n```\r\n@openhands fix",
  "a backtick fence with a backtick in its info, which is none": "``` a`b\n@openhands fix",
};

const hidden: Readonly<Record<string, string>> = {
  "a quote": "> @openhands fix",
  "a quote without a space": ">@openhands fix",
  "a nested quote": "> > @openhands fix",
  "a quote in a list": "- > @openhands fix",
  "a GitLab quote of several lines": ">>>\n@openhands fix\n>>>",
  "a quote element": "<blockquote>\n@openhands fix\n</blockquote>",
  "nested quote elements": "<blockquote><blockquote>a</blockquote>@openhands</blockquote>",
  "a fence": "```\n@openhands fix\n```",
  "a fence with a language": "```ts\n@openhands fix\n```",
  "a tilde fence": "~~~\n@openhands fix\n~~~",
  "a longer fence with a shorter one inside": "````\n```\n@openhands fix\n````",
  "a fence that is never closed": "```\n@openhands fix",
  "a fence in a list item": "- item\n\n      ```\n      @openhands fix\n      ```",
  "a fence on the line of a list marker": "- ```\n  @openhands fix\n  ```",
  "an indented block": "words\n\n    @openhands fix",
  "a block indented by a tab": "\t@openhands fix",
  "an indented block of a list item": "- item\n\n      @openhands fix",
  "inline code": "use `@openhands fix` here",
  "inline code with two backticks": "use ``@openhands ` fix`` here",
  "inline code over two lines": "use `code\n@openhands fix` here",
  "a pre element": "<pre>\n@openhands fix\n</pre>",
  "a code element": "<code>@openhands fix</code>",
  "a comment": "<!-- @openhands fix -->",
  "a comment over paragraphs": "words <!-- a\n\n@openhands fix\n\n-->",
  "an unclosed comment": "words <!-- @openhands fix",
  "an unclosed comment over paragraphs": "words\n<!-- a\n\n@openhands fix",
  "a link target": "[docs](https://example.com/@openhands)",
  "a link target with parentheses": "[docs](https://example.com/(a)/@openhands)",
  "a link title": '[docs](https://example.com "@openhands fix")',
  "an angle autolink": "<https://example.com/@openhands>",
  "a mail autolink": "<someone@openhands>",
  "a bare address": "see https://example.com/@openhands/x",
  "a www address": "see www.example.com/@openhands",
  "an attribute": '<a href="https://example.com/@openhands" title="a > @openhands">x</a>',
  "image alt text": "![@openhands fix](https://example.com/a.png)",
  "image alt text by reference": "![@openhands fix][a]",
  "a link definition": '[a]: https://example.com/@openhands "words"',
};

describe("visibleText", () => {
  it.each(Object.entries(visible))("shows a mention in %s", (_, markdown) => {
    expect(counts(markdown)).toBe(true);
  });

  it.each(Object.entries(hidden))("hides a mention in %s", (_, markdown) => {
    expect(counts(markdown)).toBe(false);
  });

  it("hides the underscores of emphasis, but not those of a name", () => {
    expect(visibleText("_@openhands_ and @openhands_x")).toBe(" @openhands  and @openhands_x");
  });

  const pieces = [
    "`",
    "```\n",
    "<!--",
    "-->",
    "> ",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "- ",
    "@openhands",
    "[",
    "](",
    ")",
    "![",
    '<a b="',
    '"',
    "'",
    ">>>",
    "<pre>",
    "</pre>",
    "https://x/",
    "_",
    "\\",
    "~~~\n",
    "é",
    "😀",
    "\r\n",
  ];
  const markdown = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 40 })
    .map((parts) => parts.join(""));

  it("keeps length, line breaks and every character that it does not turn to a space", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const seen = visibleText(text);
        expect(seen.length).toBe(text.length);
        for (let i = 0; i < text.length; i += 1) if (seen[i] !== text[i]) expect(seen[i]).toBe(" ");
        expect(seen.replace(/[^\r\n]/g, "")).toBe(text.replace(/[^\r\n]/g, ""));
      }),
      { numRuns: 3000 },
    );
  });

  it("never shows what stands in a fence, whatever stands around it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (inside, after) => {
        const safe = inside.replaceAll("~", "");
        const seen = visibleText(`~~~~~\n@openhands ${safe}\n~~~~~\n\n${after}`);
        expect(seen.slice(0, 17 + safe.length).trim()).toBe("");
      }),
    );
  });

  it("takes a time that grows with the length and no faster", () => {
    const hostile = [
      "`",
      "`a``b",
      "<!--",
      '<a b="',
      "<a b='\"",
      "](",
      '](a "',
      "[",
      "![",
      "<pre><",
      "> ",
      "- ",
      "_a",
      "_ _",
      ">>>\n",
      '[a]: b "',
      "``` `\n",
      "<a ",
      "https://",
      "\\`",
      "    \n",
    ];
    for (const unit of hostile) {
      const small = unit.repeat(Math.ceil(20_000 / unit.length));
      const large = unit.repeat(Math.ceil(320_000 / unit.length));
      const started = performance.now();
      visibleText(small);
      const between = performance.now();
      visibleText(large);
      const last = performance.now();
      // Sixteen times the text: a quadratic scan would take 256 times as long.
      expect(last - between, JSON.stringify(unit)).toBeLessThan(Math.max(1500, (between - started) * 80));
    }
  });
});
