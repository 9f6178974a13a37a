import type { Removals } from "./removals.ts";

/** Zero width and other characters without a shape: joiners, U+2060 to U+2064, soft hyphen, U+180E, Hangul fillers, blank braille, tags, interlinear marks, object replacement. */
const invisible =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffc\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
/** https://unicode.org/reports/tr9/#Directional_Formatting_Characters */
const bidirectional = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
/** A joiner is at home between emoji and in scripts that shape with it; elsewhere it only hides. */
const strayJoiner = /(?<![\p{Extended_Pictographic}\u{1f3fb}-\u{1f3ff}\ufe0f\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}])\u200d|\u200d(?![\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}])/gu;
/** One selector belongs to an emoji, a keycap or an ideograph; alone or in a row they carry bytes. */
const straySelector = /(?<![\p{Extended_Pictographic}\p{Script=Han}0-9#*\u203c\u2049\u2139\u20e3])[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;
const loneSurrogate = /\p{Surrogate}/gu;

/** Removes what has no shape, what turns the direction of text, and control characters besides tab and line breaks. Never joins anything to markup that was not there. */
export const removeHiddenCharacters = (text: string, removals: Removals): string => {
  let left = text;
  const drop = (pattern: RegExp, kind: "invisible character" | "bidirectional control" | "control character"): void => {
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
