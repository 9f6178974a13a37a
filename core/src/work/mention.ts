import type { Place, PlatformId } from "./place.ts";

/** `self` is the account we post with; it never triggers anything. */
export type AuthorKind = "person" | "bot" | "self";

export interface Author {
  readonly platform: PlatformId;
  readonly host: string;
  /** The platform's stable account id, never the login. */
  readonly id: string;
  /** How the platform mentions this account: login, account id or user key. */
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly kind: AuthorKind;
}

/** How the ask reached us. The first four carry text in which the handle must stand; for the others the platform itself says it is for us. */
export type MentionWay =
  | "comment"
  | "inline"
  | "review"
  | "description"
  | "label"
  | "assignment"
  | "direct"
  | "command"
  | "button";

/** The line of code an inline comment talks about. */
export interface CodeSpot {
  readonly path: string;
  readonly line?: number | undefined;
  readonly startLine?: number | undefined;
  readonly side?: "old" | "new" | undefined;
  /** The diff around the line, as the platform gives it. */
  readonly diffHunk?: string | undefined;
}

export interface Attachment {
  readonly name: string;
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** Address that the platform folder can read with its own credentials. */
  readonly url: string;
  /** ISO 8601; when it was added, where that may be later than the ask: then it is left out. */
  readonly at?: string | undefined;
}

/** One ask by one person at one place. */
export interface Mention {
  /** Natural key, the same for every delivery that tells of the same thing: `github:github.com:comment:123`. A review and its comments share one. */
  readonly key: string;
  readonly place: Place;
  readonly author: Author;
  readonly way: MentionWay;
  /** As written, in the platform's own markup turned to markdown, with the platform's mention of us turned to the handle (`@openhands`). */
  readonly text: string;
  /** ISO 8601, from the platform. */
  readonly at: string;
  readonly url?: string | undefined;
  /** `edited` replaces a request still queued, or asks when it newly adds the mention; `deleted` withdraws one still queued. */
  readonly change: "new" | "edited" | "deleted";
  /** With `edited`: the text before, when the platform tells it. */
  readonly before?: string | undefined;
  readonly spot?: CodeSpot | undefined;
  /** The description of the place as it read with this ask: only where the platform tells no time of its changes, so that a later one is noticed. */
  readonly description?: string | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  /** What the platform folder needs to answer or react right there (comment id, discussion id, response URL…); opaque to everybody else. */
  readonly reply: Readonly<Record<string, string>>;
  /**
   * Person id, only for asks from our own page or extension: who it is was known and the right to ask was checked when it was made,
   * so the platform need not be asked again. Never set by what a platform heard.
   */
  readonly person?: string | undefined;
  /** Repository, branch, back end or model chosen in a form (button, modal) instead of in the text. */
  readonly chosen?: Choices | undefined;
}

/** `Choices.repository` of an ask that wants to run without any: `repo=none` in the text, "No repository" in a form. No repository can have this name. */
export const noRepository = "none";

export interface Choices {
  /** `owner/name`, `host/owner/name`, or `noRepository`. */
  readonly repository?: string | undefined;
  readonly branch?: string | undefined;
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
}

/** What a delivery turned out to be. */
export type Heard =
  | { readonly heard: "mention"; readonly mention: Mention }
  | { readonly heard: "handshake"; readonly body: string; readonly contentType: string }
  | { readonly heard: "ignored"; readonly why: string };
