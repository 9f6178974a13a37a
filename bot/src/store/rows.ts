import type { MentionOutcome } from "./store.ts";

/** Rows as they go to a database and come back: documents stay JSON text, so that nothing is cloned deeply on the way. */
export interface AcceptCall {
  readonly key: string;
  readonly place: string;
  readonly mention: string;
  readonly change: "new" | "edited" | "withdrawn";
  readonly now: number;
}

export interface ClaimedRow {
  readonly lane: string;
  readonly lease: string;
  readonly abandonedAt: number | null;
  readonly attempt: number;
  readonly run: string | null;
  readonly notes: string;
  readonly unread: readonly { readonly seq: number; readonly storedAt: number; readonly mention: string }[];
}

export interface RunRow {
  readonly id: string;
  readonly run: string;
  readonly state: string;
  readonly platform: string;
  readonly place: string;
  readonly asker: string;
  readonly queuedAt: number;
  readonly endedAt: number | null;
  readonly over: boolean;
}

export interface SettleCall {
  readonly lane: string;
  readonly lease: string;
  readonly now: number;
  readonly run?: RunRow | undefined;
  readonly others: readonly RunRow[];
  readonly read: readonly {
    readonly seq: number;
    readonly outcome: MentionOutcome;
    readonly run: string | null;
    readonly why: string | null;
  }[];
  readonly notes?: string | undefined;
  readonly wakeAt: number | null;
  readonly joins: readonly string[];
  readonly keep: boolean;
}

export interface AdmitCall {
  readonly run: string;
  readonly place: string;
  readonly person: string;
  readonly workspace: string;
  readonly queuedAt: number;
  readonly perPerson: number | null;
  readonly perWorkspace: number | null;
}

export interface RunsCall {
  readonly states?: readonly string[] | undefined;
  readonly platform?: string | undefined;
  readonly place?: string | undefined;
  readonly asker?: string | undefined;
  readonly before?: { readonly queuedAt: number; readonly id: string } | undefined;
  readonly limit: number;
}

export interface MentionRow {
  readonly mention: string;
  readonly outcome: MentionOutcome | null;
  readonly run: string | null;
  readonly why: string | null;
}

export interface Counts {
  readonly lanes: number;
  readonly unread: number;
  readonly live: number;
  readonly queued: number;
  readonly oldestUnread: number | null;
}
