/**
 * What Jira takes of the nodes that we may send, written from the pages of the nodes below
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/: any other node, attribute or mark is a violation. It is not the
 * product's own table of nesting, so that a slip there shows here.
 */
const text = { type: "string", minLength: 1 };
const attrs = (properties: Readonly<Record<string, unknown>>, required: readonly string[] = []) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const mark = (type: string, more: Readonly<Record<string, unknown>> = {}) => ({
  type: "object",
  properties: { type: { const: type }, ...more },
  required: ["type", ...Object.keys(more)],
  additionalProperties: false,
});
const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
const some = (names: readonly string[], least = 0) => ({
  type: "array",
  minItems: least,
  items: { anyOf: names.map(ref) },
});

interface Shape {
  readonly content?: unknown;
  readonly attrs?: { readonly required: readonly string[] };
  readonly [more: string]: unknown;
}

/** A node with an exact set of fields; its content may be left out only where it may be empty. */
const node = (type: string, shape: Shape = {}, required: readonly string[] = []) => ({
  type: "object",
  properties: { type: { const: type }, ...shape },
  required: ["type", ...((shape.attrs?.required.length ?? 0) > 0 ? ["attrs"] : []), ...required],
  additionalProperties: false,
});

const link = mark("link", { attrs: attrs({ href: { type: "string" } }, ["href"]) });
const marks = (list: readonly unknown[]) => ({ type: "array", items: { anyOf: list } });
const inline = ["plain", "code", "hardBreak", "mention"];
const lists = ["bulletList", "orderedList"];
const inItem = ["paragraph", "codeBlock", "mediaSingle"];
const cell = attrs({ colspan: { type: "number" }, rowspan: { type: "number" } });

export const adfSchema = {
  type: "object",
  properties: {
    version: { const: 1 },
    type: { const: "doc" },
    content: some([...inItem, ...lists, "heading", "taskList", "blockquote", "rule", "table"]),
  },
  required: ["version", "type", "content"],
  additionalProperties: false,
  definitions: {
    plain: node(
      "text",
      { text, marks: marks([link, mark("strong"), mark("em"), mark("strike"), mark("underline")]) },
      ["text"],
    ),
    code: node("text", { text, marks: marks([link, mark("code")]) }, ["text"]),
    bare: node("text", { text, marks: { type: "array", maxItems: 0 } }, ["text"]),
    hardBreak: node("hardBreak"),
    mention: node("mention", { attrs: attrs({ id: text, text: { type: "string" } }, ["id"]) }),
    paragraph: node("paragraph", { content: some(inline) }),
    heading: node("heading", {
      content: some(inline),
      attrs: attrs({ level: { type: "integer", minimum: 1, maximum: 6 } }, ["level"]),
    }),
    codeBlock: node("codeBlock", {
      content: some(["bare"]),
      attrs: attrs({ language: { type: "string" } }),
    }),
    bulletList: node("bulletList", { content: some(["listItem"], 1) }, ["content"]),
    orderedList: node(
      "orderedList",
      { content: some(["listItem"], 1), attrs: attrs({ order: { type: "integer", minimum: 0 } }) },
      ["content"],
    ),
    listItem: node(
      "listItem",
      {
        content: {
          type: "array",
          minItems: 1,
          items: [{ anyOf: inItem.map(ref) }],
          additionalItems: { anyOf: [...inItem, ...lists].map(ref) },
        },
      },
      ["content"],
    ),
    blockquote: node("blockquote", { content: some([...inItem, ...lists], 1) }, ["content"]),
    taskList: node(
      "taskList",
      { content: some(["taskItem"], 1), attrs: attrs({ localId: { type: "string" } }, ["localId"]) },
      ["content"],
    ),
    taskItem: node("taskItem", {
      content: some(inline),
      attrs: attrs({ localId: { type: "string" }, state: { enum: ["TODO", "DONE"] } }, ["localId", "state"]),
    }),
    rule: node("rule"),
    table: node("table", { content: some(["tableRow"], 1) }, ["content"]),
    tableRow: node("tableRow", { content: some(["tableHeader", "tableCell"], 1) }, ["content"]),
    tableHeader: node("tableHeader", { content: some([...inItem, ...lists], 1), attrs: cell }, ["content"]),
    tableCell: node("tableCell", { content: some([...inItem, ...lists], 1), attrs: cell }, ["content"]),
    mediaSingle: node(
      "mediaSingle",
      {
        content: { ...some(["media"], 1), maxItems: 1 },
        attrs: attrs({ layout: { const: "center" } }, ["layout"]),
      },
      ["content"],
    ),
    media: node("media", {
      attrs: attrs({ type: { const: "external" }, url: text, alt: { type: "string" } }, ["type", "url"]),
    }),
  },
};
