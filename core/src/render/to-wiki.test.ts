import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeClosing, describeReport } from "./report.ts";
import { doneRun, facts, now, workingRun } from "./run-example.ts";
import { escapeWiki, markdownToWiki, toWiki } from "./to-wiki.ts";

const shown = (text: string): string => text.replaceAll("\u200b", "^");

describe("toWiki", () => {
  it("shows a report in Jira's wiki markup, without emoji", () => {
    const text = toWiki(describeReport(workingRun, now, facts));
    expect(shown(text)).toBe(`(*) *OpenHands is working on it*

* (/) Find the failing test
* (on) Fix {{login()}} in src/auth\\_login.ts
* (off) Open a pull request

*Last steps* (12 earlier ones not shown)
* Read src/auth\\_login.ts
* Ran {{npm test}} \\| tail (failed)

[Open the conversation|https://app.example.com/conversations/c]

To add something while it works, mention {{@openhands}} again. To stop it, write {{@openhands stop}}.

4 min · 14 steps · $0.31`);
    expect(text).not.toMatch(/[\u{10000}-\u{10ffff}]/u);
  });

  it("shows a closing comment that calls the asker", () => {
    expect(shown(toWiki(describeClosing(doneRun, now, facts)))).toBe(`[~ana] (/) *Done*

The test raced with the clock, @^org/team.

* fixed in {{src/auth\\_login.ts}}
* see docs ({{https^://docs.example.net/x}})

{code:ts}
await tick();
{code}

[Open the conversation|https://app.example.com/conversations/c] · [Pull request #13|https://git.example.com/acme/app/pulls/13]

Mention {{@openhands}} to go on in the same conversation; {{@openhands new}} starts afresh.

4 min · 14 steps · $0.31`);
  });

  it("fits the limit and cuts no block of code in two", () => {
    const summary = `\`\`\`\n${"x {y}\n".repeat(9000)}\`\`\``;
    const run = { ...doneRun, outcome: { reason: "finished" as const, summary } };
    const text = toWiki(describeClosing(run, now, facts), { limit: 5000 });
    expect(text.length).toBeLessThanOrEqual(5000);
    expect(text.match(/\{code\}/g)?.length).toBe(2);
  });
});

describe("markdownToWiki", () => {
  it.each([
    ["# Title\ntext", "h3. Title\n\ntext"],
    ["**a** *b* ~~c~~ `d` __e__ _f_", "{*}a{*} {_}b{_} {-}c{-} {{d}} {*}e{*} {_}f{_}"],
    ["snake_case_name and 2 * 3 * 4", "snake\\_case\\_name and 2 \\* 3 \\* 4"],
    ["- a\n  - b\n- [x] c\n- [ ] d", "* a\n** b\n* (/) c\n* (off) d"],
    ["1. a\n2. b", "# a\n# b"],
    ["1. one\n   - sub\n2. two", "# one\n#* sub\n# two"],
    ["- one\n  1. sub\n  2. sub\n- two", "* one\n*# sub\n*# sub\n* two"],
    ["1. a\n   - b\n     1. c\n   - d\n2. e", "# a\n#* b\n#*# c\n#* d\n# e"],
    ["1. a\n    - four spaces\n2. b", "# a\n#* four spaces\n# b"],
    ["1. a\n\ntext\n\n- b\n  - c", "# a\n\ntext\n\n* b\n** c"],
    ["- a\n  more", "* a more"],
    ["> a\n> b", "{quote}\na\nb\n{quote}"],
    ["---", "----"],
    ["| a | b |\n| --- | --- |\n| c \\| d | `e` |", "||a||b||\n|c \\| d|{{e}}|"],
    ["[a|b](https://x.test/|c)", "[a\\|b|https://x.test/%7Cc]"],
    ["<https://x.test/a>", "[https://x.test/a]"],
    ["```js\nlet a = {code};\n```", "{code:js}\nlet a = {\u200bcode};\n{code}"],
    ["{code} [~ana] !a.png! {color:red}", "\\{code\\} \\[\\~ana\\] \\!a.png\\! \\{color:red\\}"],
    ["a &lt;b&gt; &amp; c\\_d", "a <b> & c\\_d"],
    ["**open only and `half", "\\*\\*open only and `half"],
    ["(x) (/) :)", "(\u200bx) (\u200b/) :)"],
  ])("says %j in wiki markup", (markdown, expected) => {
    expect(markdownToWiki(markdown)).toBe(expected);
  });

  it("escapes every character that begins a macro, a link or an image", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."{}[]!|~a \n*-(x)") }), (text) => {
        expect(escapeWiki(text).replace(/\\[\s\S]/g, "")).not.toMatch(/[{}[\]!|~*]/);
      }),
    );
  });

  it("reads a hostile text in a moment", () => {
    for (const unit of [
      "**",
      "_a",
      "`",
      "[",
      "[a](",
      "| ",
      "> ",
      "- ",
      "```\n",
      "*a **b ",
      "&lt;",
      "#",
      "-",
      " ",
    ]) {
      const started = performance.now();
      markdownToWiki(unit.repeat(100_000 / unit.length));
      expect(performance.now() - started, JSON.stringify(unit)).toBeLessThan(3000);
    }
  });
});
