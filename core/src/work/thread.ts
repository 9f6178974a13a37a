import type { Attachment, Author, CodeSpot } from "./mention.ts";

/** One earlier message at a place. */
export interface ThreadEntry {
  readonly author: Author;
  /** ISO 8601. */
  readonly at: string;
  /** ISO 8601; set only when the text was changed after it was first posted, where the platform tells. */
  readonly editedAt?: string | undefined;
  /** Markdown as written (untrusted). */
  readonly text: string;
  readonly url?: string | undefined;
  readonly spot?: CodeSpot | undefined;
  /** True when the entry belongs to the review thread or discussion of the mention itself. */
  readonly near?: boolean | undefined;
}

/** What a platform tells the agent about a place: read when the run begins. */
export interface Thread {
  readonly title: string;
  /** The description of the issue, pull request or ticket (untrusted markdown). */
  readonly description?:
    | {
        readonly author?: Author | undefined;
        readonly text: string;
        readonly at?: string | undefined;
        /** ISO 8601; since when it reads so, when that is later than `at`; where the platform tells only of changes of any kind, the last of them. */
        readonly editedAt?: string | undefined;
      }
    | undefined;
  readonly state?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  /** Oldest first; our own messages are marked by `author.kind`. The mention itself is not among them. */
  readonly entries: readonly ThreadEntry[];
  readonly pullRequest?:
    | {
        readonly number: number;
        readonly sourceBranch: string;
        readonly targetBranch: string;
        /** True when the branch lives in another repository. */
        readonly fork: boolean;
        readonly sourceRepository?: string | undefined;
      }
    | undefined;
  /** Repository the work is in, when the place itself has one. */
  readonly repository?: RepositoryFacts | undefined;
  /** All parts of the mention when it has several (a review with its comments), the mention's own text first. */
  readonly parts?: readonly ThreadEntry[] | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
}

export interface RepositoryFacts {
  readonly platform: string;
  readonly host: string;
  /** The server's own number or UUID of it: stays when it is renamed or moved. */
  readonly id?: string | undefined;
  /** Full path: `owner/name`. */
  readonly name: string;
  readonly url: string;
  /** https address without credentials. */
  readonly cloneUrl: string;
  readonly defaultBranch?: string | undefined;
  readonly private?: boolean | undefined;
  /** Full path of the repository on the same host that it is a fork of. */
  readonly forkOf?: string | undefined;
}
