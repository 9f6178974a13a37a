import type { Choices, Mention } from "./mention.ts";
import type { Ask, Conversation, Posted, Run } from "./run.ts";
import type { RepositoryFacts } from "./thread.ts";

/** What a mention wants, as the trigger rules read it. */
export type Wish =
  | {
      readonly kind: "ask";
      readonly request: string;
      readonly options: Choices;
      /** A fresh conversation. */
      readonly fresh: boolean;
      /** A sentence about an option that is not accepted: told instead of being run. */
      readonly refused?: string | undefined;
    }
  | { readonly kind: "command"; readonly name: CommandWord; readonly options: Choices }
  | { readonly kind: "none"; readonly why: string };

export type CommandWord = "status" | "stop" | "retry" | "queue" | "help" | "why" | "config";

/** A mention that no turn has dealt with yet, and what it wants. */
export interface Pending {
  readonly seq: number;
  readonly mention: Mention;
  readonly wish: Wish;
}

/** What can fail in passing and is tried again at its own pace. */
export type Effect =
  | "judge"
  | "start"
  | "say"
  | "look"
  | "stop"
  | "report"
  | "closing"
  | "question"
  | "origin"
  | "bind"
  | "answer";

/** When an effect may be tried again. Times are epoch milliseconds. */
export interface Later {
  readonly at: number;
  readonly tries: number;
  readonly since: number;
  /** Progress waits, because the account has written enough for now; the end and a question do not. */
  readonly progressOnly?: boolean | undefined;
}

/** What the bot remembers of a lane beside its run; JSON in the store. */
export interface LaneNotes {
  readonly later?: Readonly<Partial<Record<Effect, Later>>> | undefined;
  /** Answers to commands, refusals and questions that are being posted or were posted, by what they answer. Kept until the mention has its outcome. */
  readonly answers?: Readonly<Record<string, Posted>> | undefined;
  /** The follow-up that is being said; `at` is the moment before it was sent. */
  readonly saying?: { readonly key: string; readonly at: number } | undefined;
  /** True from the moment before the agent was asked to start. */
  readonly startTried?: boolean | undefined;
  /** The run for which the back end prepares what takes long, and since when. */
  readonly preparing?: { readonly run: string; readonly since: number } | undefined;
  /** When the agent took the order to stop. */
  readonly stopping?: number | undefined;
  readonly look?: { readonly at: number; readonly every: number } | undefined;
  /** Since when we say here that an answer is awaited from something outside; told once. */
  readonly toldTrouble?: string | undefined;
  /** The conversation that the starting run goes on with. */
  readonly resume?: { readonly conversation: Conversation; readonly cursor?: string | undefined } | undefined;
  /** The newest ask that the conversation was told of, with what stood there before it: by place key. */
  readonly told?: Readonly<Record<string, Pick<Ask, "at" | "url">>> | undefined;
  /** When tokens that the agent was handed are about to end, epoch milliseconds. */
  readonly renewAfter?: number | undefined;
  /** With what the run works; decided when it was judged. */
  readonly order?: RunOrder | undefined;
  /** An ask whose repository is unknown, in the words for which it was asked about; the next ask here may answer. */
  readonly asking?: { readonly key: string; readonly at: number; readonly said: string } | undefined;
  /** Turns that ended the process, since the last that did not. */
  readonly deaths?: number | undefined;
  /** What hidden text was left out of the prompt of the run. */
  readonly removed?: readonly string[] | undefined;
  /** The question of the agent that was announced last. */
  readonly announced?: string | undefined;
  /** Addresses of pull requests whose place belongs to this lane. */
  readonly bound?: readonly string[] | undefined;
  /** An earlier run of the lane at another place, whose report points to the present run. */
  readonly origin?: { readonly run: string; readonly shown: string } | undefined;
  /** Who was refused here, why, and how often it was explained. By account. */
  readonly refused?:
    | Readonly<Record<string, { readonly at: number; readonly why: string; readonly told: number }>>
    | undefined;
  /** Mentions that wait until their author has linked the account, and since when. */
  readonly parked?: Readonly<Record<string, number>> | undefined;
  /** On which server such a mention waits for an account of its author, and by what it will be seen that something changed. */
  readonly awaiting?:
    | Readonly<Record<string, { readonly platform: string; readonly host: string; readonly means: string }>>
    | undefined;
  /** Asks that wait for the end of the run, because its conversation has somebody else's own credentials: mention keys. */
  readonly apart?: readonly string[] | undefined;
  /** Where steered asks of other places were told of the run: place keys. */
  readonly passedOn?: readonly string[] | undefined;
}

export interface RunOrder {
  /** Connection id of the back end. */
  readonly agent: string;
  /** Absent: the asker chose to work without one. */
  readonly repository?: RepositoryFacts | undefined;
  readonly branch?: string | undefined;
  readonly model?: string | undefined;
  /** The person that the asker's account is linked to. */
  readonly personId?: string | undefined;
  /** The person whose own token, secrets or back end the conversation was given: it hears nobody else. Absent: it has the workspace's alone. */
  readonly holder?: string | undefined;
  readonly workspaceId: string;
}

/** Everything that decides what a lane does next. */
export interface LaneView {
  readonly run?: Run | undefined;
  /** In order of arrival. */
  readonly pending: readonly Pending[];
  readonly notes: LaneNotes;
  /** 1 unless turns before this one died. */
  readonly attempt: number;
  /** Keys of mentions that still wait for a link. */
  readonly parked: ReadonlySet<string>;
  readonly rules: LaneRules;
}

export interface LaneRules {
  /** Milliseconds. */
  readonly runTimeout: number;
  /** Least milliseconds between two edits of the report. */
  readonly editEvery: number;
  /** Whether a closing comment follows the end. */
  readonly closing: boolean;
}
