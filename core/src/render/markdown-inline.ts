/** Marks of running text; the same kind never nests in itself. */
export type MarkKind = "strong" | "em" | "strike";

export type InlineToken =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "code"; readonly code: string }
  | { readonly type: "open" | "close"; readonly kind: MarkKind }
  | { readonly type: "link"; readonly label: string; readonly url: string };

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&quot;": '"',
  "&nbsp;": " ",
  "&#39;": "'",
};
const entity = /&(?:lt|gt|amp|quot|nbsp|#39);/y;
const link =
  /!?\[((?:\\[\s\S]|[^\\[\]]){0,2000})\]\(([^\s<>()]{1,2000}(?:\([^\s<>()]{0,500}\)[^\s<>()]{0,500}){0,3})\)/y;
const bare = /https?:\/\/[^\s<>`]{1,4000}/iy;
const angleLink = /<(https?:\/\/[^\s<>]{1,4000})>/iy;
const breakTag = /<br\s?\/?>/iy;
const otherTag = /<\/?(?:sub|sup|kbd|b|i|em|strong|del|ins)>/iy;
const wordChar = /[\p{L}\p{N}]/u;
const escapable = /[!-/:-?@[-`{-~]/;

const delimiters: readonly { readonly mark: string; readonly kind: MarkKind; readonly wordsOnly: boolean }[] =
  [
    { mark: "**", kind: "strong", wordsOnly: false },
    { mark: "__", kind: "strong", wordsOnly: true },
    { mark: "~~", kind: "strike", wordsOnly: false },
    { mark: "*", kind: "em", wordsOnly: false },
    { mark: "_", kind: "em", wordsOnly: true },
  ];

const plain = (markdown: string): string =>
  markdown
    .replace(/\\([!-/:-?@[-`{-~])/g, "$1")
    .replace(/&(?:lt|gt|amp|quot|nbsp|#39);/g, (one) => entities[one] ?? one)
    .replace(/[*`~]/g, "");

interface Opener {
  readonly mark: string;
  readonly kind: MarkKind;
  /** Index of its token. */
  readonly at: number;
}

/** Running markdown as a flat list of tokens whose marks are balanced. Made for markdown that went through `defuse`; linear time. */
export const inlineTokens = (markdown: string): readonly InlineToken[] => {
  const tokens: InlineToken[] = [];
  let openers: readonly Opener[] = [];
  let noCode = false;
  let i = 0;

  const addText = (text: string): void => {
    const last = tokens.at(-1);
    const mergeable = last?.type === "text" && !openers.some((opener) => opener.at === tokens.length - 1);
    if (mergeable) tokens[tokens.length - 1] = { type: "text", text: last.text + text };
    else tokens.push({ type: "text", text });
  };
  const matchAt = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = i;
    return pattern.exec(markdown);
  };

  const codeSpan = (): boolean => {
    let end = i;
    while (markdown[end] === "`") end += 1;
    const mark = markdown.slice(i, end);
    let close = noCode ? -1 : markdown.indexOf(mark, end);
    while (close !== -1 && markdown[close + mark.length] === "`") {
      while (markdown[close] === "`") close += 1;
      close = markdown.indexOf(mark, close);
    }
    if (close === -1) {
      noCode = true;
      addText(mark);
      i = end;
      return true;
    }
    const inside = markdown.slice(end, close).replace(/\n/g, " ");
    const padded = inside.startsWith(" ") && inside.endsWith(" ") && inside.trim() !== "";
    tokens.push({ type: "code", code: padded ? inside.slice(1, -1) : inside });
    i = close + mark.length;
    return true;
  };

  const delimiter = (): boolean => {
    const found = delimiters.find(({ mark }) => markdown.startsWith(mark, i));
    if (found === undefined) return false;
    const { mark, kind, wordsOnly } = found;
    const before = markdown[i - 1] ?? " ";
    const after = markdown[i + mark.length] ?? " ";
    const opener = openers.find((one) => one.mark === mark);
    const canClose = !/\s/.test(before) && !(wordsOnly && wordChar.test(after));
    const canOpen = !/\s/.test(after) && !(wordsOnly && wordChar.test(before));
    if (opener !== undefined && canClose && opener.at < tokens.length - 1) {
      tokens[opener.at] = { type: "open", kind };
      tokens.push({ type: "close", kind });
      openers = openers.slice(0, openers.indexOf(opener));
    } else {
      if (canOpen && opener === undefined && !openers.some((one) => one.kind === kind))
        openers = [...openers, { mark, kind, at: tokens.length }];
      tokens.push({ type: "text", text: mark });
    }
    i += mark.length;
    return true;
  };

  const special = (): boolean => {
    const char = markdown[i] ?? "";
    if (char === "\\" && escapable.test(markdown[i + 1] ?? "")) {
      addText(markdown[i + 1] ?? "");
      i += 2;
      return true;
    }
    if (char === "`") return codeSpan();
    if (char === "&") {
      const found = matchAt(entity)?.[0] ?? "&";
      addText(entities[found] ?? "&");
      i += found.length;
      return true;
    }
    const angle = char === "<" ? matchAt(angleLink) : null;
    if (angle !== null) {
      tokens.push({ type: "link", label: angle[1] ?? "", url: angle[1] ?? "" });
      i += angle[0].length;
      return true;
    }
    if (char === "<") {
      const lineBreak = matchAt(breakTag)?.[0];
      const tag = lineBreak ?? matchAt(otherTag)?.[0] ?? "<";
      if (lineBreak !== undefined) addText("\n");
      else if (tag === "<") addText("<");
      i += tag.length;
      return true;
    }
    const found = char === "[" || char === "!" ? matchAt(link) : null;
    const address =
      char === "h" || char === "H" ? matchAt(bare)?.[0].replace(/[.,;:!?)\]}'"*_~]{1,20}$/, "") : undefined;
    if (found !== null)
      tokens.push({ type: "link", label: plain(found[1] ?? "") || (found[2] ?? ""), url: found[2] ?? "" });
    else if (address !== undefined) tokens.push({ type: "link", label: address, url: address });
    else return false;
    i += found?.[0].length ?? address?.length ?? 1;
    return true;
  };

  while (i < markdown.length) {
    if (special() || delimiter()) continue;
    addText(markdown[i] ?? "");
    i += 1;
  }
  return tokens;
};
