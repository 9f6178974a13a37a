import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Run, RunState } from "@ask-openhands/core/work/run.ts";

/**
 * Places that share one conversation (an issue, the pull request that a run opened for it, a chat thread) share one lane.
 * A lane's key is the key of the place it began with. Work on a lane is done by one worker at a time, in order.
 */
export type LaneKey = string;

/** A stored mention that no turn has dealt with yet. */
export interface Unread {
  readonly mention: Mention;
  /** Order of arrival within the lane. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly storedAt: number;
}

/** What a worker has claimed. Only the holder of `lease` can settle it. */
export interface Work {
  readonly lane: LaneKey;
  readonly lease: string;
  /** Epoch milliseconds at which an earlier holder's lease ran out without being settled; its requests may still be in flight for the HTTP timeout after this. */
  readonly abandonedAt?: number | undefined;
  /** How often this lane was claimed since a turn of it last ended by giving it back; more than 1 means that turns before this one died. Counted before the turn. */
  readonly attempt: number;
  /** The live run, or the last one. */
  readonly run?: Run | undefined;
  readonly unread: readonly Unread[];
  /** Engine's own notes of the lane (attempts, intents, refusals already told…), JSON. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** What became of a mention; every accepted mention gets exactly one. */
export type MentionOutcome = "ran" | "steered" | "obeyed" | "refused" | "withdrawn" | "failed";

/** Changes of one turn, stored together or not at all. */
export interface Change {
  readonly run?: Run | undefined;
  /** Earlier runs of the lane that changed too (a report that points on). They do not become the lane's run. */
  readonly others?: readonly Run[] | undefined;
  readonly read?:
    | readonly {
        readonly seq: number;
        readonly outcome: MentionOutcome;
        readonly run?: string | undefined;
        readonly why?: string | undefined;
      }[]
    | undefined;
  readonly notes?: Readonly<Record<string, unknown>> | undefined;
  /** Epoch milliseconds at which the lane wants its next turn; absent: only when something new arrives. */
  readonly wakeAt?: number | undefined;
  /** Other places whose mentions from now on belong to this lane. */
  readonly joins?: readonly string[] | undefined;
  /** Keep the lease for the next turn instead of giving the lane back. */
  readonly keep?: boolean | undefined;
}

export interface RunFilter {
  readonly states?: readonly RunState[] | undefined;
  readonly platform?: string | undefined;
  /** Place key. */
  readonly place?: string | undefined;
  /** `platform:host:account id` of the first asker. */
  readonly asker?: string | undefined;
  readonly before?: { readonly queuedAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

/** Limits of runs that are live at once; absent means no limit. */
export interface Limits {
  readonly perPerson?: number | undefined;
  readonly perWorkspace?: number | undefined;
}

/** Where work is kept. `sqlite.ts` for one process, `postgres.ts` for many; one contract suite for both. All times are epoch milliseconds. */
export interface Store {
  /**
   * Durable when it resolves. `known`: this key was stored before. An edited mention replaces one that is still unread (`replaced`) and is `known` otherwise;
   * a deleted one, or an edit with `withdraw`, takes an unread one back (`withdrawn`) and is `known` otherwise; when nothing was stored under its key yet,
   * it is remembered as withdrawn, so that a late delivery of the first text asks nothing.
   */
  accept(
    mention: Mention,
    options?: { readonly withdraw?: boolean | undefined },
  ): Promise<"new" | "replaced" | "withdrawn" | "known">;
  /** The lane that has waited longest for its turn, or nothing. */
  claim(worker: string, leaseMs: number, now: number): Promise<Work | undefined>;
  /** False when the lease was lost. */
  extend(work: Work, leaseMs: number, now: number): Promise<boolean>;
  /** False, and nothing is stored, when the lease was lost. */
  settle(work: Work, change: Change, now: number): Promise<boolean>;
  /** Lets a queued run start when the limits allow, atomically over all workers; else its position (1 = next). `person` and `workspace` count live runs. */
  admit(
    run: Run,
    person: string,
    workspace: string,
    limits: Limits,
  ): Promise<{ readonly admitted: true } | { readonly admitted: false; readonly position: number }>;
  /** Gives the place in the limits back and wakes the lanes that wait for one. `settle` with a run that is over does the same by itself. */
  release(runId: string, now: number): Promise<void>;
  /** Gives a lane a turn at `at` unless it has an earlier one. */
  wake(lane: LaneKey, at: number): Promise<void>;
  /** Earliest wake time of any lane, so that workers can sleep. */
  nextWake(): Promise<number | undefined>;
  /** Called when another caller made work ready (same process or another); returns the way to stop. */
  onReady(ready: () => void): () => void;
  laneOf(placeKey: string): Promise<LaneKey>;
  run(id: string): Promise<Run | undefined>;
  /** Newest first. */
  runs(filter: RunFilter): Promise<readonly Run[]>;
  mention(key: string): Promise<
    | {
        readonly mention: Mention;
        readonly outcome?: MentionOutcome | undefined;
        readonly run?: string | undefined;
        readonly why?: string | undefined;
      }
    | undefined
  >;
  /** Small durable facts of the bot itself (polling cursors, last clean stop). */
  getNote(key: string): Promise<string | undefined>;
  setNote(key: string, value: string): Promise<void>;
  /** Forgets finished work older than `before`; mention keys are kept for de-duplication until then. Returns how many rows went. */
  prune(before: number): Promise<number>;
  counts(): Promise<{
    readonly lanes: number;
    readonly unread: number;
    readonly live: number;
    readonly queued: number;
    readonly oldestUnread?: number | undefined;
  }>;
  /** The clock that all processes share; absent when there is only one process. */
  time?(): Promise<number>;
  close(): Promise<void>;
}
