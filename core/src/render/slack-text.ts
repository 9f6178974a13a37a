import { clip } from "./clip.ts";
import { type MarkdownBlock, markdownBlocks } from "./markdown-blocks.ts";
import { type InlineToken, inlineTokens, type MarkKind } from "./markdown-inline.ts";
import { joinLines } from "./words.ts";

const marks: Readonly<Record<MarkKind, string>> = { strong: "*", em: "_", strike: "~" };
const codeLength = 2900;

/** The three characters that Slack reads as markup in any text; so `<!channel>` and `<@U…>` become words. https://docs.slack.dev/messaging/formatting-message-text */
export const slackEscape = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

export const slackLink = (url: string, label: string): string => {
  const safe = url
    .replace(/[\s<>|]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`)
    .replace(/&/g, "&amp;");
  return `<${safe}|${slackEscape(label).replace(/\|/g, "¦").replace(/\s+/g, " ")}>`;
};

/** A plain sentence, in which only `` `code` `` is markup. */
export const slackSentence = (text: string): string => slackEscape(joinLines(text));

const slackToken = (token: InlineToken): string => {
  switch (token.type) {
    case "text":
      return slackEscape(token.text);
    case "code":
      return token.code.trim() === "" ? "" : `\`${slackEscape(token.code.replace(/`/g, "'"))}\``;
    case "link":
      return /^https?:/i.test(token.url) ? slackLink(token.url, token.label) : slackEscape(token.label);
    default:
      return marks[token.kind];
  }
};

const inline = (markdown: string): string => inlineTokens(markdown).map(slackToken).join("");

const codeBlock = (code: string): string => {
  const safe = slackEscape(code.replace(/```/g, "'''"));
  return `\`\`\`\n${clip(safe, codeLength)}\n\`\`\``;
};

/** Wider cells stand out of their column, so that one of them does not push all others away. */
const widest = 30;

const inColumns = (rows: readonly (readonly string[])[]): string => {
  const widthOf = (at: number): number =>
    rows.reduce((most, row) => {
      const length = row[at]?.length ?? 0;
      return length <= widest ? Math.max(most, length) : most;
    }, 0);
  const widths = (rows[0] ?? []).map((_, at) => widthOf(at));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  |  "),
    )
    .join("\n");
};

const blockText = (block: MarkdownBlock): string => {
  switch (block.type) {
    case "heading":
      return `*${inline(block.text).replace(/\*/g, "")}*`;
    case "paragraph":
      return inline(block.text);
    case "code":
      return codeBlock(block.code);
    case "item": {
      const box = block.done === true ? "✅" : "⬜";
      const bullet = block.number === undefined ? "•" : `${block.number}.`;
      const mark = block.done === undefined ? bullet : box;
      return `${"    ".repeat(block.depth)}${mark} ${inline(block.text)}`;
    }
    case "quote":
      return block.text
        .split("\n")
        .map((line) => `> ${inline(line)}`)
        .join("\n");
    case "rule":
      return "———";
    case "table":
      return codeBlock(
        inColumns(
          [block.head, ...block.rows].map((row) =>
            row.map((cell) => inlineTokens(cell).map(plainToken).join("")),
          ),
        ),
      );
  }
};

const plainToken = (token: InlineToken): string => {
  if (token.type === "text") return token.text;
  if (token.type === "code") return token.code;
  return token.type === "link" ? token.label : "";
};

/** Markdown (defused) as texts in Slack's mrkdwn: code blocks stand alone, so that no cut goes through one. */
export const slackMarkdown = (markdown: string): readonly string[] => {
  const texts: string[] = [];
  let open = "";
  let last: MarkdownBlock["type"] | undefined;
  for (const block of markdownBlocks(markdown)) {
    const text = blockText(block);
    const alone = block.type === "code" || block.type === "table";
    if (alone) {
      texts.push(open, text);
      open = "";
    } else if (open === "") open = text;
    else open += `${last === "item" && block.type === "item" ? "\n" : "\n\n"}${text}`;
    last = block.type;
  }
  return [...texts, open].filter((text) => text.trim() !== "");
};
