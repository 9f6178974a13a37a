import { findElementEnd, findHtmlTag } from "./html-tag.ts";
import type { Span } from "./spans.ts";

/** Elements whose content is code or somebody else's words, or is never shown. */
const mutedElements = new Set([
  "pre",
  "code",
  "samp",
  "tt",
  "blockquote",
  "q",
  "script",
  "style",
  "title",
  "template",
  "textarea",
]);
const space = /\s/;
const wordOrLetter = /[\p{L}\p{N}\p{M}_]/u;
const autolink = /<(?:[a-z][a-z0-9+.-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9.-]{1,255})>/iy;
/** Stops at CJK punctuation too: there nobody puts a space after an address. https://github.github.com/gfm/#autolinks-extension- */
const bareLink = /(?:https?:\/\/|ftp:\/\/|www\.)[^\s<\u3000-\u303f\uff00-\uff20\uff3b-\uff40]*/iy;
const maxParentheses = 32;

/** Positions of the backtick runs by their length, to find the run that closes one without looking at any twice. */
const backtickRuns = (text: string, from: number, to: number): Map<number, number[]> => {
  const runs = new Map<number, number[]>();
  for (let i = from; i < to; i += 1) {
    if (text[i] !== "`") continue;
    const start = i;
    while (i < to && text[i] === "`") i += 1;
    const starts = runs.get(i - start) ?? [];
    starts.push(start);
    runs.set(i - start, starts);
  }
  return runs;
};

const firstAtOrAfter = (sorted: readonly number[], least: number): number | undefined => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
};

/** End of a link's `(target "title")` that opens at `at`, or undefined. Parentheses nest at most 32 deep (as cmark has it), which keeps the scan linear. */
const linkTargetEnd = (text: string, at: number, limit: number): number | undefined => {
  let i = at + 1;
  while (i < limit && space.test(text[i] ?? "")) i += 1;
  let depth = 1;
  for (; i < limit; i += 1) {
    const char = text[i] ?? "";
    if (char === "\\") i += 1;
    else if (char === "(") {
      depth += 1;
      if (depth > maxParentheses) return undefined;
    } else if (char === ")") {
      depth -= 1;
      if (depth === 0) return i + 1;
    } else if (space.test(char)) break;
  }
  while (i < limit && space.test(text[i] ?? "")) i += 1;
  const quote = text[i];
  if (quote === ")") return i + 1;
  if (quote !== '"' && quote !== "'") return undefined;
  i += 1;
  while (i < limit && text[i] !== quote) i += text[i] === "\\" ? 2 : 1;
  i += 1;
  while (i < limit && space.test(text[i] ?? "")) i += 1;
  return i < limit && text[i] === ")" ? i + 1 : undefined;
};

/**
 * What does not count in one paragraph [from, to) of markdown: inline code, comments, tags and muted elements, link targets and titles, image alt
 * text, bare addresses, and the underscores of emphasis (`_@openhands_` shows as @openhands). A comment or element may end after the
 * paragraph: `end` is where the scan of blocks goes on. Linear: every step moves on, and no closing mark is looked for twice in vain.
 */
export const inlineSpans = (
  text: string,
  from: number,
  to: number,
): { readonly spans: readonly Span[]; readonly end: number } => {
  const spans: Span[] = [];
  const brackets: { readonly at: number; readonly image: boolean }[] = [];
  const emphasis: Span[] = [];
  let runs: Map<number, number[]> | undefined;
  let i = from;

  const skip = (end: number): void => {
    spans.push({ from: i, to: end });
    i = end;
  };

  const passBackticks = (): void => {
    const start = i;
    while (i < to && text[i] === "`") i += 1;
    runs ??= backtickRuns(text, from, to);
    const close = firstAtOrAfter(runs.get(i - start) ?? [], i);
    if (close === undefined) return;
    const end = close + (i - start);
    i = start;
    skip(end);
  };

  const passAngle = (): void => {
    if (text.startsWith("<!--", i)) {
      // `<!-->` and `<!--->` are whole comments: https://spec.commonmark.org/0.31.2/#html-comment
      const close = text.indexOf("-->", i + 2);
      skip(close === -1 ? text.length : close + 3);
      return;
    }
    autolink.lastIndex = i;
    const link = autolink.exec(text);
    if (link !== null && i + link[0].length <= to) {
      skip(i + link[0].length);
      return;
    }
    const found = findHtmlTag(text, i, to);
    if ("brokenAt" in found) {
      i = found.brokenAt;
      return;
    }
    const { name, closing, end } = found.tag;
    skip(!closing && mutedElements.has(name) ? findElementEnd(text, name, end) : end);
  };

  const passBracketEnd = (): void => {
    const opener = brackets.pop();
    const target = text[i + 1] === "(" ? linkTargetEnd(text, i + 1, to) : undefined;
    if (target !== undefined) {
      if (opener?.image === true) i = opener.at;
      else i += 1;
      skip(target);
      return;
    }
    if (opener?.image === true) spans.push({ from: opener.at, to: i + 1 });
    i += 1;
  };

  const passUnderscores = (): void => {
    const start = i;
    while (i < to && text[i] === "_") i += 1;
    const before = start > from ? (text[start - 1] ?? " ") : " ";
    const after = i < to ? (text[i] ?? " ") : " ";
    if (!wordOrLetter.test(before) && !space.test(after)) emphasis.push({ from: start, to: i });
    else if (!wordOrLetter.test(after) && !space.test(before)) {
      const opener = emphasis.pop();
      if (opener !== undefined) spans.push(opener, { from: start, to: i });
    }
  };

  while (i < to) {
    const char = text[i];
    if (char === "\\") i = Math.min(i + 2, to);
    else if (char === "`") passBackticks();
    else if (char === "<") passAngle();
    else if (char === "!" && text[i + 1] === "[") {
      brackets.push({ at: i, image: true });
      i += 2;
    } else if (char === "[") {
      brackets.push({ at: i, image: false });
      i += 1;
    } else if (char === "]") passBracketEnd();
    else if (char === "_") passUnderscores();
    else {
      // `repo=https://…` is an option of ours, and no platform links an address after `=`.
      const mayBegin =
        i === from ||
        !(wordOrLetter.test(text[i - 1] ?? "") || /repo=$/i.test(text.slice(Math.max(from, i - 5), i)));
      bareLink.lastIndex = i;
      const link = mayBegin ? bareLink.exec(text) : null;
      if (link === null) i += 1;
      else skip(i + link[0].length);
    }
  }
  return { spans, end: Math.max(i, to) };
};
