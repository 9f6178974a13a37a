import type { AdfNode } from "./to-adf.ts";

const inline = ["text", "hardBreak", "mention"];

/**
 * What may stand in what, of the nodes that we post: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ and the pages of
 * the nodes below it. Narrower than that where older Jiras were: no task list in a list item. A node that is not named has no content.
 */
export const adfChildren: Readonly<Record<string, readonly string[]>> = {
  doc: [
    "paragraph",
    "heading",
    "bulletList",
    "orderedList",
    "taskList",
    "codeBlock",
    "blockquote",
    "rule",
    "table",
    "mediaSingle",
  ],
  blockquote: ["paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle"],
  bulletList: ["listItem"],
  orderedList: ["listItem"],
  listItem: ["paragraph", "bulletList", "orderedList", "codeBlock", "mediaSingle"],
  taskList: ["taskItem"],
  taskItem: inline,
  paragraph: inline,
  heading: inline,
  codeBlock: ["text"],
  table: ["tableRow"],
  tableRow: ["tableHeader", "tableCell"],
  tableHeader: ["paragraph", "mediaSingle"],
  tableCell: ["paragraph", "mediaSingle"],
  mediaSingle: ["media"],
};

/** Nodes that may stand empty; a list, a table or a quote may not. */
const maybeEmpty = new Set(["doc", "paragraph", "heading", "taskItem", "codeBlock"]);

const neededAttrs: Readonly<Record<string, readonly string[]>> = {
  heading: ["level"],
  taskList: ["localId"],
  taskItem: ["localId", "state"],
  mediaSingle: ["layout"],
  media: ["type", "url"],
  mention: ["id"],
};

/** Code is never bold, and the text of a block of code has no marks at all. */
const marksFit = (node: AdfNode, parent: string): boolean => {
  const marks = (node.marks ?? []).map((mark) => mark.type);
  if (parent === "codeBlock") return marks.length === 0;
  return !marks.includes("code") || marks.every((mark) => mark === "code" || mark === "link");
};

/** True when Jira would take the nodes in a `parent`: it answers 400 to the whole document when one of them stands where it may not. */
export const fitsAdf = (nodes: readonly AdfNode[], parent = "doc"): boolean =>
  (nodes.length > 0 || maybeEmpty.has(parent)) &&
  nodes.every(
    (node) =>
      adfChildren[parent]?.includes(node.type) === true &&
      (node.type !== "text" || (node.text ?? "") !== "") &&
      (neededAttrs[node.type] ?? []).every((name) => node.attrs?.[name] !== undefined) &&
      marksFit(node, parent) &&
      (node.type in adfChildren ? fitsAdf(node.content ?? [], node.type) : node.content === undefined),
  );
