/** Tells at a glance that a text holds none of many needles, however many there are. */
export interface NeedleSieve {
  /** False: none of them stands in the text, nor in its letters and digits alone, nor in those in lower case. True: one may. */
  mayHold(text: string): boolean;
}

/** Characters of a needle that are looked at; no needle may be shorter. */
export const sievedLength = 6;

const bitsPerCharacter = 5;
const codeMask = 2 ** (sievedLength * bitsPerCharacter) - 1;
/** Slots of the table for each needle: so few texts without any of them are looked up in the set. */
const spread = 256;
/** Slots at most, a byte each: beyond some thousand needles the set is asked more often instead. */
const mostSlots = 2 ** 20;

/** A code of the last six characters: what came before them is shifted out. */
const next = (code: number, character: number): number => ((code << bitsPerCharacter) ^ character) & codeMask;

const codeOf = (needle: string): number => {
  let code = 0;
  for (let at = 0; at < sievedLength; at += 1) code = next(code, needle.charCodeAt(at));
  return code;
};

const isUpper = (code: number): boolean => code >= 65 && code <= 90;
const isAlphanumeric = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || isUpper(code);

/** Looks at each character once: the codes of every six in a row are looked up among those with which the needles begin. */
export const createNeedleSieve = (needles: readonly string[]): NeedleSieve => {
  if (needles.length === 0) return { mayHold: () => false };
  const size = Math.min(mostSlots, 2 ** Math.ceil(Math.log2(needles.length * spread)));
  const table = new Uint8Array(size);
  const codes = new Set<number>();
  const slotOf = (code: number): number => (Math.imul(code, 0x9e3779b1) >>> 8) & (size - 1);
  for (const needle of needles) {
    if (needle.length < sievedLength) throw new RangeError("a needle is too short for the sieve");
    const code = codeOf(needle);
    codes.add(code);
    table[slotOf(code)] = 1;
  }
  const isBeginning = (code: number): boolean => table[slotOf(code)] === 1 && codes.has(code);

  return {
    mayHold: (text) => {
      let written = 0;
      let squeezed = 0;
      let lower = 0;
      for (let at = 0; at < text.length; at += 1) {
        const character = text.charCodeAt(at);
        written = next(written, character);
        if (isBeginning(written)) return true;
        if (!isAlphanumeric(character)) continue;
        squeezed = next(squeezed, character);
        lower = next(lower, isUpper(character) ? character + 32 : character);
        if (isBeginning(squeezed) || isBeginning(lower)) return true;
      }
      return false;
    },
  };
};
