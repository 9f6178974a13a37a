import { adfChildren } from "./adf-nesting.ts";
import type { AdfNode } from "./to-adf.ts";
import { taskMarks } from "./words.ts";

type Nodes = readonly AdfNode[];

const mayHold = (parent: string, type: string): boolean => adfChildren[parent]?.includes(type) === true;

const isInline = (node: AdfNode): boolean => mayHold("paragraph", node.type);

const paragraph = (content: Nodes): AdfNode => ({ type: "paragraph", content });

/** A picture says its description, with a link to it, where only text may stand. */
const pictureAsText = ({ attrs }: AdfNode): AdfNode => {
  const url = String(attrs?.["url"] ?? "");
  return {
    type: "text",
    text: String(attrs?.["alt"] ?? "") || url,
    marks: [{ type: "link", attrs: { href: url } }],
  };
};

const inlinesOf = (node: AdfNode): Nodes => {
  if (isInline(node)) return node.text === "" ? [] : [node];
  return node.type === "media" ? [pictureAsText(node)] : (node.content ?? []).flatMap(inlinesOf);
};

const strong = (node: AdfNode): AdfNode =>
  node.type !== "text" || node.marks?.some(({ type }) => type === "strong" || type === "code")
    ? node
    : { ...node, marks: [...(node.marks ?? []), { type: "strong" }] };

/** Text that stands beside blocks, as paragraphs. */
const inParagraphs = (nodes: Nodes): Nodes => {
  const out: AdfNode[] = [];
  let open: AdfNode[] | undefined;
  for (const node of nodes) {
    if (!isInline(node)) {
      open = undefined;
      out.push(node);
    } else if (open === undefined) {
      open = [node];
      out.push(paragraph(open));
    } else open.push(node);
  }
  return out;
};

const rowAsParagraph = (row: AdfNode): AdfNode =>
  paragraph(
    (row.content ?? []).flatMap((cell, at) => [
      ...(at === 0 ? [] : [{ type: "text", text: " | " }]),
      ...inlinesOf(cell).map((node) => (cell.type === "tableHeader" ? strong(node) : node)),
    ]),
  );

const taskAsItem = (task: AdfNode): AdfNode => {
  const mark = taskMarks[task.attrs?.["state"] === "DONE" ? "done" : "todo"];
  return { type: "listItem", content: [{ type: "text", text: `${mark} ` }, ...(task.content ?? [])] };
};

/** What says the same as a node that may not stand where it stands; in the end its children stand for it. */
const insteadOf = (node: AdfNode): Nodes => {
  switch (node.type) {
    case "heading":
      return [paragraph(inlinesOf(node).map(strong))];
    case "tableRow":
      return [rowAsParagraph(node)];
    case "taskList":
      return [{ type: "bulletList", content: (node.content ?? []).map(taskAsItem) }];
    default:
      return node.content ?? [];
  }
};

/** Items of a task list have text only, so one that nests is written as an ordinary list with marks. */
const nests = (node: AdfNode): boolean =>
  node.type === "taskList" && !(node.content ?? []).every((task) => (task.content ?? []).every(isInline));

const blocksIn = (nodes: Nodes, parent: string): Nodes =>
  inParagraphs(nodes).flatMap((node) =>
    mayHold(parent, node.type) && !nests(node) ? fitted(node) : blocksIn(insteadOf(node), parent),
  );

const contentOf = ({ type, content = [] }: AdfNode): Nodes => {
  if (mayHold(type, "text")) return content.flatMap(inlinesOf);
  if (!mayHold(type, "paragraph")) return content.flatMap(fitted);
  const blocks = blocksIn(content, type);
  // Earlier editions of the schema want an item to begin with a paragraph, and never with a list.
  const begins = blocks[0] !== undefined && !blocks[0].type.endsWith("List");
  return begins ? blocks : [paragraph([]), ...blocks];
};

function fitted(node: AdfNode): Nodes {
  if (!(node.type in adfChildren)) return [node];
  const content = contentOf(node);
  const isGone = content.length === 0 && /^table|List$/.test(node.type);
  return isGone ? [] : [{ ...node, content }];
}

/**
 * Blocks as Jira takes them, nothing of their text lost: a heading in an item or a quote is a bold paragraph, a table there a paragraph for each row,
 * a quote within a quote its own blocks, a task list that nests a list with marks.
 */
export const toValidAdf = (nodes: readonly AdfNode[]): readonly AdfNode[] => blocksIn(nodes, "doc");
