/** Jira's wiki markup as markdown, as far as a mention and a prompt need it: code and quotes stay code and quotes, links keep their address. */

const codeFence = "```";

/** `{code:java}…{code}` and `{noformat}…{noformat}`, also unclosed at the end of the text. */
const blocks = /\{(code|noformat)(?::([^{}\n]*))?\}([\s\S]*?)(?:\{\1\}|$)/g;
const quotes = /\{quote\}([\s\S]*?)(?:\{quote\}|$)/g;

const languageOf = (parameters: string | undefined): string => {
  const first = (parameters ?? "").split("|")[0] ?? "";
  return /^[\w+#-]{1,20}$/.test(first) ? first : "";
};

const quoteLines = (text: string): string =>
  text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");

const listMark = (marks: string): string => {
  const indent = "  ".repeat(marks.length - 1);
  return `${indent}${marks.endsWith("#") ? "1." : "-"} `;
};

/** What opens a mark is no part of it, so that each mark is looked at once: anybody can write a text of openings alone. */
const inline = (line: string): string =>
  line
    .replace(/\{\{([^{}\n]+)\}\}/g, "`$1`")
    .replace(/\[([^[\]|\n]+)\|([^[\]|\s]+)(?:\|[^[\]\n]*)?\]/g, "[$1]($2)")
    .replace(/\[(https?:\/\/[^[\]\s]+)\]/g, "<$1>")
    .replace(/!([^!|\s]+\.(?:png|jpe?g|gif|svg|webp))(?:\|[^!\n]*)?!/gi, "[$1]")
    .replace(/\{color(?::[^{}\n]*)?\}/g, "")
    .replace(/(^|[\s(])\*(?=\S)([^*\n]*\S)\*(?=$|[\s).,:;!?])/g, "$1**$2**");

const line = (written: string): string => {
  const heading = /^h([1-6])\.\s+(.*)$/.exec(written);
  if (heading) return `${"#".repeat(Number(heading[1]))} ${inline(heading[2] ?? "")}`;
  const quoted = /^bq\.\s+(.*)$/.exec(written);
  if (quoted) return `> ${inline(quoted[1] ?? "")}`;
  const item = /^([*#-]{1,6})\s+(.*)$/.exec(written);
  if (item && written !== "----") return `${listMark(item[1] ?? "*")}${inline(item[2] ?? "")}`;
  return inline(written);
};

const prose = (text: string): string => text.split("\n").map(line).join("\n");

/** Pure and linear. What it does not know stays as written. */
export const wikiToMarkdown = (written: string): string => {
  const text = written.replace(/\r\n?/g, "\n");
  const parts: string[] = [];
  let done = 0;
  for (const block of text.matchAll(blocks)) {
    parts.push(quotedProse(text.slice(done, block.index)));
    parts.push(
      `\n${codeFence}${languageOf(block[2])}\n${(block[3] ?? "").replace(/^\n|\n$/g, "").replaceAll(codeFence, "'''")}\n${codeFence}\n`,
    );
    done = block.index + block[0].length;
  }
  parts.push(quotedProse(text.slice(done)));
  return parts.join("");
};

const quotedProse = (text: string): string => {
  const parts: string[] = [];
  let done = 0;
  for (const quote of text.matchAll(quotes)) {
    parts.push(prose(text.slice(done, quote.index)), `\n${quoteLines(quote[1] ?? "")}\n\n`);
    done = quote.index + quote[0].length;
  }
  parts.push(prose(text.slice(done)));
  return parts.join("");
};
