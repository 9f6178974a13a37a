/** Blocks of markdown as agents write it: enough to say the same in another markup. */
export type MarkdownBlock =
  | { readonly type: "heading"; readonly level: number; readonly text: string }
  | { readonly type: "paragraph"; readonly text: string }
  | { readonly type: "code"; readonly language: string; readonly code: string }
  | {
      readonly type: "item";
      readonly depth: number;
      /** As written, for an ordered list. */
      readonly number?: string | undefined;
      readonly done?: boolean | undefined;
      readonly text: string;
    }
  | { readonly type: "quote"; readonly text: string }
  | { readonly type: "rule" }
  | {
      readonly type: "table";
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

const heading = /^ {0,3}(#{1,6})[ \t]+(.*)$/;
const fence = /^(\s*)(`{3,}(?!`)|~{3,}(?!~))[ \t]*([^\s`]*)(?:[ \t][^`]*)?$/;
const item = /^(\s*)(?:[-*+]|(\d{1,9})[.)])[ \t]+(.*)$/;
const task = /^\[([ xX])\][ \t]+/;
const rule = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*$/;
const quote = /^ {0,3}>[ \t]?(.*)$/;
const separatorCell = /^[ \t]*:?-+:?[ \t]*$/;

/** Cells of one row; `\|` and a `|` within code stay inside their cell. */
const cells = (line: string): readonly string[] => {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
};

const isSeparator = (line: string): boolean =>
  line.includes("-") && cells(line).every((cell) => separatorCell.test(cell));

const closes = (line: string, mark: string): boolean => {
  const bare = line.trim();
  return bare.length >= mark.length && bare === (mark[0] ?? "").repeat(bare.length);
};

/** Reads markdown block by block, line by line. */
export const markdownBlocks = (markdown: string): readonly MarkdownBlock[] => {
  const lines = markdown.split(/\r\n|\n|\r/);
  const blocks: MarkdownBlock[] = [];
  let words: string[] = [];
  const endParagraph = (): void => {
    if (words.length > 0) blocks.push({ type: "paragraph", text: words.join("\n") });
    words = [];
  };
  const add = (block: MarkdownBlock): void => {
    endParagraph();
    blocks.push(block);
  };
  /** Lines from `at` on for which `read` gives something, and the index after them. */
  const gather = (
    at: number,
    read: (line: string) => string | undefined,
  ): readonly [readonly string[], number] => {
    const found: string[] = [];
    let next = at;
    for (
      let one = read(lines[next] ?? "");
      next < lines.length && one !== undefined;
      one = read(lines[next] ?? "")
    ) {
      found.push(one);
      next += 1;
    }
    return [found, next];
  };

  /** True for an indented line right below a list item. */
  const continuesItem = (at: number): boolean =>
    blocks.at(-1)?.type === "item" && /^\s/.test(lines[at] ?? "") && (lines[at - 1] ?? "").trim() !== "";

  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const fenced = fence.exec(line);
    if (fenced !== null) {
      const [code, end] = gather(at + 1, (one) => (closes(one, fenced[2] ?? "") ? undefined : one));
      add({ type: "code", language: fenced[3] ?? "", code: code.join("\n") });
      at = end + 1;
      continue;
    }
    const listed = rule.test(line) ? null : item.exec(line);
    const titled = heading.exec(line);
    if (quote.test(line)) {
      const [quoted, end] = gather(at, (one) => quote.exec(one)?.[1]);
      add({ type: "quote", text: quoted.join("\n") });
      at = end;
      continue;
    }
    if (words.length === 0 && line.includes("|") && isSeparator(lines[at + 1] ?? "")) {
      const [rows, end] = gather(at + 2, (one) => (one.includes("|") ? one : undefined));
      add({ type: "table", head: cells(line), rows: rows.map(cells) });
      at = end;
      continue;
    }
    at += 1;
    if (line.trim() === "") endParagraph();
    else if (titled !== null)
      add({
        type: "heading",
        level: titled[1]?.length ?? 1,
        text: (titled[2] ?? "").replace(/[ \t]#+[ \t]*$/, "").trim(),
      });
    else if (rule.test(line)) add({ type: "rule" });
    else if (listed === null && words.length === 0 && continuesItem(at - 1)) {
      const last = blocks.at(-1);
      if (last?.type === "item") blocks[blocks.length - 1] = { ...last, text: `${last.text} ${line.trim()}` };
    } else if (listed === null) words.push(line.trim());
    else {
      const text = listed[3] ?? "";
      const box = task.exec(text)?.[1];
      const depth = Math.min(5, Math.floor((listed[1] ?? "").replace(/\t/g, "    ").length / 2));
      add({
        type: "item",
        depth,
        number: listed[2],
        done: box === undefined ? undefined : box !== " ",
        text: text.replace(task, ""),
      });
    }
  }
  endParagraph();
  return blocks;
};
