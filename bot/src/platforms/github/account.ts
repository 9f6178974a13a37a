import { findMarker } from "@ask-openhands/core/render/to-gfm.ts";
import type { GitHubAccount } from "@ask-openhands/core/wire/github.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";

/** The account we post with. */
export interface Identity {
  readonly id?: string | undefined;
  /** `name[bot]` for an App; empty while it is not known yet. */
  readonly login: string;
  readonly appId?: number | undefined;
  /** True for a person's own account (a personal token): that person may ask with it, and only what carries our marker is ours. */
  readonly shared: boolean;
}

/** Our accounts on one host. `complete` is false while GitHub could not be asked about one of them. */
export interface OwnAccounts {
  readonly known: readonly Identity[];
  readonly complete: boolean;
}

export interface Words {
  readonly text: string;
  /** App through which the text was written. */
  readonly appId?: number | undefined;
}

const isAccount = (account: GitHubAccount, own: Identity): boolean =>
  own.id === undefined
    ? own.login !== "" && account.login.toLowerCase() === own.login.toLowerCase()
    : String(account.id) === own.id;

/** Whether we wrote it. While one of our accounts is unknown, our marker speaks for it: at worst somebody who copied one is not heard. */
export function isOurs(account: GitHubAccount, words: Words, own: OwnAccounts): boolean {
  const marked = findMarker(words.text) !== undefined;
  if (marked && !own.complete) return true;
  return own.known.some((one) => {
    if (one.appId !== undefined && one.appId === words.appId) return true;
    return isAccount(account, one) && (marked || !one.shared);
  });
}

/** True when something is for us because the account is ours alone: a person's own account stays the person's. */
export const isOurAccount = (account: GitHubAccount, own: OwnAccounts): boolean =>
  own.known.some((one) => !one.shared && isAccount(account, one));

/** Who did what an event tells of: `writer` wrote the words, `speaker` stands behind them now (for an edit the one who edited). */
export function authorOf(
  host: string,
  speaker: GitHubAccount,
  writer: GitHubAccount,
  words: Words,
  own: OwnAccounts,
): Author {
  // User names can't hold brackets, so nobody can pretend to be an App, and no App to be a person.
  const other = speaker.type === "Bot" || speaker.login.endsWith("[bot]") ? "bot" : "person";
  return {
    platform: "github",
    host,
    id: String(speaker.id),
    name: speaker.login,
    ...(speaker.name ? { displayName: speaker.name } : {}),
    kind: isOurs(writer, words, own) || isOurs(speaker, words, own) ? "self" : other,
  };
}

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** People pick our account from GitHub's list: that is our handle too. An App cannot be picked, and its name may be somebody else's login. */
export function callsByName(text: string, own: OwnAccounts, handle: string | undefined): string {
  if (handle === undefined) return text;
  return own.known
    .filter(({ shared, appId }) => !shared && appId === undefined)
    .reduce(
      (rest, { login }) =>
        rest.replace(new RegExp(`(?<![\\w@/-])@${literal(login)}(?![\\w-]|/\\w)`, "gi"), () => handle),
      text,
    );
}
