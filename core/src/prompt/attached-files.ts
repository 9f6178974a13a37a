import { cutPosition } from "../render/clip.ts";
import type { Attachment } from "../work/mention.ts";
import type { Fencer } from "./thread-text.ts";

/** A file of an ask or its place; `text` where it was read. */
export interface AttachedFile extends Pick<Attachment, "name" | "type" | "size"> {
  readonly text?: string | undefined;
  /** Handed over as a picture. */
  readonly shown?: boolean | undefined;
}

/** Characters of all files together, and the least that each may have. */
const allFiles = 30_000;
const leastOfOne = 3_000;
const mostNamed = 50;

const textTypes =
  /^(?:text\/(?!rtf)|application\/(?:[\w.+-]*(?:json|xml|yaml|toml|javascript|typescript|sql|x-sh|x-ndjson|x-httpd-php)|csv|x-tex|x-diff|x-patch)\b)/i;
const textNames =
  /\.(?:txt|log|out|err|csv|tsv|json|jsonl|ndjson|xml|ya?ml|toml|ini|cfg|conf|env|properties|md|rst|adoc|tex|diff|patch|sql|sh|bash|zsh|fish|ps1|bat|[cm]?[jt]sx?|vue|svelte|css|scss|less|html?|py|rb|php|java|kt|kts|scala|groovy|gradle|go|rs|c|h|cc|cpp|hpp|cs|fs|swift|m|mm|pl|lua|r|jl|ex|exs|erl|clj|hs|elm|dart|tf|hcl|proto|graphql|gql|lock|ipynb|har|trace)$/i;
const pictures = /^(?:image|audio|video|font)\//i;

/** Whether a file is worth reading as text: by its type, or by its name where the type says nothing. */
export const isTextFile = ({ name, type }: Pick<Attachment, "name" | "type">): boolean =>
  textTypes.test(type) || (!pictures.test(type) && textNames.test(name));

/** The text of a file; `undefined` when it is none. UTF-8, or UTF-16 with its mark. */
export const readText = (bytes: Uint8Array): string | undefined => {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const big = bytes[0] === 0xfe && bytes[1] === 0xff;
  try {
    if (wide || big) return new TextDecoder(wide ? "utf-16le" : "utf-16be", { fatal: true }).decode(bytes);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch (cause) {
    if (cause instanceof TypeError) return undefined;
    throw cause;
  }
};

/** The beginning, and more of the end: what went wrong stands at the end of a log. */
const clipMiddle = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const head = cutPosition(text, Math.floor(most * 0.4));
  const tail = cutPosition(text, text.length - Math.floor(most * 0.6));
  return `${text.slice(0, head)}\n[… ${tail - head} characters left out …]\n${text.slice(tail)}`;
};

const oneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();

const bytes = (size: number): string =>
  size >= 1_048_576 ? `${(size / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(size / 1024))} kB`;

const describe = ({ name, type, size, text, shown }: AttachedFile): string => {
  const known = size > 0 ? [bytes(size)] : [];
  const given = [...(text === undefined ? [] : ["given below"]), ...(shown === true ? ["shown"] : [])];
  return `- ${oneLine(name)} (${[oneLine(type), ...known, ...given].join(", ")})`;
};

/** Names of all files, and what stands in those that were read, fenced: what is in them was written by anybody. */
export const attachedText = (files: readonly AttachedFile[], fencer: Fencer, limit = allFiles): string => {
  if (files.length === 0) return "";
  const read = files.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }]));
  const each = Math.max(leastOfOne, Math.floor(limit / Math.max(1, read.length)));
  const list = fencer.fenced(files.slice(0, mostNamed).map(describe).join("\n"), "attachments", 5_000);
  const left = files.filter(({ text, shown }) => text === undefined && shown !== true).length;
  const leftOut = `Not handed over, because of type, size or number: ${left} of ${files.length}. Where one of them is needed, say so.`;
  return [
    list,
    ...(left === 0 ? [] : [leftOut]),
    ...read.map(({ name, text }) =>
      fencer.fencedCode(clipMiddle(text, each), `file ${oneLine(name)}`, each + 100),
    ),
  ].join("\n\n");
};
