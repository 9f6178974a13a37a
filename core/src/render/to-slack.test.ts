import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Block, Message } from "../work/message.ts";
import { describeClosing, describeReport } from "./report.ts";
import { doneRun, facts, now, workingRun } from "./run-example.ts";
import { slackMarkdown } from "./slack-text.ts";
import { slackActionId, toSlack } from "./to-slack.ts";

const message = (...blocks: readonly Block[]): Message => ({
  part: "report",
  blocks,
  actions: [],
  notify: [],
  marker: "m",
});

const textOf = (body: ReturnType<typeof toSlack>): readonly string[] =>
  body.blocks.map((block) => {
    if (block.type === "context") return block.elements.map(({ text }) => text).join();
    return block.type === "actions"
      ? block.elements.map((one) => `[${one.type === "button" ? one.text.text : one.type}]`).join()
      : block.text.text;
  });

describe("toSlack", () => {
  it("shows a report as a card", () => {
    const body = toSlack(describeReport(workingRun, now, facts));
    expect(textOf(body)).toEqual([
      "🛠️ OpenHands is working on it",
      "✅ Find the failing test\n🔄 Fix `login()` in src/auth_login.ts\n⬜ Open a pull request",
      "*Last steps* (12 earlier ones not shown)\n• Read src/auth_login.ts\n• Ran `npm test` | tail (failed)",
      "To add something while it works, mention `@openhands` again. To stop it, write `@openhands stop`.",
      "4 min · 14 steps · $0.31",
      "[Stop],[Open conversation]",
    ]);
    expect(body.text).toBe("🛠️ OpenHands is working on it");
    expect(body.blocks.at(-1)).toMatchObject({
      elements: [
        { action_id: slackActionId("stop"), value: workingRun.id, style: "danger" },
        { action_id: slackActionId("open"), url: "https://app.example.com/conversations/c" },
      ],
    });
  });

  it("shows a closing message that calls the asker", () => {
    const body = toSlack(describeClosing(doneRun, now, facts));
    expect(textOf(body).slice(0, 3)).toEqual([
      "<@7> ✅ *Done*",
      "The test raced with the clock, @\u200borg/team.\n\n• fixed in `src/auth_login.ts`\n• see docs (`https://docs.example.net/x`)",
      "```\nawait tick();\n```",
    ]);
    expect(body.text).toBe("<@7> ✅ Done");
  });

  it("lets no text mention, link or broadcast", () => {
    const evil = "<!channel> <!here> <@U123> <https://evil.test|x> & @channel";
    const body = toSlack(
      message(
        { type: "status", state: "done", text: evil },
        { type: "text", text: evil },
        { type: "markdown", markdown: evil },
        { type: "tasks", tasks: [{ title: evil, state: "todo" }] },
        { type: "steps", steps: [{ id: "1", at: 0, text: evil }], earlier: 0 },
        { type: "facts", facts: [evil] },
        { type: "table", head: ["a"], rows: [[evil]] },
      ),
    );
    for (const block of body.blocks) {
      if (block.type === "header" || block.type === "actions") continue;
      for (const { text, verbatim } of block.type === "context" ? block.elements : [block.text]) {
        expect(text).not.toMatch(/<[!@#]/);
        expect(verbatim).toBe(true);
      }
    }
    expect(body.text).not.toMatch(/<[!@#]/);
  });

  it("keeps Slack's limits for any message", () => {
    const long = fc.string({
      unit: fc.constantFrom("a", " ", "\n", "`", "*", "<", "&", "- ", "```\n", "x".repeat(500)),
      maxLength: 300,
    });
    const block: fc.Arbitrary<Block> = fc.oneof(
      long.map((text) => ({ type: "text", text }) as const),
      long.map((markdown) => ({ type: "markdown", markdown }) as const),
      long.map((text) => ({ type: "status", state: "working", text }) as const),
      fc.array(long).map((facts) => ({ type: "facts", facts }) as const),
      fc
        .array(fc.array(long, { maxLength: 3 }), { maxLength: 5 })
        .map((rows) => ({ type: "table", head: ["a"], rows }) as const),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 70 }), (blocks) => {
        const body = toSlack({
          ...message(...blocks),
          actions: describeReport(workingRun, now, facts).actions,
        });
        expect(body.blocks.length).toBeLessThanOrEqual(50);
        expect(body.text.length).toBeLessThanOrEqual(3000);
        for (const one of body.blocks) {
          if (one.type === "header") expect(one.text.text.length).toBeLessThanOrEqual(150);
          if (one.type === "section") expect(one.text.text.length).toBeLessThanOrEqual(3000);
          if (one.type === "section") expect(one.text.text.trim()).not.toBe("");
          if (one.type === "context") expect(one.elements[0]?.text.length).toBeLessThanOrEqual(3000);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("slackMarkdown", () => {
  it.each([
    ["# Title\n\n**a** *b* ~~c~~ `d`", ["*Title*\n\n*a* _b_ ~c~ `d`"]],
    ["[a & b](https://x.test/?a=1&b=2)", ["<https://x.test/?a=1&amp;b=2|a &amp; b>"]],
    ["1. a\n2. b\n\n> q", ["1. a\n2. b\n\n> q"]],
    ["a\n\n```js\n<b>\n```\n\nc", ["a", "```\n&lt;b&gt;\n```", "c"]],
    ["| a | b |\n|---|---|\n| `c` | d |", ["```\na  |  b\nc  |  d\n```"]],
    ["| file | n |\n|---|---|\n| a | d |", ["```\nfile  |  n\na     |  d\n```"]],
  ])("says %j in mrkdwn", (markdown, expected) => {
    expect(slackMarkdown(markdown)).toEqual(expected);
  });
});
