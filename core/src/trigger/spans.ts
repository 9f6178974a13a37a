/** Half-open range of UTF-16 positions in a text. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const keptApart = /[^\r\n]/g;

/** The text with every span turned to spaces. Length, positions and line breaks stay, so that words never fuse. Spans may come in any order and overlap. */
export const blankOut = (text: string, spans: readonly Span[]): string => {
  const ordered = [...spans].sort((a, b) => a.from - b.from);
  const parts: string[] = [];
  let done = 0;
  for (const span of ordered) {
    const from = Math.max(span.from, done);
    const to = Math.min(span.to, text.length);
    if (to <= from) continue;
    parts.push(text.slice(done, from), text.slice(from, to).replace(keptApart, " "));
    done = to;
  }
  parts.push(text.slice(done));
  return parts.join("");
};
