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

/** Where one of the handles stands: any case, not after a word character or `@`, not before a word character or `-`. Handles may be given with or without `@`. */
export const handleSpans = (text: string, handles: readonly string[]): readonly Span[] => {
  const names = handles.map((handle) => handle.trim().replace(/^@+/, "")).filter((name) => name !== "");
  if (names.length === 0) return [];
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  // Without the u flag, so that "any case" does not mean that the long s of `@openhandſ` is an s.
  const pattern = new RegExp(`@(?:${longestFirst.map(literal).join("|")})`, "gi");
  const spans: Span[] = [];
  for (const found of text.matchAll(pattern)) {
    const to = found.index + found[0].length;
    const before = charBefore(text, found.index);
    const after = charAfter(text, to);
    if (before === "@" || after === "-" || wordChar.test(before) || wordChar.test(after)) continue;
    spans.push({ from: found.index, to });
  }
  return spans;
};
