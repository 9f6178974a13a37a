const pattern = /\(ref: ([^\s()]+)\)/g;

/** A follow-up carries its reference, so that saying it again can see that it was said. */
export const withReference = (text: string, id: string): string =>
  text.includes(`(ref: ${id})`) ? text : `${text}\n\n(ref: ${id})`;

export const referencesIn = (text: string): readonly string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? "");
