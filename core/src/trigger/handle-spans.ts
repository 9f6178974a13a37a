import type { Span } from "./spans.ts";

/**
 * Letters of scripts written without spaces around foreign words do not count as word characters: in `请@openhands修复` and `@openhands에게`
 * the handle stands alone, and no platform has account names in these scripts. Every other letter, mark, digit and `_` does.
 */
const wordChar =
  /(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{M}\p{N}_]/u;

const charBefore = (text: string, at: number): string => {
  const low = text.charCodeAt(at - 1);
  return low >= 0xdc00 && low <= 0xdfff && at >= 2
    ? text.slice(at - 2, at)
    : text.slice(Math.max(0, at - 1), at);
};

const charAfter = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at) ?? 32) : "";

const literal = (handle: string): string => handle.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** A list of handles is asked about once per delivery and seldom changes: its pattern is made once. */
const patterns = new WeakMap<readonly string[], RegExp>();
const nothing = /(?!)/g;

const patternOf = (handles: readonly string[]): RegExp => {
  const known = patterns.get(handles);
  if (known !== undefined) return known;
  const names = handles.map((handle) => handle.trim().replace(/^@+/, "")).filter((name) => name !== "");
  const longestFirst = names.sort((a, b) => b.length - a.length);
  // Without the u flag, so that "any case" does not mean that the long s of `@openhandſ` is an s.
  const made = names.length === 0 ? nothing : new RegExp(`@(?:${longestFirst.map(literal).join("|")})`, "gi");
  patterns.set(handles, made);
  return made;
};

/** False when none of the handles is written anywhere in the text, not even in code or within a word: most texts. */
export const mayName = (text: string, handles: readonly string[]): boolean => {
  const pattern = patternOf(handles);
  pattern.lastIndex = 0;
  return pattern.test(text);
};

/** Where one of the handles stands: any case, not after a word character or `@`, not before a word character or `-`. Handles may be given with or without `@`. */
export const handleSpans = (text: string, handles: readonly string[]): readonly Span[] => {
  const pattern = patternOf(handles);
  const spans: Span[] = [];
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const to = found.index + found[0].length;
    const before = charBefore(text, found.index);
    const after = charAfter(text, to);
    if (before === "@" || after === "-" || wordChar.test(before) || wordChar.test(after)) continue;
    spans.push({ from: found.index, to });
  }
  return spans;
};
