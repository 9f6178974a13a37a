import { inlineSpans } from "./inline-spans.ts";
import { blankOut, type Span } from "./spans.ts";

const lineEnd = /\r\n|\n|\r|$/g;
const listMarker = /^(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)/;
const fenceMark = /^(?:`{3,}(?=[^`]*$)|~{3,})/;
const definition = /^\[(?!\^)[^[\]]{1,999}\]:[ \t]*\S+(?:[ \t]+(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*$/;
const heading = /^#{1,6}(?:[ \t]|$)/;

const beginsBlock = (rest: string): boolean =>
  rest.startsWith(">") || listMarker.test(rest.slice(0, 12)) || fenceMark.test(rest) || heading.test(rest);

interface Fence {
  readonly char: string;
  readonly length: number;
  /** Indent of the list item the fence stands in; a line with less ends it. */
  readonly base: number;
}

/** Columns that the white space at the start of `line` takes, tabs reaching to the next multiple of four, and how many characters it is. */
const indentOf = (
  line: string,
  startColumn: number,
): { readonly columns: number; readonly length: number } => {
  let column = startColumn;
  let length = 0;
  for (; length < line.length; length += 1) {
    const char = line[length];
    if (char === " ") column += 1;
    else if (char === "\t") column += 4 - (column % 4);
    else break;
  }
  return { columns: column, length };
};

/**
 * Markdown with everything in which a mention does not count turned to spaces: quotes, fenced and indented code, inline code, HTML comments
 * and tags, link targets, addresses, image alt text, link definitions. Same length and line breaks as the input; linear time.
 * A line right below a quote counts although CommonMark draws it into the quote: who quotes marks every line, and who answers there means us.
 */
export const visibleText = (markdown: string): string => {
  const spans: Span[] = [];
  const lists: number[] = [];
  let fence: Fence | undefined;
  let chunk: { from: number; to: number } | undefined;
  /** Position before which everything is settled; a comment may have carried it beyond the current line. */
  let settled = 0;
  let noMoreQuoteFences = false;

  const closeChunk = (): void => {
    if (chunk === undefined) return;
    const { spans: found, end } = inlineSpans(markdown, chunk.from, chunk.to);
    for (const span of found) spans.push(span);
    if (end > chunk.to) settled = Math.max(settled, end);
    chunk = undefined;
  };

  const mute = (from: number, to: number): void => {
    spans.push({ from, to });
  };

  /** GitLab's `>>>` … `>>>`: https://docs.gitlab.com/user/markdown/#multiline-blockquote */
  const endOfQuoteFence = (lineTo: number): number | undefined => {
    if (noMoreQuoteFences) return undefined;
    const closing = /[\r\n][ \t]{0,3}>>>[ \t]*(?=[\r\n]|$)/g;
    closing.lastIndex = lineTo;
    const found = closing.exec(markdown);
    if (found === null) noMoreQuoteFences = true;
    return found === null ? undefined : found.index + found[0].length;
  };

  /** True after a comment that ended within a line: what follows there is plain text. */
  const startsMidLine = (from: number): boolean =>
    from > 0 && from === settled && !/[\r\n]/.test(markdown[from - 1] ?? "");

  const inFence = (columns: number, rest: string): boolean => {
    if (fence === undefined) return false;
    if (rest !== "" && columns < fence.base) {
      fence = undefined;
      return false;
    }
    const mark = fenceMark.exec(rest)?.[0] ?? "";
    if (mark.startsWith(fence.char) && mark.length >= fence.length && rest.slice(mark.length).trim() === "")
      fence = undefined;
    return true;
  };

  const readLine = (from: number, to: number): void => {
    const line = markdown.slice(from, to);
    let { columns, length: at } = indentOf(line, 0);
    if (inFence(columns, line.slice(at).trimEnd())) {
      mute(from, to);
      return;
    }
    if (line.trim() === "") {
      closeChunk();
      return;
    }
    if (startsMidLine(from)) {
      chunk = { from, to };
      return;
    }
    // A line that only goes on with a paragraph leaves the list item of that paragraph open, however it is indented.
    if (chunk === undefined || beginsBlock(line.slice(at))) while (columns < (lists.at(-1) ?? 0)) lists.pop();
    if (chunk === undefined && columns - (lists.at(-1) ?? 0) >= 4) {
      mute(from, to);
      return;
    }

    for (
      let marker = listMarker.exec(line.slice(at, at + 12));
      marker !== null;
      marker = listMarker.exec(line.slice(at, at + 12))
    ) {
      closeChunk();
      if (settled > from) return;
      const after = indentOf(line.slice(at + marker[0].length), columns + marker[0].length);
      const wide = after.columns - columns - marker[0].length > 4;
      lists.push(wide ? columns + marker[0].length + 1 : after.columns);
      at += marker[0].length + after.length;
      columns = after.columns;
      if (wide) {
        mute(from + at, to);
        return;
      }
    }

    const rest = line.slice(at);
    if (rest.startsWith(">")) {
      closeChunk();
      if (settled > from) return;
      const end = rest.trimEnd() === ">>>" ? endOfQuoteFence(to) : undefined;
      settled = Math.max(settled, end ?? 0);
      mute(from, end ?? to);
      return;
    }
    const mark = fenceMark.exec(rest)?.[0];
    if (mark !== undefined) {
      closeChunk();
      // The comment that ends the paragraph before may swallow this line: then it is no fence.
      if (settled > from) return;
      fence = { char: mark[0] ?? "", length: mark.length, base: lists.at(-1) ?? 0 };
      mute(from, to);
      return;
    }
    if (chunk === undefined && definition.test(rest)) {
      mute(from, to);
      return;
    }
    if (heading.test(rest)) closeChunk();
    if (settled > from) return;
    if (chunk === undefined) chunk = { from: from + at, to };
    else chunk.to = to;
    if (heading.test(rest)) closeChunk();
  };

  let from = 0;
  while (from < markdown.length) {
    lineEnd.lastIndex = from;
    const end = lineEnd.exec(markdown);
    const to = end?.index ?? markdown.length;
    readLine(from, to);
    from = to + Math.max(1, end?.[0].length ?? 1);
    if (from >= markdown.length) closeChunk();
    if (settled > from) {
      chunk = undefined;
      from = settled;
    }
  }
  closeChunk();
  return blankOut(markdown, spans);
};
