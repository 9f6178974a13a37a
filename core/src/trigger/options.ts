import { type Choices, noRepository } from "../work/mention.ts";
import { isBranchName, isModelName, readRepositoryName } from "./names.ts";
import type { Span } from "./spans.ts";

/** Only these; any other `key=value` stays part of the request. Bare values end at white space, quotes may be straight or typographic. */
const option =
  /(?<![^\s([,;])(repo|branch|model)=(?:"([^"\r\n]*)"|'([^'\r\n]*)'|“([^“”\r\n]*)”|([^\s"'“”<>]*))/gi;

/** How many closing punctuation marks a bare value ends with: they belong to the sentence. */
const trailing = (value: string): number => {
  let at = value.length;
  while (at > 0 && ",;:!?.)]".includes(value[at - 1] ?? " ")) at -= 1;
  return value.length - at;
};

export interface FoundOptions {
  readonly options: Choices;
  /** Where they stand, so that they can be taken out of the request. */
  readonly spans: readonly Span[];
  /** One sentence about the first value that is not accepted. */
  readonly refused?: string | undefined;
}

const clipped = (value: string): string =>
  (value.length > 60 ? `${value.slice(0, 60)}…` : value).replace(/[^\p{L}\p{N}\p{P}\p{S} ]|`/gu, "?");

const checks = {
  repo: {
    read: (value: string) =>
      value.toLowerCase() === noRepository ? noRepository : readRepositoryName(value),
    wants: "a repository such as `owner/name`, or `none`",
  },
  branch: {
    read: (value: string) => (isBranchName(value) ? value : undefined),
    wants: "the name of a branch",
  },
  model: { read: (value: string) => (isModelName(value) ? value : undefined), wants: "the name of a model" },
} as const;

const keys = { repo: "repository", branch: "branch", model: "model" } as const;

/** `repo=owner/name branch=x model=y` (or `repo=none`) anywhere in visible text; the last of a kind counts. A hostile or malformed value is refused, never passed on. */
export const findOptions = (visible: string): FoundOptions => {
  const spans: Span[] = [];
  const options: { repository?: string; branch?: string; model?: string } = {};
  let refused: string | undefined;
  for (const found of visible.matchAll(option)) {
    const key = (found[1] ?? "").toLowerCase() as keyof typeof checks;
    const bare = found[5];
    const cut = bare === undefined ? 0 : trailing(bare);
    const value =
      bare === undefined ? (found[2] ?? found[3] ?? found[4] ?? "") : bare.slice(0, bare.length - cut);
    spans.push({ from: found.index, to: found.index + found[0].length - cut });
    const accepted = checks[key].read(value);
    if (accepted === undefined)
      refused ??= `\`${key}=${clipped(value)}\` is not ${checks[key].wants}. Write it again without unusual characters.`;
    else options[keys[key]] = accepted;
  }
  return { options, spans, refused };
};
