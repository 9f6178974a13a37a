import type { Author, CodeSpot } from "./mention.ts";
import type { Place } from "./place.ts";

/**
 * queued: waits for its turn · starting: the agent's machine is being prepared · working · waiting: the agent asked something or needs approval ·
 * done · failed (also stuck, budget, timeout: see `outcome.reason`) · stopped (by a person).
 */
export type RunState = "queued" | "starting" | "working" | "waiting" | "done" | "failed" | "stopped";

/** One line of what the agent did. */
export interface Step {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
  readonly failed?: boolean | undefined;
}

/** One line of the agent's own task list. */
export interface Task {
  readonly title: string;
  readonly state: "todo" | "doing" | "done";
}

export interface PullRequest {
  readonly url: string;
  readonly number: number;
  /** Known from the agent's words alone, which others may have put into its mouth. */
  readonly said?: true | undefined;
}

/** The OpenHands conversation behind a run. */
export interface Conversation {
  /** Connection id of the back end it lives on. */
  readonly agent: string;
  /** The back end's id, as UUID with dashes. */
  readonly id: string;
  /** Browser address of the conversation, when the back end has a page for it. */
  readonly url?: string | undefined;
  /** What the adapter must remember between calls (start task id, sandbox id…). Never a secret. */
  readonly memo?: Readonly<Record<string, string>> | undefined;
}

export type OutcomeReason =
  | "finished"
  | "error"
  | "stuck"
  | "budget"
  | "timeout"
  | "stopped"
  | "archived"
  | "refused"
  | "unreachable"
  | "withdrawn";

/** How a run ended, in words that are true. */
export interface Outcome {
  readonly reason: OutcomeReason;
  /** The agent's own closing words (markdown, untrusted). */
  readonly summary?: string | undefined;
  /** What happened and what to do, a sentence of ours. */
  readonly hint?: string | undefined;
  /** True when `retry` has a chance. */
  readonly retryable?: boolean | undefined;
}

/** One ask that a run answers; the first started it, the others steered it. */
export interface Ask {
  /** Mention key. */
  readonly key: string;
  readonly author: Author;
  /** The request without handle, options and command words. */
  readonly request: string;
  readonly at: string;
  readonly url?: string | undefined;
  readonly spot?: CodeSpot | undefined;
  /** `Mention.reply`: where the closing words go. */
  readonly reply: Readonly<Record<string, string>>;
}

/** Something of ours at the place: the report, or the closing comment. Written before the first post (`intendedAt`), so that a crash never posts twice. */
export interface Posted {
  /** Epoch milliseconds of the intent to post. */
  readonly intendedAt: number;
  /** The platform's id once posted; opaque. */
  readonly ref?: PostRef | undefined;
  /** Digest of what stands there now. */
  readonly digest?: string | undefined;
  /** Epoch milliseconds of the last post or edit. */
  readonly at?: number | undefined;
  /** `Run.version` that stands there now; older than the run's own: the post is behind. */
  readonly shown?: number | undefined;
  /** Set when somebody deleted it and it was posted once more; a second deletion is respected. */
  readonly again?: boolean | undefined;
  /** Set when it can never be posted (place locked, deleted, no right to write): nothing more is tried. */
  readonly givenUp?: string | undefined;
}

export interface PostRef {
  readonly id: string;
  readonly url?: string | undefined;
  /** What the platform needs to edit it (version, channel…). */
  readonly memo?: Readonly<Record<string, string>> | undefined;
}

/** The work that answers a mention, from queued to its end. Times are epoch milliseconds. */
export interface Run {
  /** UUID; also the conversation id when this run opened the conversation. */
  readonly id: string;
  readonly place: Place;
  readonly asks: readonly Ask[];
  readonly state: RunState;
  /** Place in the queue, 1 = next; only while queued. */
  readonly position?: number | undefined;
  readonly queuedAt: number;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  /** Absent: the asker chose to work without one. */
  readonly repository?:
    | {
        readonly host: string;
        readonly name: string;
        /** As `RepositoryFacts.id`. */
        readonly id?: string | undefined;
        readonly branch?: string | undefined;
      }
    | undefined;
  readonly model?: string | undefined;
  readonly conversation?: Conversation | undefined;
  /** True when the conversation began with an earlier run. */
  readonly continues?: boolean | undefined;
  /** Where reading of the conversation's events goes on; opaque. */
  readonly cursor?: string | undefined;
  /** Preparation phase while starting, in words ("Preparing the repository"). */
  readonly phase?: string | undefined;
  readonly tasks: readonly Task[];
  /** The newest few; `stepCount` counts all. */
  readonly steps: readonly Step[];
  readonly stepCount: number;
  /** What the agent asked the people here, while waiting. */
  readonly question?: string | undefined;
  readonly pullRequest?: PullRequest | undefined;
  /** Branch the agent pushed to, and what it said it pushed. */
  readonly pushed?: readonly string[] | undefined;
  /** US dollars. */
  readonly cost?: number | undefined;
  /** Newest words of the agent that were not a final answer (markdown, untrusted). */
  readonly said?: string | undefined;
  /** Since when the present work goes on; the limit of time counts from here. */
  readonly activeSince?: number | undefined;
  /** Set when the limit of time was reached and the agent is being stopped. */
  readonly overtime?: number | undefined;
  /** Something outside does not answer and is being tried again: since when, and a sentence about it. */
  readonly trouble?: { readonly since: number; readonly hint: string } | undefined;
  readonly stopAsked?: { readonly by: Author; readonly at: number } | undefined;
  readonly outcome?: Outcome | undefined;
  /** Where the same conversation went on (a pull request, another thread). */
  readonly continuedAt?:
    | { readonly url: string; readonly label: string; readonly state: RunState }
    | undefined;
  readonly report?: Posted | undefined;
  readonly closing?: Posted | undefined;
  /** Grows with every change. */
  readonly version: number;
}

export const isOver = (run: Run): boolean =>
  run.state === "done" || run.state === "failed" || run.state === "stopped";
