import { Failure } from "@ask-openhands/core/failure.ts";
import type { GitHubAccount, GitHubEventBase, GitHubIssue } from "@ask-openhands/core/wire/github.ts";
import type { Author, Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type * as z from "zod";
import { hostOf, placeOf } from "./place.ts";

/** Which account, seen by the payload, is ours. `appId` is the App through which something was written. */
export type IsOwn = (host: string, account: GitHubAccount, appId: number | undefined) => boolean;

/** What hearing needs besides the payload. Everything in it is in memory: hearing never asks the network. */
export interface Ear {
  /** Used when the payload names no server: `X-GitHub-Enterprise-Host`. */
  readonly host?: string | undefined;
  readonly connection?: string | undefined;
  readonly labels: readonly string[];
  /** Whether a text calls us. */
  mentions(text: string): boolean;
  readonly isOwn: IsOwn;
}

export const ignored = (why: string): Heard => ({ heard: "ignored", why });

export function malformed(event: string, path: string): never {
  throw new Failure(
    "bad-input",
    `This is not a GitHub ${event} delivery: "${path}" is missing or has the wrong form.`,
  );
}

export function read<T>(event: string, schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  return result.success ? result.data : malformed(event, result.error.issues[0]?.path.join(".") ?? "payload");
}

/** Everything about a mention that depends only on the envelope. */
export interface Envelope {
  readonly host: string;
  readonly place: Mention["place"];
  /** Who did what the event tells of; the account of an edit may differ from the one that wrote first. */
  readonly author: (account: GitHubAccount, appId?: number | undefined) => Author;
}

export function open(
  payload: GitHubEventBase,
  issue: GitHubIssue,
  kind: "issue" | "pull-request",
  ear: Ear,
): Envelope {
  const host =
    hostOf(payload.repository.html_url) ??
    hostOf(issue.html_url) ??
    hostOf(payload.repository.url) ??
    ear.host;
  if (host === undefined) return malformed("event", "repository.html_url");
  const author = (account: GitHubAccount, appId?: number | undefined): Author => ({
    platform: "github",
    host,
    id: String(account.id),
    name: account.login,
    ...(account.name ? { displayName: account.name } : {}),
    kind: authorKind(host, account, appId, ear),
  });
  const place = placeOf({
    host,
    repository: payload.repository,
    kind,
    number: issue.number,
    title: issue.title,
    url: issue.html_url,
    connection: ear.connection,
    installation: payload.installation?.id,
  });
  return { host, place, author };
}

function authorKind(
  host: string,
  account: GitHubAccount,
  appId: number | undefined,
  ear: Ear,
): Author["kind"] {
  if (ear.isOwn(host, account, appId)) return "self";
  // User names can't hold brackets, so nobody can pretend to be an App, and no App to be a person.
  return account.type === "Bot" || account.login.endsWith("[bot]") ? "bot" : "person";
}

type Change = Mention["change"];
export const changeOf = (action: string): Change =>
  action === "edited" || action === "deleted" ? action : "new";
export const beforeOf = (payload: GitHubEventBase): { readonly before?: string } =>
  payload.action === "edited" && payload.changes?.body ? { before: payload.changes.body.from ?? "" } : {};

/** Who asks: an edit asks in the name of whoever edited, since a maintainer's edit of a stranger's comment is the maintainer's word, and the reverse is not. */
export const speaker = (payload: GitHubEventBase, writer: GitHubAccount): GitHubAccount =>
  payload.action === "edited" ? payload.sender : writer;
