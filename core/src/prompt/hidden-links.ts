import { blankOut } from "../trigger/spans.ts";
import type { Removals } from "./removals.ts";

/** `[label]: target "title"` on lines of its own; footnotes (`[^1]: …`) are shown and stay. */
const definition =
  /^( {0,3}\[)((?!\^)(?:\\.|[^[\]\\]){1,999})\]:[ \t]*(?:\r?\n[ \t]*)?(<[^<>\r\n]{0,2000}>|[^\s<][^\s]{0,2000})((?:[ \t]+|[ \t]*\r?\n[ \t]*)(?:"[^"]{0,5000}"|'[^']{0,5000}'|\([^()]{0,5000}\)))?[ \t]*$/gm;
const space = /\s/;
const maxParentheses = 32;

interface Target {
  /** Where the address ends and the title (with the white space before it) begins. */
  readonly titleFrom: number;
  /** Position of the closing parenthesis. */
  readonly close: number;
}

const closers: Readonly<Record<string, string>> = { '"': '"', "'": "'", "(": ")" };

/** The target of an inline link whose `(` stands at `at`. */
const readTarget = (text: string, at: number): Target | undefined => {
  let i = at + 1;
  while (space.test(text[i] ?? "")) i += 1;
  if (text[i] === "<") {
    while (i < text.length && text[i] !== ">" && text[i] !== "\n") i += 1;
    i += 1;
  } else {
    let depth = 0;
    for (; i < text.length && !space.test(text[i] ?? ""); i += 1) {
      if (text[i] === "\\") i += 1;
      else if (text[i] === "(") depth += 1;
      else if (text[i] === ")") depth -= 1;
      if (depth > maxParentheses) return undefined;
      if (depth < 0) return { titleFrom: i, close: i };
    }
  }
  const titleFrom = i;
  while (space.test(text[i] ?? "")) i += 1;
  if (text[i] === ")") return { titleFrom, close: i };
  const closer = closers[text[i] ?? ""];
  if (closer === undefined) return undefined;
  i += 1;
  while (i < text.length && text[i] !== closer) i += text[i] === "\\" ? 2 : 1;
  i += 1;
  while (space.test(text[i] ?? "")) i += 1;
  return text[i] === ")" ? { titleFrom, close: i } : undefined;
};

interface Cut {
  readonly from: number;
  readonly to: number;
}

const withoutCuts = (text: string, cuts: readonly Cut[]): string => {
  const ordered = [...cuts].sort((a, b) => a.from - b.from || b.to - a.to);
  const parts: string[] = [];
  let done = 0;
  for (const { from, to } of ordered) {
    if (from > done) parts.push(text.slice(done, from));
    done = Math.max(done, to);
  }
  parts.push(text.slice(done));
  return parts.join("");
};

const folded = (label: string): string => label.replace(/\s+/g, " ").trim().toLowerCase();

/** Labels in brackets outside definitions: a definition that none of them names shows nothing anywhere. */
const labelsIn = (text: string): ReadonlySet<string> => {
  const labels = new Set<string>();
  for (const found of text.matchAll(/\[((?:\\.|[^[\]\\]){1,999})\]/g)) labels.add(folded(found[1] ?? ""));
  return labels;
};

const removeDefinitions = (text: string, removals: Removals): string => {
  const found = [...text.matchAll(definition)];
  if (found.length === 0) return text;
  const used = labelsIn(
    blankOut(
      text,
      found.map(({ 0: whole, index }) => ({ from: index, to: index + whole.length })),
    ),
  );
  const cuts: Cut[] = [];
  for (const { 0: whole, 2: label = "", 4: title, index } of found) {
    if (used.has(folded(label))) {
      if (title === undefined) continue;
      const from = index + whole.lastIndexOf(title);
      cuts.push({ from, to: from + title.length });
      removals.note("link title", 1);
    } else {
      cuts.push({ from: index, to: index + whole.length });
      removals.note("link definition", 1);
    }
  }
  return withoutCuts(text, cuts);
};

/** Image descriptions, link titles, and link definitions that nothing uses. Acts only where the text has `[`. */
export const removeHiddenLinks = (text: string, removals: Removals): string => {
  const cuts: Cut[] = [];
  const brackets: { readonly at: number; readonly image: boolean }[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === "\\") i += 1;
    else if (char === "[") brackets.push({ at: i, image: text[i - 1] === "!" });
    else if (char === "]") {
      const opener = brackets.pop();
      if (opener === undefined) continue;
      if (opener.image && i > opener.at + 1) {
        cuts.push({ from: opener.at + 1, to: i });
        removals.note("image description", 1);
      }
      const target = text[i + 1] === "(" ? readTarget(text, i + 1) : undefined;
      if (target === undefined) continue;
      if (target.close > target.titleFrom) {
        cuts.push({ from: target.titleFrom, to: target.close });
        if (text.slice(target.titleFrom, target.close).trim() !== "") removals.note("link title", 1);
      }
      i = target.close;
    }
  }
  return removeDefinitions(withoutCuts(text, cuts), removals);
};
