import { findMarker } from "@ask-openhands/core/render/to-gfm.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { BitbucketUser } from "./bitbucket-api.ts";

/** An account that we post with. */
export interface OwnAccount {
  readonly host: string;
  readonly id: string;
  /** How a text mentions it: `@{557058:…}`, `@"build bot"`. */
  readonly calledBy: readonly string[];
  /** True when a person writes with it too: then only what carries our marker is ours. */
  readonly shared: boolean;
}

/** What deciding about authors needs; all in memory. */
export interface OwnAccounts {
  readonly known: readonly OwnAccount[];
  /** False while an account that we speak with is unknown, or when we speak as whoever asks: then our marker alone makes a post ours. Who copies it only silences himself. */
  readonly complete: boolean;
}

const kindOf = (ours: boolean, bot: boolean): Author["kind"] => {
  if (ours) return "self";
  return bot ? "bot" : "person";
};

/** Who wrote a text. */
export const authorOf = (
  where: { readonly platform: string; readonly host: string },
  user: BitbucketUser,
  text: string,
  own: OwnAccounts,
): Author => {
  const marked = findMarker(text) !== undefined;
  const ours = own.known.some(
    (one) => one.host === where.host && one.id === user.id && (marked || !one.shared),
  );
  return {
    platform: where.platform,
    host: where.host,
    id: user.id,
    name: user.name,
    ...(user.displayName ? { displayName: user.displayName } : {}),
    kind: kindOf(ours || (marked && !own.complete), user.bot),
  };
};

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** A text in which our account, picked from Bitbucket's list, is turned to the handle. A person's own account stays that person. */
export const withHandle = (text: string, own: OwnAccounts, host: string, handle: string): string =>
  own.known
    .filter((one) => !one.shared && one.host === host)
    .flatMap(({ calledBy }) => calledBy)
    .reduce((rest, called) => {
      const after = /\w$/.test(called) ? "(?![\\w-]|\\.\\w)" : "";
      return rest.replace(new RegExp(`(?<![\\w@])${literal(called)}${after}`, "gi"), () => handle);
    }, text);

/** What a delivery about a comment says of its text. A deleted one may come without words; it still takes back what waits under its key, so it calls us. */
export const wordsOf = (text: string, change: Mention["change"], handle: string): string =>
  change === "deleted" && text.trim() === "" ? handle : text;
