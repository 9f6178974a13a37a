import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Pool, PoolClient } from "pg";
import { movedMark } from "../compose/open-store.ts";
import type { Log } from "../log.ts";
import { createLowdbDirectory } from "../people/lowdb-directory.ts";
import { collections } from "../people/records.ts";
import { lockFolder } from "../store/folder-lock.ts";
import { migrate, openPool } from "../store/postgres/connect.ts";
import { schemaVersion } from "../store/sqlite/schema.ts";

export interface Moved {
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Tables with the same columns on both sides; `live` is a number in SQLite and a boolean in PostgreSQL. */
const tables: Readonly<Record<string, readonly string[]>> = {
  mentions: ["seq", "key", "lane", "stored_at", "mention", "outcome", "run", "why", "read_at"],
  lanes: [
    "key",
    "run",
    "notes",
    "wake_at",
    "nudged_at",
    "due_at",
    "lease",
    "lease_until",
    "attempt",
    "touched_at",
  ],
  aliases: ["place", "lane"],
  runs: ["id", "run", "state", "platform", "place", "asker", "queued_at", "ended_at"],
  slots: ["run", "lane", "person", "workspace", "queued_at", "live"],
  notes: ["key", "value"],
};
const rowsAtOnce = 500;

const refuse = (sentence: string): never => {
  throw new Failure("bad-settings", sentence);
};

/** Rows of one statement: `unnest` of one array per column would need types, and values of one row stay together this way. */
const insert = async (
  client: PoolClient,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> => {
  if (rows.length === 0) return;
  const places = rows.map(
    (_, row) => `(${columns.map((_name, at) => `$${row * columns.length + at + 1}`).join(", ")})`,
  );
  await client.query(`INSERT INTO ${table} (${columns.join(", ")}) VALUES ${places.join(", ")}`, rows.flat());
};

const toPostgres = (column: string, value: SQLOutputValue | undefined): unknown =>
  column === "live" ? value === 1 : (value ?? null);

const copyTable = async (
  db: DatabaseSync,
  client: PoolClient,
  table: string,
  columns: readonly string[],
): Promise<number> => {
  let batch: unknown[][] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    await insert(client, table, columns, batch);
    count += batch.length;
    batch = [];
  };
  for (const row of db.prepare(`SELECT ${columns.join(", ")} FROM ${table}`).iterate()) {
    batch.push(columns.map((column) => toPostgres(column, row[column])));
    if (batch.length === rowsAtOnce) await flush();
  }
  await flush();
  return count;
};

const copyWork = async (file: string, client: PoolClient): Promise<Record<string, number>> => {
  const db = new DatabaseSync(file);
  try {
    const found = Number(db.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
    if (found !== schemaVersion)
      refuse(
        `${file} belongs to another release. Start this release once with the data folder, stop it, and try again.`,
      );
    const rows: Record<string, number> = {};
    for (const [table, columns] of Object.entries(tables))
      rows[table] = await copyTable(db, client, table, columns);
    return rows;
  } finally {
    db.close();
  }
};

const copyDocuments = async (folder: string, client: PoolClient, log: Log): Promise<number> => {
  const directory = await createLowdbDirectory({ folder, log });
  try {
    const rows = collections.flatMap((collection) =>
      directory
        .list(collection)
        .map(({ id, version, value }) => [
          collection,
          JSON.stringify(id).slice(1, -1),
          version,
          JSON.stringify(value),
        ]),
    );
    for (let at = 0; at < rows.length; at += rowsAtOnce)
      await insert(
        client,
        "documents",
        ["collection", "id", "version", "value"],
        rows.slice(at, at + rowsAtOnce),
      );
    return rows.length;
  } finally {
    await directory.close();
  }
};

const copyAudit = async (folder: string, client: PoolClient): Promise<number> => {
  const file = join(folder, "audit.jsonl");
  const content = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = content
    .slice(0, content.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1);
  const rows = lines.map((line, index) => [index + 1, line]);
  for (let at = 0; at < rows.length; at += rowsAtOnce)
    await insert(client, "audit", ["seq", "line"], rows.slice(at, at + rowsAtOnce));
  const head = join(folder, "audit.head");
  const expected = existsSync(head) ? Number(readFileSync(head, "utf8")) : rows.length;
  await client.query("INSERT INTO notes (key, value) VALUES ('audit-head', $1)", [String(expected)]);
  return rows.length;
};

const assertEmpty = async (client: PoolClient): Promise<void> => {
  for (const table of [...Object.keys(tables), "documents", "audit"]) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rowCount !== 0)
      refuse(
        "The database already holds the state of a bot. Name an empty database, or drop the schema ask_openhands in this one first.",
      );
  }
};

const copyAll = async (folder: string, pool: Pool, log: Log): Promise<Moved> => {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await assertEmpty(client);
    const rows = await copyWork(join(folder, "work.sqlite"), client);
    rows["documents"] = await copyDocuments(folder, client, log);
    rows["audit"] = await copyAudit(folder, client);
    await client.query(
      "SELECT setval('mentions_seq_seq', (SELECT coalesce(max(seq), 0) + 1 FROM mentions), false)",
    );
    await client.query("COMMIT");
    return { rows };
  } catch (cause) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw cause;
  } finally {
    client.release();
  }
};

/**
 * Copies everything of a data folder into an empty PostgreSQL database, all or nothing, and leaves a mark in the folder so that it is not used again by mistake.
 * The key file stays where it is. Throws `Failure` (bad-settings) with a sentence while a bot runs on the folder, or when the database is not empty.
 */
export const moveToPostgres = async (folder: string, url: string, log: Log): Promise<Moved> => {
  if (!existsSync(join(folder, "work.sqlite")))
    return refuse(`${folder} is not the data folder of a bot. Set DATA_DIR to it.`);
  if (existsSync(join(folder, movedMark)))
    return refuse(`${folder} was moved before. Remove the file ${movedMark} there to move it once more.`);
  const lock = lockFolder(folder);
  const pool = openPool(url, 2);
  try {
    await migrate(pool);
    const moved = await copyAll(folder, pool, log);
    writeFileSync(join(folder, movedMark), `${new Date().toISOString()}\n`, { mode: 0o600 });
    return moved;
  } finally {
    await pool.end();
    lock.release();
  }
};
