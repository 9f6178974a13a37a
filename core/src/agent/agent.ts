import type { Failure } from "../failure.ts";
import type { Conversation, OutcomeReason, PullRequest, Step, Task } from "../work/run.ts";
import type { RepositoryFacts } from "../work/thread.ts";

/** What a run asks of OpenHands. */
export interface Order {
  /** UUID; starting twice with the same one gives the same conversation. */
  readonly runId: string;
  readonly title: string;
  /** The first user message. */
  readonly prompt: string;
  /** Standing instructions and background for the whole conversation (goes into the system message where the back end allows). */
  readonly background: string;
  readonly repository?: (RepositoryFacts & { readonly branch?: string | undefined }) | undefined;
  /** Environment of the agent: `GITHUB_TOKEN`… Values are secrets. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Name in `secrets` of the token that clones the repository, and the user name git sends with it. */
  readonly cloneWith?: { readonly secret: string; readonly user: string } | undefined;
  readonly model?: string | undefined;
  /** data: URLs. */
  readonly images?: readonly string[] | undefined;
}

export interface FollowUp {
  /** Mention key; stands in the message as a reference, so that a repeated `say` can see that it was said. */
  readonly id: string;
  readonly text: string;
  readonly images?: readonly string[] | undefined;
  /** Fresh values of the conversation's secrets. */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** True when an earlier attempt may have arrived: look before saying. */
  readonly again: boolean;
}

/** Why an agent could not finish, from the back end's own classification. */
export type AgentTrouble =
  | "auth"
  | "quota"
  | "rate-limit"
  | "settings"
  | "transient"
  | "agent"
  | "internal"
  | "unknown";

/** News of a conversation, free of any back end's vocabulary. Unknown kinds of events are skipped, never an error. */
export type AgentEvent =
  | { readonly type: "phase"; readonly text: string }
  | { readonly type: "working" }
  | { readonly type: "step"; readonly step: Step }
  | { readonly type: "step-failed"; readonly id: string }
  | { readonly type: "tasks"; readonly tasks: readonly Task[] }
  | { readonly type: "said"; readonly text: string }
  | { readonly type: "question"; readonly text: string }
  | { readonly type: "pull-request"; readonly pullRequest: PullRequest }
  | { readonly type: "pushed"; readonly what: string }
  | { readonly type: "cost"; readonly usd: number }
  /** The end of the work on the last message. `summary` is the agent's final answer. */
  | {
      readonly type: "ended";
      readonly reason: Extract<
        OutcomeReason,
        "finished" | "error" | "stuck" | "budget" | "stopped" | "archived" | "timeout"
      >;
      readonly summary?: string | undefined;
      readonly trouble?: AgentTrouble | undefined;
      /** The back end's own words (untrusted, to be redacted and clipped). */
      readonly detail?: string | undefined;
    };

export interface Reading {
  readonly events: readonly AgentEvent[];
  readonly cursor: string;
  /** The conversation with newer memo or address, when it changed. */
  readonly conversation?: Conversation | undefined;
}

/** What a check of a back end found; `cure` says what to do. */
export interface AgentCheck {
  readonly ok: boolean;
  readonly detail: string;
  readonly cure?: string | undefined;
  readonly version?: string | undefined;
}

/** How far it is with what takes long before a start. `failed`: the back end works, but what it was to prepare cannot be had. */
export type Preparation =
  | { readonly state: "ready" }
  /** `phase` in words. */
  | { readonly state: "under-way"; readonly phase: string }
  | { readonly state: "failed"; readonly failure: Failure };

/** An OpenHands back end. Every method throws `Failure`. */
export interface Agent {
  /** Begins what takes minutes before a start (a clone), or goes on with it, and returns within seconds; `start` is quick once it is `ready`. Absent: it always is. */
  prepare?(order: Order): Promise<Preparation>;
  /** True while something is being prepared for this run; a cheap question, for which nothing must be read or made first. */
  isPreparing?(runId: string): Promise<boolean>;
  /** Idempotent by `order.runId`. Returns as soon as the conversation is named; preparation shows as `phase` events. */
  start(order: Order): Promise<Conversation>;
  /** Wakes a sleeping conversation when needed. Throws `not-found` when it is gone for good (archived): the caller starts a new one. */
  say(conversation: Conversation, message: FollowUp): Promise<Conversation>;
  /** Replaces values of the conversation's secrets; resolves when the agent has them, which may be minutes later. Absent: it keeps those that it began with. */
  renew?(conversation: Conversation, secrets: Readonly<Record<string, string>>): Promise<void>;
  /** News since `cursor`. Calls made in the same moment are sent to the back end as one where it can. */
  read(conversation: Conversation, cursor?: string): Promise<Reading>;
  /** Interrupts the agent at once; the conversation stays usable. */
  stop(conversation: Conversation): Promise<void>;
  /** Calls `wake` soon after there is news; returns when `signal` aborts. Absent: poll. */
  listen?(conversation: Conversation, wake: () => void, signal: AbortSignal): void;
  check(): Promise<AgentCheck>;
}
