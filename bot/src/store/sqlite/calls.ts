import type { AcceptCall, AdmitCall, ClaimedRow, Counts, MentionRow, RunsCall, SettleCall } from "../rows.ts";

/** Everything the database thread can be asked. */
export interface SqliteCalls {
  accept(call: AcceptCall): "new" | "replaced" | "withdrawn" | "known";
  claim(lease: string, leaseMs: number, now: number): ClaimedRow | null;
  extend(lane: string, lease: string, until: number): boolean;
  settle(call: SettleCall): boolean;
  admit(
    call: AdmitCall,
  ): { readonly admitted: true } | { readonly admitted: false; readonly position: number };
  release(run: string, now: number): void;
  wake(lane: string, at: number): void;
  nextWake(): number | null;
  laneOf(place: string): string;
  run(id: string): string | null;
  runs(call: RunsCall): readonly string[];
  mention(key: string): MentionRow | null;
  getNote(key: string): string | null;
  setNote(key: string, value: string): void;
  prune(before: number): number;
  counts(): Counts;
}

export type SqliteCall = keyof SqliteCalls;

/** Calls that change nothing; a batch of only these opens no transaction. `claim` looks first and opens one when it finds something. */
export const readingCalls: ReadonlySet<SqliteCall> = new Set<SqliteCall>([
  "claim",
  "nextWake",
  "laneOf",
  "run",
  "runs",
  "mention",
  "getNote",
  "counts",
]);

export type Request = readonly [id: number, call: SqliteCall, args: readonly unknown[]];
export type Reply = readonly [id: number, ok: boolean, result: unknown];
export interface StartData {
  readonly file: string;
  readonly now: number;
}
