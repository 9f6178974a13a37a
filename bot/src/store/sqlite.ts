import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { changeOf, makesReady, toSettleCall, toWork } from "./documents.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { openClient } from "./sqlite/client.ts";
import { storableFilter, storableText, toDocument } from "./storable.ts";
import type { Store } from "./store.ts";

export interface SqliteSettings {
  /** Made when missing; only this process may use it. */
  readonly folder: string;
  readonly now?: (() => number) | undefined;
  /** A lock of the folder that the caller already holds. */
  readonly lock?: FolderLock | undefined;
}

const parse = <Value>(json: string): Value => JSON.parse(json) as Value;

/** The store of one process: SQLite in a thread of its own, durable (WAL, FULL), many deliveries per fsync. Throws `Failure` when the folder cannot be used. */
export const createSqliteStore = async (settings: SqliteSettings): Promise<Store> => {
  const now = settings.now ?? Date.now;
  const lock = settings.lock ?? lockFolder(settings.folder, now);
  const file = join(settings.folder, "work.sqlite");
  // SQLite gives its side files the mode of this one.
  closeSync(openSync(file, "a", 0o600));
  const client = await openClient(file, now()).catch((cause: unknown) => {
    lock.release();
    throw cause;
  });
  const listeners = new Set<() => void>();
  let announced = false;

  const announce = (): void => {
    if (announced) return;
    announced = true;
    setImmediate(() => {
      announced = false;
      for (const ready of listeners) ready();
    });
  };

  return {
    accept: async (told, options) => {
      const { mention, json } = toDocument(told);
      const result = await client.call("accept", {
        key: mention.key,
        place: mention.place.key,
        mention: json,
        change: changeOf(mention, options?.withdraw === true),
        now: now(),
      });
      if (result !== "known") announce();
      return result;
    },
    claim: async (_worker, leaseMs, at) => {
      const row = await client.call("claim", randomUUID(), leaseMs, at);
      return row === null ? undefined : toWork(row);
    },
    extend: (work, leaseMs, at) => client.call("extend", work.lane, work.lease, at + leaseMs),
    settle: async (work, change, at) => {
      const settled = await client.call("settle", toSettleCall(work, change, at));
      if (settled && makesReady(change, at)) announce();
      return settled;
    },
    admit: (run, person, workspace, limits) =>
      client.call("admit", {
        run: run.id,
        place: run.place.key,
        person,
        workspace,
        queuedAt: run.queuedAt,
        perPerson: limits.perPerson ?? null,
        perWorkspace: limits.perWorkspace ?? null,
      }),
    release: async (runId, at) => {
      await client.call("release", runId, at);
      announce();
    },
    wake: async (lane, at) => {
      await client.call("wake", lane, at);
      announce();
    },
    nextWake: async () => (await client.call("nextWake")) ?? undefined,
    onReady: (ready) => {
      listeners.add(ready);
      return () => listeners.delete(ready);
    },
    laneOf: (place) => client.call("laneOf", storableText(place)),
    run: async (id) => {
      const json = await client.call("run", id);
      return json === null ? undefined : parse<Run>(json);
    },
    runs: async (filter) =>
      (await client.call("runs", storableFilter(filter))).map((json) => parse<Run>(json)),
    mention: async (key) => {
      const row = await client.call("mention", storableText(key));
      if (row === null) return undefined;
      return {
        mention: parse<Mention>(row.mention),
        outcome: row.outcome ?? undefined,
        run: row.run ?? undefined,
        why: row.why ?? undefined,
      };
    },
    getNote: async (key) => (await client.call("getNote", storableText(key))) ?? undefined,
    setNote: (key, value) => client.call("setNote", storableText(key), storableText(value)),
    prune: (before) => client.call("prune", before),
    counts: async () => {
      const { oldestUnread, ...counts } = await client.call("counts");
      return oldestUnread === null ? counts : { ...counts, oldestUnread };
    },
    close: async () => {
      await client.close();
      if (settings.lock === undefined) lock.release();
    },
  };
};
