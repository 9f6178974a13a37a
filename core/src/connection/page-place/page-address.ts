import type { Lines, PagePlace } from "./page.ts";

/** A browser address, cut into what the rules of a product look at. */
export interface PageAddress {
  /** Origin and context path, no slash at the end. */
  readonly base: string;
  /** Path after the context path. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Without `#`. */
  readonly hash: string;
}

/** A page place without what the product's rule adds. */
export type FoundPage = Omit<PagePlace, "product" | "platform" | "host">;

/** A page address may hold a lone `%`; then the text itself is the best reading. */
export const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The parts of a path, decoded, without empty ones. */
export const segmentsOf = (path: string): readonly string[] => path.split("/").filter(Boolean).map(decode);

/** Reads `from` and `to` groups of a fragment pattern. */
export const linesOf = (hash: string, pattern: RegExp): Lines | undefined => {
  const match = pattern.exec(hash);
  if (match === null) return undefined;
  const [one, two] = [Number(match[1]), Number(match[2] ?? match[1])];
  if (!Number.isSafeInteger(one) || !Number.isSafeInteger(two) || one < 1 || two < 1) return undefined;
  return { from: Math.min(one, two), to: Math.max(one, two) };
};

export const isNumber = (text: string | undefined): text is string =>
  text !== undefined && /^[1-9]\d{0,17}$/.test(text);

/** Splits `branch/and/path`: sure for a commit or a single part, else only the two together are known. */
export const splitRef = (parts: readonly string[]): Pick<FoundPage, "ref" | "path" | "refAndPath"> => {
  const [first, ...rest] = parts;
  if (first === undefined) return {};
  const refAndPath = parts.join("/");
  if (/^[0-9a-f]{40}$/.test(first) && rest.length > 0)
    return { ref: first, path: rest.join("/"), refAndPath };
  return { refAndPath };
};

/** The last part of a path: what people call a file. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Address of a page under a repository, each part encoded again. */
export const join = (base: string, ...parts: readonly string[]): string =>
  [base, ...parts.flatMap((part) => part.split("/")).map(encodeURIComponent)]
    .join("/")
    .replaceAll("%40", "@")
    .replaceAll("%7E", "~");
