import type { Removals } from "./removals.ts";

/** Pattern for one character out of ranges of code points. */
const oneOf = (...ranges: readonly (readonly [number, number])[]): string =>
  `[${ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join("")}]`;

/** Zero width and other characters without a shape. */
const invisible = new RegExp(
  oneOf(
    [0xad, 0xad], // soft hyphen
    [0x34f, 0x34f], // combining grapheme joiner
    [0x61c, 0x61c], // Arabic letter mark
    [0x115f, 0x1160], // Hangul fillers
    [0x17b4, 0x17b5], // Khmer inherent vowels
    [0x180b, 0x180f], // Mongolian selectors and vowel separator
    [0x200b, 0x200c], // zero width space, non-joiner
    [0x2060, 0x2064], // word joiner, invisible operators
    [0x206a, 0x206f], // deprecated format characters
    [0x2800, 0x2800], // blank braille pattern
    [0x3164, 0x3164], // Hangul filler
    [0xfeff, 0xfeff], // byte order mark
    [0xffa0, 0xffa0], // half-width Hangul filler
    [0xfff9, 0xfffc], // interlinear annotation, object replacement
    [0x1bca0, 0x1bca3], // shorthand format controls
    [0x1d173, 0x1d17a], // musical format controls
    [0xe0000, 0xe0fff], // tags, and selectors that carry bytes
  ),
  "gu",
);
/** https://unicode.org/reports/tr9/#Directional_Formatting_Characters */
const bidirectional = new RegExp(oneOf([0x200e, 0x200f], [0x202a, 0x202e], [0x2066, 0x2069]), "gu");
const control = /(?![\t\n\r])\p{Cc}/gu;

/** Scripts whose letters a joiner shapes. */
const joinedScripts = [
  "Arabic",
  "Devanagari",
  "Bengali",
  "Malayalam",
  "Sinhala",
  "Tamil",
  "Telugu",
  "Kannada",
]
  .map((script) => `\\p{Script=${script}}`)
  .join("|");
const joiner = "\\u{200d}";
/** A joiner is at home between emoji and in scripts that shape with it; elsewhere it only hides. */
const strayJoiner = new RegExp(
  `(?<!\\p{Extended_Pictographic}|\\p{Emoji_Modifier}|\\u{fe0f}|${joinedScripts})${joiner}|${joiner}(?!\\p{Extended_Pictographic}|${joinedScripts})`,
  "gu",
);
/** One selector belongs to an emoji, a keycap or an ideograph; alone or in a row they carry bytes. */
const straySelector = new RegExp(
  `(?<!\\p{Extended_Pictographic}|\\p{Script=Han}|[0-9#*])${oneOf([0xfe00, 0xfe0f])}`,
  "gu",
);
const loneSurrogate = /\p{Surrogate}/gu;

/** Removes what has no shape, what turns the direction of text, and control characters besides tab and line breaks. Never joins anything to markup that was not there. */
export const removeHiddenCharacters = (text: string, removals: Removals): string => {
  let left = text;
  const drop = (
    pattern: RegExp,
    kind: "invisible character" | "bidirectional control" | "control character",
  ): void => {
    let count = 0;
    left = left.replace(pattern, () => {
      count += 1;
      return "";
    });
    removals.note(kind, count);
  };
  // First, so that taking something away later never joins two halves to a new character.
  drop(loneSurrogate, "control character");
  drop(invisible, "invisible character");
  drop(straySelector, "invisible character");
  drop(strayJoiner, "invisible character");
  drop(bidirectional, "bidirectional control");
  drop(control, "control character");
  return left;
};
