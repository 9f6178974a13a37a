import { joinLines } from "./words.ts";

/** `text` as inline code that cannot be left: the fence is longer than any run of backticks inside; line breaks become spaces. */
export const inlineCode = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "") return "";
  let longest = 0;
  for (const run of line.matchAll(/`+/g)) longest = Math.max(longest, run[0].length);
  const mark = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${mark}${pad}${line}${pad}${mark}`;
};

/**
 * Plain text as markdown that shows it: nothing in it is markup, mentions anybody, or leads anywhere. The one exception is `` `code` `` within one
 * line, the only markup that plain sentences may carry.
 */
export const escapeGfm = (text: string): string =>
  joinLines(
    text
      .split(/(`[^`\r\n]+`)/)
      .map((part, at) => (at % 2 === 1 ? part : escapeWords(part)))
      .join(""),
  ).trim();

const escapeWords = (text: string): string =>
  text
    .split(/((?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.)[^\s<>`]{1,4000})/i)
    .map((part, at) => (at % 2 === 1 ? inlineCode(part.replace(/`/g, "%60")) : escapeMarkup(part)))
    .join("");

const escapeMarkup = (text: string): string =>
  text
    .replace(/[\\`*_~[\]<>&|]/g, (char) => escapes[char] ?? `\\${char}`)
    .replace(/(?<![A-Za-z0-9])@(?=\S)/g, "@\u200b")
    .replace(/^([^\S\r\n]*)([-+=/#]|\d{1,9}(?=[.)]))/gm, (_, space: string, mark: string) =>
      /\d/.test(mark) ? `${space}${mark}\u200b` : `${space}\\${mark}`,
    );

const escapes: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };
