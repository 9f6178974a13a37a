import type { Author } from "../work/mention.ts";
import type { Block, Link, Message } from "../work/message.ts";
import type { RunState } from "../work/run.ts";
import { fitBlocks, namesBefore } from "./fit-blocks.ts";
import { type MarkdownBlock, markdownBlocks } from "./markdown-blocks.ts";
import { type InlineToken, inlineTokens, type MarkKind } from "./markdown-inline.ts";
import { counted, joinLines } from "./words.ts";

export interface WikiOptions {
  /** Characters that the whole message may have. */
  readonly limit?: number | undefined;
  /** `[~name]` when absent. */
  readonly mention?: ((author: Author) => string) | undefined;
}

/** Jira's own signs instead of emoji: a Jira on a MySQL database with three-byte characters refuses emoji. */
const stateSigns: Readonly<Record<RunState, string>> = {
  queued: "(i)",
  starting: "(on)",
  working: "(*)",
  waiting: "(?)",
  done: "(/)",
  failed: "(x)",
  stopped: "(-)",
};
const taskSigns = { todo: "(off)", doing: "(on)", done: "(/)" } as const;
const marks: Readonly<Record<MarkKind, string>> = { strong: "*", em: "_", strike: "-" };

/** Plain text that the wiki renderer shows as it is: every character that begins markup, a macro, a mention, an image or an emoticon is escaped. */
export const escapeWiki = (text: string): string =>
  text
    .replace(/[\\{}[\]!|*_^~+?-]/g, (char) => (char === "-" ? "-" : `\\${char}`))
    .replace(
      /(^|\s)(-{1,4})(?=\S|$)/gm,
      (_, space: string, dashes: string) => `${space}${dashes.replace(/-/g, "\\-")}`,
    )
    .replace(/\(([ixy/n!+?*-]|on|off|flag)\)/gi, "(\u200b$1)")
    .replace(/(https?|ftp|file|mailto):(?=\S)/gi, "$1\u200b:")
    .replace(/^([#]+|h[1-6]\.|bq\.)(?=\s)/gm, "\u200b$1");

const wikiUrl = (url: string): string =>
  url.replace(
    /[\s|[\]{}\\<>!]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );

const wikiLink = ({ label, url }: Link): string => {
  const shown = label === url ? "" : `${escapeWiki(label)}|`;
  return `[${shown}${wikiUrl(url)}]`;
};

/** Inside `{{…}}` only a macro's brace and the end mark need care. */
const wikiCode = (code: string): string => `{{${escapeWiki(code)}}}`;

const wikiToken = (token: InlineToken): string => {
  switch (token.type) {
    case "text":
      return escapeWiki(token.text).replace(/\n/g, " ");
    case "code":
      return token.code.trim() === "" ? "" : wikiCode(token.code);
    case "link":
      return /^https?:/i.test(token.url) ? wikiLink(token) : escapeWiki(token.label);
    default:
      // Braces let a mark stand inside a word: https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa
      return `{${marks[token.kind]}}`;
  }
};

const wikiInline = (markdown: string): string => inlineTokens(markdown).map(wikiToken).join("");

/** A `{code}` or `{noformat}` inside would end the block. */
const wikiBlockOfCode = (language: string, code: string): string => {
  const safe = code.replace(/\{(?=\s*(?:code|noformat))/gi, "{\u200b");
  return `{code${/^[a-z0-9+#-]{1,20}$/i.test(language) ? `:${language}` : ""}}\n${safe}\n{code}`;
};

const rowOf = (cells: readonly string[], bar: string, render: (cell: string) => string): string =>
  `${bar}${cells.map((cell) => render(cell).replace(/\n/g, " ") || " ").join(bar)}${bar}`;

const wikiBlock = (block: MarkdownBlock, listMarks: string): string => {
  switch (block.type) {
    case "heading":
      return `h${Math.min(6, block.level + 2)}. ${wikiInline(block.text)}`;
    case "paragraph":
      return block.text.split("\n").map(wikiInline).join("\n");
    case "code":
      return wikiBlockOfCode(block.language, block.code);
    case "item": {
      const done = block.done === undefined ? "" : `${block.done ? taskSigns.done : taskSigns.todo} `;
      return `${listMarks} ${done}${wikiInline(block.text)}`;
    }
    case "quote":
      return `{quote}\n${block.text.split("\n").map(wikiInline).join("\n")}\n{quote}`;
    case "rule":
      return "----";
    case "table":
      return [
        rowOf(block.head, "||", wikiInline),
        ...block.rows.map((row) => rowOf(row, "|", wikiInline)),
      ].join("\n");
  }
};

/**
 * What stands before each item: the marks of the items around it and its own, such as `#*` for a bullet in a numbered list:
 * https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=lists. Whatever is no item ends the list.
 */
const listMarksOf = (blocks: readonly MarkdownBlock[]): readonly string[] => {
  const around: { readonly depth: number; readonly mark: string }[] = [];
  return blocks.map((block) => {
    const depth = block.type === "item" ? block.depth : 0;
    while ((around.at(-1)?.depth ?? -1) >= depth) around.pop();
    if (block.type === "item") around.push({ depth, mark: block.number === undefined ? "*" : "#" });
    return around.map(({ mark }) => mark).join("");
  });
};

/** Markdown (defused) in Jira's wiki markup. */
export const markdownToWiki = (markdown: string): string => {
  const blocks = markdownBlocks(markdown);
  const marksOf = listMarksOf(blocks);
  return blocks
    .map((block, at) => {
      const joined = block.type === "item" && blocks[at + 1]?.type === "item";
      return `${wikiBlock(block, marksOf[at] ?? "")}${joined ? "\n" : "\n\n"}`;
    })
    .join("")
    .trimEnd();
};

/** A plain sentence, in which only `` `code` `` is markup. */
const sentence = (text: string): string =>
  joinLines(
    text
      .split(/`([^`\r\n]+)`/)
      .map((part, at) => (at % 2 === 1 ? wikiCode(part) : escapeWiki(part)))
      .join(""),
  );

const renderBlock = (block: Block): string => {
  switch (block.type) {
    case "status":
      return `${stateSigns[block.state]} *${sentence(block.text)}*`;
    case "markdown":
      return markdownToWiki(block.markdown);
    case "text":
      return sentence(block.text);
    case "tasks":
      return block.tasks.map(({ title, state }) => `* ${taskSigns[state]} ${sentence(title)}`).join("\n");
    case "steps": {
      const earlier =
        block.earlier > 0 ? ` (${counted(block.earlier, "earlier one", "earlier ones")} not shown)` : "";
      const lines = block.steps.map(
        (step) => `* ${sentence(step.text)}${step.failed === true ? " (failed)" : ""}`,
      );
      return `*Last steps*${earlier}\n${lines.join("\n")}`;
    }
    case "links":
      return block.links.map(wikiLink).join(" · ");
    case "table":
      return [rowOf(block.head, "||", sentence), ...block.rows.map((row) => rowOf(row, "|", sentence))].join(
        "\n",
      );
    case "facts":
      return block.facts.map(sentence).join(" · ");
  }
};

/** A message in Jira's wiki markup. The marker is kept beside the comment (a comment property), not in it. */
export const toWiki = (message: Message, options: WikiOptions = {}): string => {
  const mention = options.mention ?? ((author: Author) => `[~${author.name}]`);
  const lead = namesBefore(message.notify.map(mention), message.blocks);
  return (
    lead + fitBlocks(message.blocks, renderBlock, (options.limit ?? Number.POSITIVE_INFINITY) - lead.length)
  );
};
