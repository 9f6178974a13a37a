import { Failure } from "@ask-openhands/core/failure.ts";
import type { GitHubAccount, GitHubEventBase, GitHubIssue } from "@ask-openhands/core/wire/github.ts";
import type { Author, Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type * as z from "zod";
import { authorOf, callsByName, type OwnAccounts, type Words } from "./account.ts";
import { hostOf, placeOf } from "./place.ts";

/** What hearing needs besides the payload. Everything in it is in memory: hearing never asks the network. */
export interface Ear {
  /** Used when the payload names no server: `X-GitHub-Enterprise-Host`. */
  readonly host?: string | undefined;
  readonly connection?: string | undefined;
  readonly labels: readonly string[];
  /** Whether a text calls us, by the handle or by the name of our account. */
  mentions(text: string): boolean;
  /** Our accounts on a host. */
  own(host: string): OwnAccounts;
  /** What our name stands for in a text. */
  readonly handle?: string | undefined;
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
  readonly own: OwnAccounts;
  /** The text with our name turned to the handle. */
  words(text: string | null | undefined): string;
  /** Who asks with what `writer` wrote. */
  author(writer: GitHubAccount, words?: Words): Author;
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
  const own = ear.own(host);
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
  return {
    host,
    place,
    own,
    words: (text) => callsByName(text ?? "", own, ear.handle),
    author(writer, words = { text: "" }) {
      // An edit asks in the name of whoever edited: a maintainer's edit of a stranger's comment is the maintainer's word, and the reverse is not.
      const speaker = payload.action === "edited" ? payload.sender : writer;
      return authorOf(host, speaker, writer, words, own);
    },
  };
}

type Change = Mention["change"];
export const changeOf = (action: string): Change =>
  action === "edited" || action === "deleted" ? action : "new";
/** The text before an edit is told in the same words as the text now: only then does comparing them say what an edit newly asks. */
export const beforeOf = (payload: GitHubEventBase, words: Envelope["words"]): { readonly before?: string } =>
  payload.action === "edited" && payload.changes?.body ? { before: words(payload.changes.body.from) } : {};
