import { DatabaseSync } from "node:sqlite";
import type { SqliteCalls } from "./calls.ts";
import { createLaneTable, createNudge } from "./lanes.ts";
import { createMentionTable } from "./mentions.ts";
import { createRunTable } from "./runs.ts";
import { migrate } from "./schema.ts";
import { createSlotTable } from "./slots.ts";

export interface OpenDatabase {
  readonly calls: SqliteCalls;
  begin(): void;
  /** Makes everything since `begin` durable: with `synchronous = FULL` it returns after the fsync of the write-ahead log. */
  commit(): void;
  rollback(): void;
  close(): void;
}

/** Message of the error that a file of a newer release causes. */
export const newerSchema = "newer schema";

const pruneStep = 5_000;

const createPrune = (db: DatabaseSync) => {
  const statements = [
    "DELETE FROM mentions WHERE seq IN (SELECT seq FROM mentions WHERE read_at < ? LIMIT ?)",
    "DELETE FROM runs WHERE id IN (SELECT id FROM runs WHERE ended_at < ? LIMIT ?)",
    `DELETE FROM lanes WHERE key IN (
       SELECT key FROM lanes l WHERE touched_at < ? AND due_at IS NULL AND lease IS NULL
       AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.lane = l.key AND m.outcome IS NULL)
       AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = l.run) LIMIT ?)`,
  ].map((sql) => db.prepare(sql));
  const orphans = db.prepare(
    "DELETE FROM aliases WHERE NOT EXISTS (SELECT 1 FROM lanes WHERE lanes.key = aliases.lane)",
  );
  return (before: number): number => {
    const gone = statements.reduce(
      (sum, statement) => sum + Number(statement.run(before, pruneStep).changes),
      0,
    );
    return gone + Number(orphans.run().changes);
  };
};

const createCounts = (db: DatabaseSync) => {
  const states = db.prepare(
    "SELECT sum(state = 'queued') AS queued, sum(state <> 'queued') AS live FROM runs WHERE state IN ('queued', 'starting', 'working', 'waiting')",
  );
  const unread = db.prepare(
    "SELECT count(*) AS n, min(stored_at) AS oldest FROM mentions WHERE outcome IS NULL",
  );
  const lanes = db.prepare("SELECT count(*) AS n FROM lanes");
  return () => {
    const runs = states.get();
    const waiting = unread.get();
    return {
      lanes: Number(lanes.get()?.["n"] ?? 0),
      unread: Number(waiting?.["n"] ?? 0),
      live: Number(runs?.["live"] ?? 0),
      queued: Number(runs?.["queued"] ?? 0),
      oldestUnread: typeof waiting?.["oldest"] === "number" ? waiting["oldest"] : null,
    };
  };
};

/** Opens the file and brings its schema up to date; with `now` it ends the leases of the process before. Runs in the database thread. */
export const openDatabase = (file: string, now?: number): OpenDatabase => {
  const db = new DatabaseSync(file, { timeout: 1_000 });
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY",
  );
  if (!migrate(db)) {
    db.close();
    throw new Error(newerSchema);
  }
  let open = false;
  const begin = (): void => {
    if (open) return;
    db.exec("BEGIN IMMEDIATE");
    open = true;
  };
  const close = (sql: "COMMIT" | "ROLLBACK"): void => {
    if (!open) return;
    open = false;
    if (sql === "COMMIT" || db.isTransaction) db.exec(sql);
  };

  const runs = createRunTable(db);
  const nudge = createNudge(db);
  const slots = createSlotTable(db, nudge);
  const lanes = createLaneTable(db, runs, slots, nudge);
  const mentions = createMentionTable(db, lanes, nudge);
  const note = db.prepare("SELECT value FROM notes WHERE key = ?");
  const putNote = db.prepare(
    "INSERT INTO notes (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
  );
  if (now !== undefined) lanes.abandonAll(now);

  return {
    begin,
    commit: () => close("COMMIT"),
    rollback: () => close("ROLLBACK"),
    close: () => db.close(),
    calls: {
      accept: mentions.accept,
      claim: (lease, leaseMs, at) => lanes.claim(lease, leaseMs, at, begin),
      extend: lanes.extend,
      settle: lanes.settle,
      admit: (call) => slots.admit(call, lanes.laneOf(call.place)),
      release: slots.release,
      wake: lanes.wake,
      nextWake: lanes.nextWake,
      laneOf: lanes.laneOf,
      run: runs.get,
      runs: runs.list,
      mention: mentions.get,
      getNote: (key) => {
        const row = note.get(key);
        return row === undefined ? null : String(row["value"]);
      },
      setNote: (key, value) => {
        putNote.run(key, value);
      },
      prune: createPrune(db),
      counts: createCounts(db),
    },
  };
};
