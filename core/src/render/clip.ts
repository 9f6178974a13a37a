const window = 256;
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The largest position at or before `at` that cuts no character as people see it; at least no surrogate pair when one is longer than 256 units. */
export const cutPosition = (text: string, at: number): number => {
  if (at <= 0) return 0;
  if (at >= text.length) return text.length;
  const from = Math.max(0, at - window);
  const start = isLowSurrogate(text, from) ? from + 1 : from;
  const piece = text.slice(start, Math.min(text.length, at + window));
  let best = 0;
  for (const { index } of graphemes.segment(piece)) {
    if (start + index > at) break;
    best = start + index;
  }
  if (best > start || start === 0) return best;
  return isLowSurrogate(text, at) ? at - 1 : at;
};

const isLowSurrogate = (text: string, at: number): boolean => {
  const unit = text.charCodeAt(at);
  const before = text.charCodeAt(at - 1);
  return unit >= 0xdc00 && unit <= 0xdfff && before >= 0xd800 && before <= 0xdbff;
};

/** What closes the code fence that `markdown` leaves open, or nothing. */
export const openFence = (markdown: string): string | undefined => {
  let open: string | undefined;
  for (const line of markdown.split("\n")) {
    const mark = /^\s*(?:(?:[-+*]|\d{1,9}[.)])\s+)*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    if (mark === undefined) continue;
    if (open === undefined) open = mark;
    else if (mark[0] === open[0] && mark.length >= open.length && line.trim() === mark) open = undefined;
  }
  return open;
};

/** Where the code span begins that `line` opens and does not close. */
const openCode = (line: string): number | undefined => {
  const runs = [...line.matchAll(/\\[\s\S]|`+/g)];
  for (let at = 0; at < runs.length; at += 1) {
    const mark = runs[at]?.[0] ?? "";
    if (mark.startsWith("\\")) continue;
    const closing = closingRun(line, (runs[at]?.index ?? 0) + mark.length, mark);
    if (closing === undefined) return runs[at]?.index;
    while ((runs[at + 1]?.index ?? Number.POSITIVE_INFINITY) < closing) at += 1;
  }
  return undefined;
};

/** End of the run of exactly these backticks; inside code a backslash is only a backslash. */
const closingRun = (line: string, from: number, mark: string): number | undefined => {
  const runs = /`+/g;
  runs.lastIndex = from;
  for (let run = runs.exec(line); run !== null; run = runs.exec(line))
    if (run[0] === mark) return runs.lastIndex;
  return undefined;
};

/** Half a code span or half an address would become a live one: what the cut went through is cut away whole. */
const withoutHalves = (text: string): string => {
  const head = text.trimEnd();
  let word = head.length;
  while (word > 0 && !/\s/.test(head[word - 1] ?? " ")) word -= 1;
  const whole = head.slice(word).includes("://") ? head.slice(0, word) : head;
  const lineFrom = whole.lastIndexOf("\n") + 1;
  const code = openFence(whole) === undefined ? openCode(whole.slice(lineFrom)) : undefined;
  return (code === undefined ? whole : whole.slice(0, lineFrom + code)).trimEnd();
};

const characters = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** Closing backticks must fit too; an opening fence longer than this is not closed but cut away. */
const longestFence = 64;

/**
 * `text` with at most `limit` UTF-16 units (what Jira and Slack count; never fewer than GitHub's characters). What is cut is said:
 * `… (n characters left out)`. No character is cut in two, and a code fence left open is closed.
 */
export const clip = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const longestNotice = `\n\n… (${text.length} characters left out)`.length;
  let room = limit - longestNotice;
  for (let tries = 0; tries < 3 && room > 0; tries += 1) {
    const head = withoutHalves(text.slice(0, cutPosition(text, room)));
    const fence = openFence(head);
    const notice = `… (${characters(text.slice(head.length))} characters left out)`;
    const clipped = fence === undefined ? `${head}${notice}` : `${head}\n${fence}\n\n${notice}`;
    if (clipped.length <= limit && (fence?.length ?? 0) <= longestFence) return clipped;
    room -= Math.min(fence?.length ?? 0, longestFence) + 4;
    if (fence !== undefined && fence.length > longestFence) room = Math.min(room, head.lastIndexOf(fence));
  }
  return withoutHalves(text.slice(0, cutPosition(text, limit)));
};

/** One line of plain text: line breaks and runs of white space become one space, then it is cut at `limit` with `…`. */
export const clipLine = (text: string, limit: number): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= limit
    ? line
    : `${line.slice(0, cutPosition(line, Math.max(0, limit - 1))).trimEnd()}…`.slice(0, limit);
};
