import * as z from "zod";

/** A node of the Atlassian Document Format. https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
const AdfNode = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  attrs: z.record(z.string(), z.unknown()).optional().catch(undefined),
  marks: z
    .array(z.looseObject({ type: z.string(), attrs: z.record(z.string(), z.unknown()).optional() }))
    .optional()
    .catch(undefined),
  content: z.array(z.unknown()).optional().catch(undefined),
});
type AdfNode = z.infer<typeof AdfNode>;

/** Deeper documents are cut: nobody writes them by hand, and recursion must end. */
const deepest = 60;

const attr = (node: AdfNode, name: string): string => {
  const value = node.attrs?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

const marked = (node: AdfNode): string => {
  const text = node.text ?? "";
  if (text.trim() === "") return text;
  return (node.marks ?? []).reduce((inner, mark) => {
    if (mark.type === "code") return `\`${inner.replaceAll("`", "'")}\``;
    if (mark.type === "strong") return `**${inner}**`;
    if (mark.type === "em") return `*${inner}*`;
    if (mark.type === "strike") return `~~${inner}~~`;
    const href = mark.type === "link" ? mark.attrs?.["href"] : undefined;
    return typeof href === "string" && href !== inner ? `[${inner}](${href})` : inner;
  }, text);
};

/** `mention` turns a mention node's account id and shown name into text. */
export type ShowMention = (id: string, shown: string) => string;

const children = (node: AdfNode, mention: ShowMention, depth: number): readonly string[] =>
  (node.content ?? []).map((child) => show(child, mention, depth + 1));

const indented = (text: string, by: string): string => text.trimEnd().replaceAll("\n", `\n${by}`);

const items = (node: AdfNode, mention: ShowMention, depth: number, mark: (index: number) => string): string =>
  `${children(node, mention, depth)
    .map((item, index) => `${mark(index)}${indented(item.trim(), "  ")}`)
    .join("\n")}\n\n`;

/** Of a time that somebody wrote: no calendar need have it. */
const dayOf = (time: number): string => {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(0, 10);
};

type Show = (node: AdfNode, mention: ShowMention, depth: number) => string;
const joined: Show = (node, mention, depth) => children(node, mention, depth).join("");

const shows: Readonly<Record<string, Show>> = {
  text: (node) => marked(node),
  hardBreak: () => "\n",
  mention: (node, mention) => mention(attr(node, "id"), attr(node, "text")),
  emoji: (node) => attr(node, "text") || attr(node, "shortName"),
  date: (node) => dayOf(Number(attr(node, "timestamp")) || 0),
  status: (node) => attr(node, "text"),
  inlineCard: (node) => `<${attr(node, "url")}>`,
  blockCard: (node) => `<${attr(node, "url")}>\n\n`,
  embedCard: (node) => `<${attr(node, "url")}>\n\n`,
  rule: () => "---\n\n",
  media: (node) => `[attachment ${attr(node, "alt") || attr(node, "id")}]`,
  paragraph: (node, mention, depth) => `${joined(node, mention, depth)}\n\n`,
  heading: (node, mention, depth) =>
    `${"#".repeat(Math.min(6, Number(attr(node, "level")) || 1))} ${joined(node, mention, depth)}\n\n`,
  codeBlock: (node, mention, depth) =>
    `\`\`\`${attr(node, "language").replace(/[^\w+#-]/g, "")}\n${joined(node, mention, depth).replaceAll("```", "'''")}\n\`\`\`\n\n`,
  blockquote: (node, mention, depth) =>
    `> ${joined(node, mention, depth).trim().replaceAll("\n", "\n> ")}\n\n`,
  bulletList: (node, mention, depth) => items(node, mention, depth, () => "- "),
  orderedList: (node, mention, depth) => items(node, mention, depth, (index) => `${index + 1}. `),
  taskList: (node, mention, depth) => items(node, mention, depth, () => "- "),
  taskItem: (node, mention, depth) =>
    `[${attr(node, "state") === "DONE" ? "x" : " "}] ${joined(node, mention, depth)}`,
  tableRow: (node, mention, depth) =>
    `| ${children(node, mention, depth)
      .map((cell) => cell.trim().replaceAll("\n", " "))
      .join(" | ")} |\n`,
  table: (node, mention, depth) => `${joined(node, mention, depth)}\n`,
};

const show = (value: unknown, mention: ShowMention, depth: number): string => {
  const node = AdfNode.safeParse(value);
  if (!node.success || depth > deepest) return "";
  const known = Object.hasOwn(shows, node.data.type) ? shows[node.data.type] : undefined;
  return (known ?? joined)(node.data, mention, depth);
};

/** An ADF document as markdown. Unknown nodes show their content, broken ones nothing. */
export const adfToMarkdown = (document: unknown, mention: ShowMention): string =>
  show(document, mention, 0)
    .replace(/\n{3,}/g, "\n\n")
    .trim();
