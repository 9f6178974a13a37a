import { Failure } from "@ask-openhands/core/failure.ts";
import { Low } from "lowdb";
import type { Log } from "../log.ts";
import type { Change, Changed, Directory, Stored } from "./directory.ts";
import { createDurableFile } from "./durable-file.ts";
import { type Collection, collections, type Records } from "./records.ts";

/** Documents by collection, each as `[id, version, value]`. */
interface Snapshot {
  readonly format: 1;
  readonly documents: Readonly<Record<string, readonly (readonly [string, number, unknown])[]>>;
}

interface Options {
  readonly folder: string;
  readonly log: Log;
  /** Changes stay in memory: for looking at a folder that another process works with. */
  readonly readOnly?: boolean | undefined;
}

interface Batch {
  readonly undo: (() => void)[];
  readonly done: PromiseWithResolvers<void>;
}

const isSnapshot = (value: unknown): value is Snapshot =>
  typeof value === "object" &&
  value !== null &&
  "format" in value &&
  value.format === 1 &&
  "documents" in value &&
  typeof value.documents === "object";

const newBatch = (): Batch => {
  const done = Promise.withResolvers<void>();
  // Everybody who waits gets the rejection; with nobody waiting it must not end the process.
  done.promise.catch(() => undefined);
  return { undo: [], done };
};

/** Directory in one JSON file of the data folder, for one process. Throws `Failure` (bad-settings) when the file cannot be read. */
export const createLowdbDirectory = async ({
  folder,
  log,
  readOnly = false,
}: Options): Promise<Directory> => {
  const db = new Low<Snapshot>(createDurableFile(folder, "directory.json", isSnapshot, log), {
    format: 1,
    documents: {},
  });
  await db.read();
  const documents = new Map<Collection, Map<string, Stored<unknown>>>(
    collections.map((name) => [
      name,
      new Map((db.data.documents[name] ?? []).map(([id, version, value]) => [id, { id, version, value }])),
    ]),
  );
  const watchers = new Set<(changes: readonly Changed[]) => void>();
  let waiting = newBatch();
  let flushing = false;
  let running: Promise<void> = Promise.resolve();

  const of = <C extends Collection>(collection: C): Map<string, Stored<Records[C]>> =>
    documents.get(collection) as Map<string, Stored<Records[C]>>;

  const snapshot = (): Snapshot => ({
    format: 1,
    documents: Object.fromEntries(
      collections.map((name) => [
        name,
        [...of(name).values()].map(({ id, version, value }) => [id, version, value] as const),
      ]),
    ),
  });

  const tell = (changes: readonly Changed[]): void => {
    for (const watcher of watchers) watcher(changes);
  };

  /** One write after the other; each takes all changes made before it began. */
  const flush = async (): Promise<void> => {
    flushing = true;
    while (waiting.undo.length > 0) {
      const batch = waiting;
      waiting = newBatch();
      db.data = snapshot();
      try {
        if (!readOnly) await db.write();
        batch.done.resolve();
      } catch (cause) {
        // Changes made meanwhile may rest on these, so they go back too: memory never tells more than the disk.
        const later = waiting;
        waiting = newBatch();
        for (const undo of [...batch.undo, ...later.undo].reverse()) undo();
        const failure = new Failure(
          "unavailable",
          "The change could not be saved. Check that the disk of the data folder has space and can be written, then try again.",
          { cause },
        );
        log.error({ error: String(cause) }, "The directory could not be written");
        batch.done.reject(failure);
        later.done.reject(failure);
        tell(
          [...collections].flatMap((collection) =>
            [...of(collection).keys()].map((id) => ({ collection, id })),
          ),
        );
      }
    }
    // In the same turn as the last look at `waiting`, so that no change falls between.
    flushing = false;
  };

  const apply = (change: Change): Changed => {
    const collection = "put" in change ? change.put : change.remove;
    const stored = of(collection) as Map<string, Stored<unknown>>;
    const before = stored.get(change.id);
    if ("put" in change)
      stored.set(change.id, { id: change.id, version: (before?.version ?? 0) + 1, value: change.value });
    else stored.delete(change.id);
    waiting.undo.push(() => {
      if (before === undefined) stored.delete(change.id);
      else stored.set(change.id, before);
    });
    return { collection, id: change.id };
  };

  const fits = (change: Change): boolean => {
    const collection = "put" in change ? change.put : change.remove;
    return (
      change.ifVersion === undefined || change.ifVersion === (of(collection).get(change.id)?.version ?? 0)
    );
  };

  const write = async (changes: readonly Change[]): Promise<"stored" | "conflict"> => {
    if (changes.length === 0) return "stored";
    if (!changes.every(fits)) return "conflict";
    const changed = changes.map(apply);
    const { promise } = waiting.done;
    if (!flushing) running = flush();
    await promise;
    tell(changed);
    return "stored";
  };

  return {
    get: (collection, id) => of(collection).get(id),
    list: (collection) => [...of(collection).values()],
    write,
    watch: (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    close: async () => {
      await running;
      watchers.clear();
    },
  };
};
