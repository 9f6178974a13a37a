import { createNeedleSieve, type NeedleSieve } from "./needle-sieve.ts";
import { formsOf, type SecretForms, squeeze } from "./secret-forms.ts";
import { namedSecrets, passwordInAddress, tokenInAddress, tokenShapes } from "./token-shapes.ts";

export interface RedactorOptions {
  /** The secrets that live now, asked for at every call. */
  readonly secrets: () => Iterable<string>;
}

const replacement = "[redacted]";
const mostRemembered = 5000;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Whether a value that stands where secrets stand is one, and not a word of a sentence or a placeholder. */
const looksSecret = (value: string): boolean =>
  value !== replacement && ((/\d/.test(value) && /[A-Za-z]/.test(value)) || value.length >= 20);

const addAll = (ranges: Range[], text: string, form: string, map: (at: number) => number): void => {
  for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length)) {
    ranges.push({ from: map(at), to: map(at + form.length - 1) + 1 });
  }
};

const same = (at: number): number => at;

/** What people put before each byte when they write it as a number. */
const byteMarks = /\\x|\\u00|0x|&#x/gi;

const positionsOf = (text: string): Uint32Array => {
  const positions = new Uint32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isAlphanumeric =
      (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (isAlphanumeric) {
      positions[count] = at;
      count += 1;
    }
  }
  return positions;
};

/** Letters and digits of a text, and where each of them stood; that is looked up only when something is found, which is seldom. */
const squeezed = (text: string): { readonly text: string; at(index: number): number } => {
  let positions: Uint32Array | undefined;
  return {
    text: squeeze(text),
    at: (index) => {
      positions ??= positionsOf(text);
      return positions[index] ?? 0;
    },
  };
};

/** Secrets in all their forms. */
interface Known {
  readonly secrets: readonly string[];
  readonly forms: readonly SecretForms[];
  readonly sieve: NeedleSieve;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at]);

const rangesOfSecrets = (text: string, { forms: all, sieve }: Known): Range[] => {
  const ranges: Range[] = [];
  // Nearly every text holds no secret. The sieve does not know numbers that are written as such.
  if (text.search(byteMarks) === -1 && !sieve.mayHold(text)) return ranges;
  for (const forms of all) for (const form of forms.exact) addAll(ranges, text, form, same);
  if (!all.some((forms) => forms.squeezed.length > 0)) return ranges;
  const unmarked = text.replace(byteMarks, (mark) => " ".repeat(mark.length));
  const bytes = squeezed(unmarked);
  const lower = bytes.text.toLowerCase();
  // `0x67` and the like are taken apart above; a plain squeeze keeps what that could have destroyed.
  const plain = unmarked === text ? undefined : squeezed(text);
  for (const forms of all) {
    for (const form of forms.squeezed) {
      addAll(ranges, bytes.text, form, bytes.at);
      if (plain !== undefined) addAll(ranges, plain.text, form, plain.at);
    }
    for (const form of forms.hex) addAll(ranges, lower, form, bytes.at);
  }
  return ranges;
};

/** Finds whatever one of the shapes finds, and more, in one go. */
const anyOf = (shapes: readonly RegExp[]): RegExp =>
  new RegExp(shapes.map(({ source }) => source).join("|"), "i");
const anyShape = anyOf([...tokenShapes, ...namedSecrets]);
const anyInAddress = anyOf([tokenInAddress, passwordInAddress]);

/** Nearly always it holds none. */
const mayHoldShape = (text: string): boolean =>
  anyShape.test(text) || (text.includes("://") && anyInAddress.test(text));

const rangesOfShapes = (text: string): readonly Range[] => {
  const ranges: Range[] = [];
  if (!mayHoldShape(text)) return ranges;
  for (const shape of tokenShapes)
    for (const { 0: whole, index } of text.matchAll(shape))
      ranges.push({ from: index, to: index + whole.length });
  for (const named of [...namedSecrets, tokenInAddress]) {
    for (const { 0: whole, 1: name = "", 2: value = "", index } of text.matchAll(named)) {
      if (looksSecret(value)) ranges.push({ from: index + name.length, to: index + whole.length });
    }
  }
  for (const { 0: whole, 1: before = "", index } of text.matchAll(passwordInAddress))
    ranges.push({ from: index + before.length, to: index + whole.length });
  return ranges;
};

const replaceRanges = (text: string, ranges: readonly Range[]): string => {
  const ordered = [...ranges].sort((a, b) => a.from - b.from);
  const parts: string[] = [];
  let done = 0;
  for (const { from, to } of ordered) {
    if (to <= done) continue;
    // What touches or overlaps the last one is part of it.
    if (from > done || done === 0) parts.push(text.slice(done, from), replacement);
    done = to;
  }
  parts.push(text.slice(done));
  return parts.join("");
};

/** Every shape needs this many characters in a row; most short texts have none. */
const longWord = /\S{10}/;

/**
 * A function that replaces secrets in a text by `[redacted]`: the live ones in every form that `formsOf` knows, also split by other characters, and
 * whatever has the shape of a well-known token. Linear in the length of the text; a text without secrets comes back unchanged.
 */
export const createRedactor = ({ secrets }: RedactorOptions): ((text: string) => string) => {
  const remembered = new Map<string, SecretForms>();
  const remember = (secret: string): SecretForms => {
    const known = remembered.get(secret);
    if (known !== undefined) return known;
    if (remembered.size >= mostRemembered) remembered.clear();
    const forms = formsOf(secret);
    remembered.set(secret, forms);
    return forms;
  };
  const know = (live: readonly string[]): Known => {
    const forms = live.map(remember);
    const needles = forms.flatMap(({ exact, squeezed, hex }) => [...exact, ...squeezed, ...hex]);
    return { secrets: live, forms, sieve: createNeedleSieve(needles) };
  };
  let known = know([]);

  return (text) => {
    if (text.length < 6) return text;
    const live = [...secrets()];
    if (!isSame(live, known.secrets)) known = know(live);
    const ranges = rangesOfSecrets(text, known);
    if (longWord.test(text)) for (const range of rangesOfShapes(text)) ranges.push(range);
    return ranges.length === 0 ? text : replaceRanges(text, ranges);
  };
};
