import { fitsAdf } from "@ask-openhands/core/render/adf-nesting.ts";
import { defuse } from "@ask-openhands/core/render/defuse.ts";
import type { AdfNode } from "@ask-openhands/core/render/to-adf.ts";
import { toValidAdf } from "@ask-openhands/core/render/to-valid-adf.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownNodes } from "../../bot/src/platforms/jira-cloud/markdown-nodes.ts";
import { renderCloud } from "../../bot/src/platforms/jira-cloud/talk.ts";
import { adfSchema } from "../support/adf-schema.ts";

const ofAtlassian = new Ajv({ strict: false }).compile(adfSchema);

const defused = (markdown: string): string => defuse(markdown, { hosts: ["forge.test"] });

const said = (markdown: string): Message => ({
  part: "report",
  blocks: [
    { type: "status", state: "done", text: "Done" },
    { type: "markdown", markdown: defused(markdown) },
  ],
  actions: [],
  notify: [],
  marker: "m",
});

const render = (markdown: string) => {
  const document = renderCloud(said(markdown)) as unknown as { readonly content: readonly AdfNode[] };
  const valid = ofAtlassian(document);
  return { document, nodes: document.content.slice(1), valid };
};

const textOf = (nodes: readonly AdfNode[]): string =>
  nodes
    .map((node) => (node.type === "hardBreak" ? "\n" : (node.text ?? "")) + textOf(node.content ?? []))
    .join("");

const shape = (node: AdfNode): string =>
  node.content === undefined || node.content.every(({ type }) => type === "text")
    ? node.type
    : `${node.type}(${node.content.map(shape).join(" ")})`;

const leaf = fc.constantFrom(
  "words",
  "# one heading",
  "a<br>b **c<br>d** `e<br>f` [g<br>h](https://forge.test/x)",
  "| h | i |\n| - | - |\n| j<br>k | ![l](https://forge.test/l.png) |",
  "| m |\n| - |\n|  |",
  "---",
  "```\n```",
  "```ts\nlet a = 1;\n```",
  "",
  "![picture](https://forge.test/p.png)",
  "![sketch](docs/p.png)",
  "***bold `code`*** ~~gone~~ a < b & c",
  "[ ] box",
  "<adf>{no</adf>",
);

/** Markdown that nests: items, tasks and quotes within each other, each around some blocks. */
const { nested } = fc.letrec<{ nested: string; within: string }>((tie) => ({
  nested: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("within")),
  within: fc
    .tuple(
      fc.constantFrom("- ", "1. ", "7) ", "> ", "- [ ] ", "- [x] "),
      fc.array(tie("nested"), { minLength: 1, maxLength: 3 }),
      fc.constantFrom("\n", "\n\n"),
    )
    .map(([mark, blocks, gap]) => {
      const indent = mark === "> " ? "> " : " ".repeat(mark.startsWith("- [") ? 2 : mark.length);
      return mark + blocks.join(gap).replaceAll("\n", `\n${indent}`);
    }),
}));

describe("a document for Jira Cloud", () => {
  it("is one that Jira takes, however the markdown nests", () => {
    fc.assert(
      fc.property(fc.array(nested, { minLength: 1, maxLength: 3 }), (blocks) => {
        const { document, nodes, valid } = render(blocks.join("\n\n"));
        expect(valid, JSON.stringify([ofAtlassian.errors?.[0], document])).toBe(true);
        // Not by the net: the plain paragraphs that stand for what does not fit.
        expect(fitsAdf(toValidAdf(markdownNodes(defused(blocks.join("\n\n")))))).toBe(true);
        if (blocks.join("").includes("one heading")) expect(textOf(nodes)).toContain("one heading");
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ["- a\n\n  # b", "bulletList(listItem(paragraph paragraph))", "ab"],
    ["> # b\n> > c", "blockquote(paragraph paragraph)", "bc"],
    ["- > a", "bulletList(listItem(paragraph))", "a"],
    ["- a\n\n  ***\n\n  b", "bulletList(listItem(paragraph paragraph))", "ab"],
    [
      "1. a\n\n   | b | c |\n   | - | - |\n   | d | e |",
      "orderedList(listItem(paragraph paragraph paragraph))",
      "ab | cd | e",
    ],
    ["- [x] a\n- [ ] b", "taskList(taskItem taskItem)", "ab"],
    ["- [x] a\n  - [ ] b", "bulletList(listItem(paragraph bulletList(listItem(paragraph))))", "✅ a⬜ b"],
    ["```\n```", "codeBlock", ""],
    ["-\n- a", "bulletList(listItem(paragraph) listItem(paragraph))", "a"],
    ["- - a", "bulletList(listItem(paragraph bulletList(listItem(paragraph))))", "a"],
    [
      "a<br>b<br/>**c<BR>d** `e<br>`",
      "paragraph(text hardBreak text hardBreak text hardBreak text text text)",
      "a\nb\nc\nd e<br>",
    ],
    ["a < b && `&lt;` &amp; <script>", "paragraph", "a < b && &lt; & <script>"],
    ["![a sketch](docs/a.png)", "paragraph", "a sketch"],
    ["see [a](src/a.ts) and [b](https://forge.test/b)", "paragraph", "see a and b"],
  ])("shows %j", (markdown, expected, text) => {
    const { nodes, valid } = render(markdown);
    expect(valid).toBe(true);
    expect(nodes.map(shape).join(" ")).toBe(expected);
    expect(textOf(nodes)).toBe(text);
  });

  it("leads to web addresses only", () => {
    const { nodes } = render("[a](src/a.ts) [b](https://forge.test/b)");
    expect(JSON.stringify(nodes).match(/"href":"[^"]*"/g)).toEqual(['"href":"https://forge.test/b"']);
  });

  it("is plain paragraphs when the markdown cannot be read", () => {
    const { nodes, valid } = render(`The fix is in.\n\n${">".repeat(9_000)} deep`);
    expect(valid).toBe(true);
    expect(new Set(nodes.map(({ type }) => type))).toEqual(new Set(["paragraph"]));
    expect(textOf(nodes)).toContain("The fix is in.");
  });
});
