import type { Store } from "@ask-openhands/bot/store/store.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { storeLimits } from "./store-limits.ts";
import { storeMentions } from "./store-mentions.ts";
import { storeTurns } from "./store-turns.ts";

/** How the contract gets at one kind of store. */
export interface StoreSubject {
  readonly name: string;
  /** Undefined: this machine cannot run it; the text says why. */
  unavailable?(): Promise<string | undefined>;
  /** Opens an empty store of its own. */
  open(now: () => number): Promise<OpenedStore>;
}

export interface OpenedStore {
  readonly store: Store;
  /** Closes and opens the same data again. */
  reopen(): Promise<Store>;
  remove(): Promise<void>;
}

export interface StoreBench {
  store(): Store;
  reopen(): Promise<Store>;
  /** The clock that the store was given, epoch milliseconds. */
  now(): number;
  pass(ms: number): void;
}

/** What every store promises; run over each one found on disk. */
export const storeContract = (subject: StoreSubject): void => {
  describe(`store ${subject.name}`, () => {
    let opened: OpenedStore;
    let current: Store;
    let clock: number;

    beforeEach(async () => {
      clock = Date.UTC(2026, 2, 1, 12);
      opened = await subject.open(() => clock);
      current = opened.store;
    });
    afterEach(async () => {
      await current.close();
      await opened.remove();
    });

    const bench: StoreBench = {
      store: () => current,
      reopen: async () => {
        current = await opened.reopen();
        return current;
      },
      now: () => clock,
      pass: (ms) => {
        clock += ms;
      },
    };
    storeMentions(bench);
    storeTurns(bench);
    storeLimits(bench);

    it("keeps its own notes across a restart", async () => {
      await current.setNote("cursor", "41");
      await current.setNote("cursor", "42");
      await bench.reopen();
      expect(await current.getNote("cursor")).toBe("42");
      expect(await current.getNote("nothing")).toBeUndefined();
    });
  });
};
