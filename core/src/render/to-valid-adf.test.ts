import { describe, expect, it } from "vitest";
import { fitsAdf } from "./adf-nesting.ts";
import type { AdfNode } from "./to-adf.ts";
import { toValidAdf } from "./to-valid-adf.ts";

const text = (words: string, ...marks: readonly string[]): AdfNode =>
  marks.length === 0
    ? { type: "text", text: words }
    : { type: "text", text: words, marks: marks.map((type) => ({ type })) };
const node = (type: string, ...content: readonly AdfNode[]): AdfNode => ({ type, content });
const heading = (...content: readonly AdfNode[]): AdfNode => ({
  type: "heading",
  attrs: { level: 2 },
  content,
});
const task = (state: string, ...content: readonly AdfNode[]): AdfNode => ({
  type: "taskItem",
  attrs: { localId: "t", state },
  content,
});
const tasks = (...content: readonly AdfNode[]): AdfNode => ({
  type: "taskList",
  attrs: { localId: "l" },
  content,
});
const p = (...content: readonly AdfNode[]): AdfNode => node("paragraph", ...content);

describe("toValidAdf", () => {
  it("leaves what fits as it is", () => {
    const nodes = [heading(text("a")), p(text("b", "em")), tasks(task("DONE", text("c"))), { type: "rule" }];
    expect(toValidAdf(nodes)).toEqual(nodes);
  });

  it("makes a heading in an item or a quote a bold paragraph, but no code bold", () => {
    const within = heading(text("a", "em"), text("b", "code"));
    const bold = p(text("a", "em", "strong"), text("b", "code"));
    expect(toValidAdf([node("blockquote", within)])).toEqual([node("blockquote", bold)]);
    expect(toValidAdf([node("bulletList", node("listItem", within))])).toEqual([
      node("bulletList", node("listItem", bold)),
    ]);
  });

  it("says a table in a quote row by row, its head in bold", () => {
    const row = (type: string) => node("tableRow", node(type, p(text("a"))), node(type, p(text("b"))));
    const table = node("table", row("tableHeader"), row("tableCell"));
    expect(toValidAdf([node("blockquote", table)])).toEqual([
      node(
        "blockquote",
        p(text("a", "strong"), text(" | "), text("b", "strong")),
        p(text("a"), text(" | "), text("b")),
      ),
    ]);
  });

  it("writes tasks that nest as lists with marks", () => {
    const nodes = [tasks(task("TODO", text("a"), tasks(task("DONE", text("b")))))];
    expect(toValidAdf(nodes)).toEqual([
      node(
        "bulletList",
        node(
          "listItem",
          p(text("⬜ "), text("a")),
          node("bulletList", node("listItem", p(text("✅ "), text("b")))),
        ),
      ),
    ]);
  });

  it("drops empty texts and lists, and gives empty items a paragraph", () => {
    expect(
      toValidAdf([
        node("codeBlock", text("")),
        node("orderedList"),
        node("bulletList", node("listItem"), node("listItem", { type: "rule" })),
      ]),
    ).toEqual([node("codeBlock"), node("bulletList", node("listItem", p()), node("listItem", p()))]);
  });
});

describe("fitsAdf", () => {
  it.each<readonly [string, AdfNode]>([
    ["an empty text", p(text(""))],
    ["an item without a block", node("bulletList", node("listItem"))],
    ["a quote within a quote", node("blockquote", node("blockquote", p()))],
    ["a heading without a level", node("heading")],
    ["bold code", p(text("a", "code", "strong"))],
    ["marks in a block of code", node("codeBlock", text("a", "strong"))],
    ["a node that we never post", node("extension")],
  ])("is false for %s", (_, wrong) => {
    expect(fitsAdf([p(text("before")), wrong])).toBe(false);
  });
});
