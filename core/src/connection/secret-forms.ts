/** How one secret may stand in a text. */
export interface SecretForms {
  /** Looked for as they are. */
  readonly exact: readonly string[];
  /** Letters and digits only: looked for in the text without everything else, so that splitting does not hide them. */
  readonly squeezed: readonly string[];
  /** Hexadecimal, lower case, looked for in the same way. */
  readonly hex: readonly string[];
}

/** Shorter values are no secrets but words: redacting them would redact everything. */
export const shortestSecret = 6;
/** Shorter ones are only looked for as they are written. */
const shortestSqueezed = 12;
const shortestHalf = 12;
const longestLine = 32;

const encoder = new TextEncoder();

const base64 = (bytes: Uint8Array): string => {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

/** What of the base64 of a longer text depends on the secret alone, for each of the three ways it can lie in it. */
const base64Cores = (bytes: Uint8Array): readonly string[] =>
  [0, 1, 2].map((shift) => {
    const shifted = new Uint8Array(shift + bytes.length);
    shifted.set(bytes, shift);
    return base64(shifted).slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });

export const squeeze = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, "");

const reversed = (text: string): string => [...text].reverse().join("");

const percentEncoded = (text: string): readonly string[] => {
  const strict = encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return [
    strict,
    strict.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encodeURIComponent(text.toWellFormed()),
  ];
};

const htmlEscaped = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

const unique = (forms: readonly string[], least: number): readonly string[] =>
  [...new Set(forms)].filter((form) => form.length >= least);

/** Plain, reversed, base64 (alone or within something longer), hexadecimal, percent-encoded, escaped for JSON and HTML; the two halves of a long one; the lines of a key. */
export const formsOf = (secret: string): SecretForms => {
  const value = secret.trim();
  if (value.length < shortestSecret) return { exact: [], squeezed: [], hex: [] };
  const bytes = encoder.encode(value);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const cores = base64Cores(bytes);
  const written = [
    value,
    reversed(value),
    ...percentEncoded(value),
    htmlEscaped(value),
    JSON.stringify(value).slice(1, -1),
  ];
  const middle = Math.ceil(value.length / 2);
  const halves = [value.slice(0, middle), value.slice(middle)].filter((half) => half.length >= shortestHalf);
  const lines = value
    .split(/\r?\n/)
    .filter((line) => line.length >= longestLine && line !== value && !line.startsWith("-----"));
  const exact = unique(
    [
      ...written,
      ...cores,
      ...cores.map((core) => core.replace(/\+/g, "-").replace(/\//g, "_")),
      ...halves,
      ...lines,
    ],
    shortestSecret,
  );
  if (squeeze(value).length < shortestSqueezed)
    return { exact: [...exact, hex, hex.toUpperCase()], squeezed: [], hex: [] };
  return {
    exact,
    squeezed: unique([...written, ...cores, ...halves, ...lines].map(squeeze), shortestSqueezed),
    hex: [hex],
  };
};
