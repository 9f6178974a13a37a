import type { DatabaseSync } from "node:sqlite";

/**
 * `due_at` of a lane is the one column that workers look for: the earlier of `wake_at` (wanted by the last turn) and `nudged_at` (something new) while nobody holds
 * the lane, and the end of the lease while somebody does.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE mentions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL,
    stored_at INTEGER NOT NULL,
    mention TEXT NOT NULL,
    outcome TEXT,
    run TEXT,
    why TEXT,
    read_at INTEGER
  );
  CREATE INDEX mentions_unread ON mentions (lane, seq) WHERE outcome IS NULL;
  CREATE INDEX mentions_read_at ON mentions (read_at) WHERE read_at IS NOT NULL;
  CREATE TABLE lanes (
    key TEXT PRIMARY KEY,
    run TEXT,
    notes TEXT NOT NULL DEFAULT '{}',
    wake_at INTEGER,
    nudged_at INTEGER,
    due_at INTEGER,
    lease TEXT,
    lease_until INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    touched_at INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX lanes_due ON lanes (due_at) WHERE due_at IS NOT NULL;
  CREATE TABLE aliases (place TEXT PRIMARY KEY, lane TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX aliases_lane ON aliases (lane);
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    run TEXT NOT NULL,
    state TEXT NOT NULL,
    platform TEXT NOT NULL,
    place TEXT NOT NULL,
    asker TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    ended_at INTEGER
  );
  CREATE INDEX runs_newest ON runs (queued_at, id);
  CREATE INDEX runs_state ON runs (state, queued_at);
  CREATE INDEX runs_place ON runs (place, queued_at);
  CREATE INDEX runs_asker ON runs (asker, queued_at);
  CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL;
  CREATE TABLE slots (
    run TEXT PRIMARY KEY,
    lane TEXT NOT NULL,
    person TEXT NOT NULL,
    workspace TEXT NOT NULL,
    queued_at INTEGER NOT NULL,
    live INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE INDEX slots_workspace ON slots (workspace, live, queued_at);
  CREATE INDEX slots_person ON slots (person, workspace, live);
  CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  `,
];

export const schemaVersion = migrations.length;

const versionOf = (db: DatabaseSync): number =>
  Number(db.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);

/** Brings the file to this version, each step in a transaction of its own, so that a kill in the middle only means doing that step again. Returns false for a newer file. */
export const migrate = (db: DatabaseSync): boolean => {
  const found = versionOf(db);
  if (found > schemaVersion) return false;
  for (const [at, sql] of migrations.entries()) {
    if (at < found) continue;
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${at + 1}`);
      db.exec("COMMIT");
    } catch (cause) {
      db.exec("ROLLBACK");
      throw cause;
    }
  }
  return true;
};
