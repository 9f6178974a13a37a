import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block, Message } from "../work/message.ts";
import { escapeGfm, inlineCode } from "./gfm-text.ts";
import { describeClosing, describeReport } from "./report.ts";
import { asker, doneRun, facts, now, workingRun } from "./run-example.ts";
import { findMarker, hideMarker, toGfm } from "./to-gfm.ts";

const github = { htmlComments: true, details: true, taskLists: true };
const bitbucket = { htmlComments: false, details: false, taskLists: false };

const message = (...blocks: readonly Block[]): Message => ({
  part: "note",
  blocks,
  actions: [],
  notify: [],
  marker: "m1",
});

describe("toGfm", () => {
  it("without HTML and task lists, for Bitbucket", () => {
    expect(
      toGfm(describeReport(workingRun, now, facts), bitbucket),
    ).toBe(`[//]: # (ask-openhands:v1.abc-DEF_123)

🛠️ **OpenHands is working on it**

- ✅ Find the failing test
- 🔄 **Fix \`login()\` in src/auth\\_login.ts**
- ⬜ Open a pull request

**Last steps** (12 earlier ones not shown)

- Read src/auth\\_login.ts
- Ran \`npm test\` \\| tail (failed)

[Open the conversation](https://app.example.com/conversations/c)

To add something while it works, mention \`@openhands\` again. To stop it, write \`@openhands stop\`.

4 min · 14 steps · $0.31`);
  });

  it("mentions people in the platform's own way, on a line of their own before what is no sentence", () => {
    const note = { ...message({ type: "table", head: ["a"], rows: [["b"]] }), notify: [asker] };
    const text = toGfm(note, { ...bitbucket, mention: ({ id }) => `@{${id}}` });
    expect(text).toBe("[//]: # (ask-openhands:m1)\n\n@{7}\n\n| a |\n| --- |\n| b |");
  });

  it("keeps a cell of a table in its cell, and an address of ours in its link", () => {
    const table: Block = { type: "table", head: ["a|b"], rows: [["`c|d`\n<b>"]] };
    expect(toGfm(message(table), github)).toContain("| a\\|b |\n| --- |\n| `c\\|d` &lt;b&gt; |");
    const links: Block = { type: "links", links: [{ label: "a [b]", url: "https://x.test/a b)(" }] };
    expect(toGfm(message(links), github)).toContain("[a \\[b\\]](https://x.test/a%20b%29%28)");
  });

  it("fits the limit, cutting the agent's words first and never the marker", () => {
    const summary = `${"words and `code` ".repeat(3000)}\n\n\`\`\`\n${"x\n".repeat(3000)}`;
    const run = { ...doneRun, outcome: { reason: "finished" as const, summary } };
    for (const limit of [600, 2000, 10_000]) {
      const text = toGfm(describeClosing(run, now, facts), { ...github, limit });
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(findMarker(text)).toBe(facts.marker);
      expect(text).toContain("characters left out)");
      if (limit >= 2000) expect(text).toMatch(/<sub>4 min · 14 steps · \$0\.31<\/sub>$/);
    }
  });

  it("hides a marker that is found again, after line breaks changed too", () => {
    for (const htmlComments of [true, false]) {
      expect(findMarker(`${hideMarker("v1.aB_-+/=:9", htmlComments)}\r\nwords`)).toBe("v1.aB_-+/=:9");
    }
    expect(findMarker("words <!-- ask-openhands:x --> in a line")).toBeUndefined();
    expect(() => hideMarker("x --> y", true)).toThrow(TypeError);
  });
});

describe("escapeGfm", () => {
  it.each([
    ["a_b *c* ~d~ [e](f) <g> & `h`", "a\\_b \\*c\\* \\~d\\~ \\[e\\](f) &lt;g&gt; &amp; `h`"],
    ["# not a title", "\\# not a title"],
    ["1. not a list", "1\u200b. not a list"],
    ["/close", "\\/close"],
    ["two\n\nlines", "two lines"],
    ["see https://evil.test/a_b now", "see `https://evil.test/a_b` now"],
    ["@org/team me@example.com", "@\u200borg/team me@example.com"],
    ["a lone ` backtick", "a lone \\` backtick"],
  ])("shows %j as it is", (text, expected) => {
    expect(escapeGfm(text)).toBe(expected);
  });

  it("leaves no line break and no unescaped bracket outside code", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const escaped = escapeGfm(text);
        expect(escaped).not.toMatch(/[\r\n]/);
        expect(escaped.replace(/`+[^`]+`+/g, "").replace(/\\[\s\S]/g, "")).not.toMatch(/[[\]<>*]/);
      }),
    );
  });
});

describe("inlineCode", () => {
  it.each([
    ["a", "`a`"],
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["a\nb", "`a b`"],
    ["", ""],
  ])("shows %j as code", (text, expected) => {
    expect(inlineCode(text)).toBe(expected);
  });
});
