import type { Author } from "@ask-openhands/core/work/mention.ts";

/** An account that we post with. */
export interface OwnAccount {
  readonly host: string;
  readonly id: string;
  readonly name: string;
  /** True for a person's own account (a personal token): that person may ask with it, and what is assigned to it is for the person. */
  readonly shared: boolean;
}

interface Account {
  readonly id?: string | null | undefined;
  readonly username?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly bot?: boolean | null | undefined;
}

/** What every post of ours carries, hidden; who shares an account with us is told apart by it. */
const marker = /<!--\s*ask-openhands:/;

/** Names that GitLab gives to the accounts of access tokens and services; nobody else can choose them. https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects */
const botName =
  /^(?:(?:project|group)_\d+_bot(?:\d*|_[0-9a-f]+)|service_account_[\w-]+|gitlab-?(?:duo|bot|security-bot)|ghost|(?:alert|support|security-policy|automation)-bot\d*)$/i;

/** Old deliveries tell names only. */
export function isOwn(host: string, account: Account, own: OwnAccount): boolean {
  if (own.host !== host) return false;
  return account.id ? account.id === own.id : account.username?.toLowerCase() === own.name.toLowerCase();
}

/** Who did what an event tells of: for an edit the one who edited, whose word it is now. `writerId` stands in where an old delivery has no id for the actor. */
export function authorOf(
  host: string,
  actor: Account & { readonly username: string },
  writerId: string | null | undefined,
  text: string,
  own: readonly OwnAccount[],
): Author {
  const id = actor.id ?? writerId ?? undefined;
  const mine = own.find((one) => isOwn(host, { ...actor, id }, one));
  return {
    platform: "gitlab",
    host,
    id: id ?? actor.username,
    name: actor.username,
    ...(actor.name ? { displayName: actor.name } : {}),
    kind: kindOf(mine, own.length > 0, actor, marker.test(text)),
  };
}

function kindOf(
  mine: OwnAccount | undefined,
  known: boolean,
  actor: Account & { readonly username: string },
  marked: boolean,
): Author["kind"] {
  if (mine) return mine.shared && !marked ? "person" : "self";
  // Before GitLab has told us which account is ours, the marker alone must do: who copies it only silences himself.
  if (!known && marked) return "self";
  return actor.bot === true || botName.test(actor.username) ? "bot" : "person";
}

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** People pick our account from GitLab's list (`@project_7_bot_ab12`): that is our handle too. A person's own account stays a person. */
export function callsByName(text: string, own: readonly OwnAccount[], handle: string): string {
  return own
    .filter(({ shared }) => !shared)
    .reduce(
      (rest, { name }) =>
        rest.replace(new RegExp(`(?<![\\w@])@${literal(name)}(?![\\w-]|\\.\\w)`, "gi"), () => handle),
      text,
    );
}
