import type { Collection, Records } from "./records.ts";

export interface Stored<T> {
  readonly id: string;
  /** Grows by one with every change, from 1. */
  readonly version: number;
  readonly value: T;
}

/** `ifVersion`: only when the stored version is this one; 0: only when there is none yet. */
type Put = {
  [C in Collection]: {
    readonly put: C;
    readonly id: string;
    readonly value: Records[C];
    readonly ifVersion?: number;
  };
}[Collection];

export type Change = Put | { readonly remove: Collection; readonly id: string; readonly ifVersion?: number };

export interface Changed {
  readonly collection: Collection;
  readonly id: string;
}

/**
 * People, links, workspaces, connections and settings: small documents, few enough to be held in memory, so that reads need no waiting.
 * Values that must stay secret are sealed before they come here.
 */
export interface Directory {
  get<C extends Collection>(collection: C, id: string): Stored<Records[C]> | undefined;
  /** In the order in which they were first stored. */
  list<C extends Collection>(collection: C): readonly Stored<Records[C]>[];
  /**
   * All changes or none. `conflict`: an `ifVersion` did not hold, nothing was changed. Durable when it resolves `stored`.
   * Throws `Failure` (unavailable) when it could not be made durable; then nothing was changed either.
   */
  write(changes: readonly Change[]): Promise<"stored" | "conflict">;
  /** Calls back after changes, also those of other processes; returns the way to stop. */
  watch(changed: (changes: readonly Changed[]) => void): () => void;
  close(): Promise<void>;
}
