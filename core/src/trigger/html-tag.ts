const nameChar = /[A-Za-z0-9-]/;
const nameStart = /[A-Za-z]/;
const space = /\s/;

export interface HtmlTag {
  readonly name: string;
  readonly closing: boolean;
  /** Position after `>`. */
  readonly end: number;
}

/** The tag that begins with the `<` at `at`, or the position where it stopped being one. Nothing before that position can begin another tag, so a scan stays linear. */
export const findHtmlTag = (
  text: string,
  at: number,
  limit: number,
): { readonly tag: HtmlTag } | { readonly brokenAt: number } => {
  let i = at + 1;
  const closing = text[i] === "/";
  if (closing) i += 1;
  if (i >= limit || !nameStart.test(text[i] ?? "")) return { brokenAt: at + 1 };
  const nameFrom = i;
  while (i < limit && nameChar.test(text[i] ?? "")) i += 1;
  const name = text.slice(nameFrom, i).toLowerCase();
  const after = text[i] ?? "";
  if (after !== ">" && after !== "/" && !space.test(after)) return { brokenAt: i };
  while (i < limit) {
    const char = text[i] ?? "";
    if (char === ">") return { tag: { name, closing, end: i + 1 } };
    if (char === "<") return { brokenAt: i };
    if (char === '"' || char === "'") {
      const close = text.indexOf(char, i + 1);
      if (close === -1 || close >= limit) return { brokenAt: limit };
      i = close;
    }
    i += 1;
  }
  return { brokenAt: limit };
};

/** Position after the end tag that closes the element whose start tag ended at `from`; nested ones of the same name count; the end of the text when it is never closed. */
export const findElementEnd = (text: string, name: string, from: number): number => {
  const tags = new RegExp(`<(/?)${name}(?=[\\s/>])[^<>]*>`, "gi");
  tags.lastIndex = from;
  let depth = 1;
  for (let found = tags.exec(text); found !== null; found = tags.exec(text)) {
    depth += found[1] === "/" ? -1 : 1;
    if (depth === 0) return found.index + found[0].length;
  }
  return text.length;
};
