import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleText } from "../trigger/visible-text.ts";
import { defuse } from "./defuse.ts";

const hosts = ["git.example.com", "git.example.com:8443"];
const made = (markdown: string): string => defuse(markdown, { hosts }).replaceAll("\u200b", "^");

describe("defuse", () => {
  it.each([
    ["ask @org/team and @here", "ask @^org/team and @^here"],
    ["@channel @everyone @all", "@^channel @^everyone @^all"],
    ["@openhands retry", "@^openhands retry"],
    ["@{712020:abc} and [~ana]", "@^{712020:abc} and [^~ana]"],
    ["\\@org/team", "\\@^org/team"],
    ["&#64;org/team &commat;x", "&amp;#64;org/team &amp;commat;x"],
    ["é@org/team", "é@^org/team"],
    ["me@example.com stays", "me@example.com stays"],
    ["`npm i @openhands/sdk` stays", "`npm i @openhands/sdk` stays"],
    ["```\n@org/team\n```", "```\n@org/team\n```"],
    ["a ` b\n` @org/team `", "a \\` b\n` @org/team `"],
    ["| `a | @org/team` |", "| \\`a | @^org/team\\` |"],
  ])("breaks the mentions of %j", (markdown, expected) => {
    expect(made(markdown)).toBe(expected);
  });

  it.each([
    ["[PR](https://git.example.com/a/b/1)", "[PR](https://git.example.com/a/b/1)"],
    ["[PR](https://git.example.com:8443/a)", "[PR](https://git.example.com:8443/a)"],
    ["![shot](https://git.example.com/a.png)", "![shot](https://git.example.com/a.png)"],
    [
      "[file](src/a.ts) [up](../b) [top](#x) [root](/a/b)",
      "[file](src/a.ts) [up](../b) [top](#x) [root](/a/b)",
    ],
    ["https://git.example.com/a, and", "<https://git.example.com/a>, and"],
    ["https://git.example.com/a](https://evil.test)", "<https://git.example.com/a>]\\(`https://evil.test`)"],
    ["\\https://evil.test", "\\\\`https://evil.test`"],
    ["[x](https://evil.test/?q=1)", "x (`https://evil.test/?q=1`)"],
    ["![pixel](https://evil.test/p.png)", "pixel (`https://evil.test/p.png`)"],
    ["![](https://evil.test/p.png)", "`https://evil.test/p.png`"],
    ["see https://evil.test/a.", "see `https://evil.test/a`."],
    ["www.evil.test", "`www.evil.test`"],
    ["[x](//evil.test)", "x (`//evil.test`)"],
    ["[x](/\\evil.test)", "x (`/\\evil.test`)"],
    ["[x](javascript:alert)", "x (`javascript:alert`)"],
    ["[x](https&#58;//evil.test)", "x (`https&#58;//evil.test`)"],
    ["[x](https://git.example.com@evil.test)", "x (`https://git.example.com@evil.test`)"],
    ["[x](https://git.example.com.evil.test)", "x (`https://git.example.com.evil.test`)"],
    ["[x](https://git.example.com\\@evil.test)", "x (`https://git.example.com\\@evil.test`)"],
    ["<https://evil.test>", "&lt;`https://evil.test`>"],
    ["<img src=https://evil.test/p.png>", "&lt;img src=`https://evil.test/p.png`>"],
    ["[x][a]\n\n[a]: https://evil.test", "[x][a]\n\n[a\\]: `https://evil.test`"],
    ["[x\n](//evil.test)", "[x\n]\\(//evil.test)"],
  ])("lets %j lead nowhere else", (markdown, expected) => {
    expect(made(markdown)).toBe(expected);
  });

  it("makes text of HTML, but keeps plain tags inside a line", () => {
    expect(made("<details>")).toBe("&lt;details>");
    expect(made("press <kbd>x</kbd> a<br>b <!-- c")).toBe("press <kbd>x</kbd> a<br>b &lt;!-- c");
    expect(made("<b>\n@x")).toBe("&lt;b>\n@^x");
  });

  it("makes text of GitLab's quick actions", () => {
    expect(made("/close\n  /merge now\n/ is a slash")).toBe("\\/close\n  \\/merge now\n/ is a slash");
  });

  it("moves fences to the left edge and closes them", () => {
    expect(made("1. do\n\n   ```sh\n   @a\n     b\n   ```\n2. then")).toBe(
      "1. do\n\n```sh\n@a\n  b\n```\n2. then",
    );
    expect(made("- ```\n  code\n@x")).toBe("-\n```\ncode\n```\n@^x");
    expect(made("```\ncode")).toBe("```\ncode\n```");
  });

  const pieces = [
    "@org/team",
    "@here",
    "`",
    "``",
    "```\n",
    "~~~\n",
    "\n",
    "    ",
    "- ",
    "> ",
    "|",
    "[x](",
    ")",
    "https://evil.test/p",
    "![",
    "](//evil.test)",
    "[a]: //evil.test",
    "<b>",
    "<!--",
    "&#64;x/y",
    "\\",
    " ",
    "@openhands ",
  ];
  const hostile = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 25 })
    .map((parts) => parts.join(""));

  it("leaves no live mention in what we ourselves would hear", () => {
    fc.assert(
      fc.property(hostile, (markdown) => {
        expect(visibleText(defuse(markdown, { hosts }))).not.toMatch(
          /(?<![A-Za-z0-9])@(?:org|here|openhands|x)/,
        );
      }),
      { numRuns: 5000 },
    );
  });

  it("takes a time that grows with the length and no faster", () => {
    for (const unit of [
      "`",
      "` `` ",
      "[",
      "[x](",
      "![",
      "<",
      "&#",
      "https://",
      "a",
      "@",
      "](",
      "\\",
      "```\n",
      "| ` ",
      '[x](a "',
    ]) {
      const started = performance.now();
      defuse(unit.repeat(Math.ceil(200_000 / unit.length)), { hosts });
      expect(performance.now() - started, JSON.stringify(unit)).toBeLessThan(4000);
    }
  });
});
