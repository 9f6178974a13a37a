import { decodeEntities } from "@ask-openhands/core/prompt/entities.ts";
import type { AdfNode } from "@ask-openhands/core/render/to-adf.ts";
import { markdownToAdf } from "marklassian";

/** Stands for a line break until the library has read the text, which drops `<br>`. Markdown takes it for a sign like `<`, so words in bold end before it. */
const breakSign = "\ufffc";
const lineBreak = /<br\s?\/?>/gi;

/** Tags that `defuse` lets through; one that is meant as text has become `&lt;`. */
const tag = /<\/?(?:br|sub|sup|kbd|b|i|em|strong|del|ins)\s?\/?>/gi;

const leadsSomewhere = (address: unknown): boolean => /^https?:\/\//i.test(String(address ?? ""));

/** Text of the library, which reads neither tags nor entities; a link to a path would lead nowhere on a ticket, and nor would a picture. */
const shownText = (node: AdfNode): readonly AdfNode[] => {
  const marks = (node.marks ?? []).filter(
    ({ type, attrs }) => type !== "link" || leadsSomewhere(attrs?.["href"]),
  );
  return (node.text ?? "")
    .replace(tag, "")
    .split(breakSign)
    .flatMap((line, at) => [
      ...(at === 0 ? [] : [{ type: "hardBreak" }]),
      ...(line === ""
        ? []
        : [{ type: "text", text: decodeEntities(line), ...(marks.length === 0 ? {} : { marks }) }]),
    ]);
};

const shown = (node: AdfNode, parent: string): readonly AdfNode[] => {
  const picture = node.type === "mediaSingle" ? node.content?.[0]?.attrs : undefined;
  if (picture !== undefined && !leadsSomewhere(picture["url"])) {
    return [{ type: "paragraph", content: [{ type: "text", text: String(picture["alt"] ?? "") }] }];
  }
  if (node.type !== "text") {
    const { content } = node;
    return [
      content === undefined
        ? node
        : { ...node, content: content.flatMap((child) => shown(child, node.type)) },
    ];
  }
  const isCode = parent === "codeBlock" || node.marks?.some(({ type }) => type === "code") === true;
  return isCode ? [{ ...node, text: (node.text ?? "").replaceAll(breakSign, "") }] : shownText(node);
};

/** (Defused) markdown as nodes of ADF, which need not nest as Jira wants it: `toAdf` sees to that. The library's own type is looser than ours. */
export const markdownNodes = (markdown: string): readonly AdfNode[] => {
  const marked = markdown.replaceAll(breakSign, "").replace(lineBreak, `${breakSign}$&`);
  return (markdownToAdf(marked).content as readonly AdfNode[]).flatMap((node) => shown(node, "doc"));
};
