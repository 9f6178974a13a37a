import { gitlabKinds } from "@ask-openhands/core/connection/catalog/gitlab.ts";
import type { ConnectionStatus, ScopeState } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { GitLabUser } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { Door } from "./connect.ts";

/** Days before the end at which people are told. */
const soon = 14;
const day = 86_400_000;

interface TokenFacts {
  readonly kind: string;
  /** `undefined`: GitLab does not tell. */
  readonly scopes: readonly string[] | undefined;
  readonly expiresAt?: string | undefined;
  readonly ended?: string | undefined;
}

const kindByName = (user: GitLabUser | undefined): string => {
  if (user === undefined) return "access token";
  if (/^project_\d+_bot/.test(user.username)) return "project access token";
  if (/^group_\d+_bot/.test(user.username)) return "group access token";
  if (/^service_account/.test(user.username)) return "service account token";
  return user.bot === true ? "access token of a bot account" : "personal access token";
};

async function tokenFacts(door: Door, user: GitLabUser | undefined, now: number): Promise<TokenFacts> {
  if (door.connection.kind === "oauth") {
    const info = await door.api.oauthInfo();
    return { kind: "OAuth token", scopes: info.scope ?? undefined };
  }
  const kind = kindByName(user);
  const token = await door.api.tokenSelf().catch((error: unknown) => {
    // Known since GitLab 15.5.
    if (error instanceof Failure && error.kind === "not-found") return undefined;
    throw error;
  });
  if (token === undefined) return { kind, scopes: undefined };
  // GitLab tells the day; the token ends as that day begins, in UTC.
  const expiresAt = token.expires_at ? new Date(token.expires_at) : undefined;
  const ended = token.revoked
    ? "revoked"
    : token.active === false || (expiresAt && expiresAt.getTime() <= now);
  return {
    kind: token.granular ? `fine-grained ${kind}` : kind,
    scopes: token.granular ? undefined : (token.scopes ?? undefined),
    ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    ...(ended ? { ended: ended === "revoked" ? "revoked" : "expired" } : {}),
  };
}

/** `api` includes the others, git over HTTP too. https://docs.gitlab.com/user/profile/personal_access_tokens/#personal-access-token-scopes */
const stateOf = (name: string, granted: readonly string[] | undefined): ScopeState => {
  if (granted === undefined) return "unknown";
  if (granted.includes("api") || granted.includes(name)) return "present";
  if (name === "read_user") return granted.includes("read_api") ? "present" : "missing";
  return name === "read_repository" && granted.includes("write_repository") ? "present" : "missing";
};

interface Trouble {
  readonly problem: string;
  readonly cure: string;
}

const troubleOf = (facts: TokenFacts, missing: readonly string[], host: string): Trouble | undefined => {
  const cure = `Make a new token on ${host} with the scopes api, read_user, read_repository and write_repository, and put it into this connection.`;
  if (facts.ended) return { problem: `The token is ${facts.ended}.`, cure };
  return missing.length > 0 ? { problem: `The token lacks ${missing.join(", ")}.`, cure } : undefined;
};

const notesOf = (facts: TokenFacts, shared: boolean, now: number): readonly string[] => {
  const left = facts.expiresAt
    ? Math.floor((Date.parse(facts.expiresAt) - now) / day)
    : Number.POSITIVE_INFINITY;
  return [
    ...(left >= 0 && left < soon
      ? [`The token expires in ${left} ${left === 1 ? "day" : "days"}: renew it before.`]
      : []),
    ...(shared
      ? [
          'We speak as a person\'s own account here. If nobody else uses that account, set "Whose account the token is" to `bot`: then it can be assigned, and nothing that it writes is taken for an ask.',
        ]
      : []),
  ];
};

/** A token without `api` and `read_user` may not even say whose it is, but it still tells its scopes. */
const knownUser = (door: Door): Promise<GitLabUser | undefined> =>
  door.api.user().catch((error: unknown) => {
    if (error instanceof Failure && error.kind === "not-allowed") return undefined;
    throw error;
  });

/** Who the token is, what it may and what is missing; trouble with the token itself is part of the answer, not an error. */
export async function inspectDoor(
  door: Door,
  shared: () => Promise<boolean>,
  now: number,
): Promise<ConnectionStatus> {
  const needed = gitlabKinds.find(({ kind }) => kind === door.connection.kind)?.scopes ?? [];
  const checkedAt = new Date(now).toISOString();
  try {
    const user = await knownUser(door);
    const facts = await tokenFacts(door, user, now);
    const scopes = needed.map(({ name, for: purpose }) => ({
      name,
      state: stateOf(name, facts.scopes),
      for: purpose,
    }));
    const missing = scopes.filter(({ state }) => state === "missing").map(({ name }) => name);
    const trouble = troubleOf(facts, missing, door.connection.host);
    const notes = notesOf(facts, user !== undefined && (await shared()), now);
    return {
      ok: trouble === undefined,
      ...(user
        ? { account: { id: user.id, name: user.username, ...(user.web_url ? { url: user.web_url } : {}) } }
        : {}),
      tokenKind: facts.kind,
      scopes,
      ...(facts.expiresAt ? { expiresAt: facts.expiresAt } : {}),
      ...trouble,
      checkedAt,
      ...(notes.length > 0 ? { notes } : {}),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const scopes = needed.map(({ name, for: purpose }) => ({
      name,
      state: "unknown" as const,
      for: purpose,
    }));
    const tokenKind = door.connection.kind === "oauth" ? "OAuth token" : "access token";
    return {
      ok: false,
      tokenKind,
      scopes,
      problem: error.hint,
      ...(error.kind === "bad-credentials"
        ? { cure: `Make a new token on ${door.connection.host} and put it into this connection.` }
        : {}),
      checkedAt,
    };
  }
}
