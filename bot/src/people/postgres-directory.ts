import { Failure } from "@ask-openhands/core/failure.ts";
import type { Pool, PoolClient } from "pg";
import type { Log } from "../log.ts";
import { databaseFailure, migrate, openPool } from "../store/postgres/connect.ts";
import { listen } from "../store/postgres/listen.ts";
import type { Change, Changed, Directory, Stored } from "./directory.ts";
import { type Collection, collections, type Records } from "./records.ts";

const channel = "ask_openhands_directory";

interface Row {
  readonly collection: Collection;
  readonly id: string;
  readonly version: number;
  readonly value: string;
}

/** PostgreSQL's text holds neither NUL nor half characters; as JSON they are written with letters. */
const toText = (id: string): string => JSON.stringify(id).slice(1, -1);
const fromText = (text: string): string => JSON.parse(`"${text}"`) as string;

const keyOf = (change: Change): Changed => ({
  collection: "put" in change ? change.put : change.remove,
  id: change.id,
});

/** Writes in one transaction; false when an `ifVersion` did not hold. Rows are locked in the order of their keys, so that two writers never wait for each other. */
const writeAll = async (
  client: PoolClient,
  changes: readonly Change[],
): Promise<readonly Row[] | undefined> => {
  const keys = changes.map(keyOf);
  const { rows } = await client.query<{ collection: string; id: string; version: number }>(
    `SELECT collection, id, version FROM documents WHERE (collection, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
     ORDER BY collection, id FOR UPDATE`,
    [keys.map((key) => key.collection), keys.map((key) => toText(key.id))],
  );
  const versions = new Map(rows.map((row) => [`${row.collection}/${fromText(row.id)}`, row.version]));
  const versionOf = (change: Change): number => {
    const { collection, id } = keyOf(change);
    return versions.get(`${collection}/${id}`) ?? 0;
  };
  const fits = (change: Change): boolean =>
    change.ifVersion === undefined || change.ifVersion === versionOf(change);
  if (!changes.every(fits)) return undefined;
  const written: Row[] = [];
  for (const change of changes) {
    const { collection, id } = keyOf(change);
    if (!("put" in change)) {
      await client.query("DELETE FROM documents WHERE collection = $1 AND id = $2", [collection, toText(id)]);
      versions.delete(`${collection}/${id}`);
      continue;
    }
    const value = JSON.stringify(change.value);
    const { rows: stored } = await client.query<{ version: number }>(
      `INSERT INTO documents (collection, id, version, value) VALUES ($1, $2, 1, $3)
       ON CONFLICT (collection, id) DO UPDATE SET version = documents.version + 1, value = excluded.value
       WHERE $4::integer IS NULL OR documents.version = $4 RETURNING version`,
      [collection, toText(id), value, change.ifVersion ?? null],
    );
    const version = stored[0]?.version;
    // Somebody else stored it first, between our look and our write.
    if (version === undefined || (change.ifVersion === 0 && version !== 1)) return undefined;
    versions.set(`${collection}/${id}`, version);
    written.push({ collection, id, version, value });
  }
  await client.query("SELECT pg_notify($1, '')", [channel]);
  return written;
};

/**
 * Directory in PostgreSQL, for any number of processes. Every process holds all documents in memory; a change by another one is read when PostgreSQL tells of it.
 * Throws `Failure`: `unavailable`, `bad-settings` for a database of a newer release.
 */
export const createPostgresDirectory = async ({
  url,
  log,
}: {
  readonly url: string;
  readonly log: Log;
}): Promise<Directory> => {
  const pool: Pool = openPool(url, 3);
  await migrate(pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const documents = new Map<Collection, Map<string, Stored<unknown>>>(
    collections.map((name) => [name, new Map()]),
  );
  const watchers = new Set<(changes: readonly Changed[]) => void>();

  const of = <C extends Collection>(collection: C): Map<string, Stored<Records[C]>> =>
    documents.get(collection) as Map<string, Stored<Records[C]>>;

  const tell = (changes: readonly Changed[]): void => {
    if (changes.length > 0) for (const watcher of watchers) watcher(changes);
  };

  const remember = (row: Row): boolean => {
    const stored = documents.get(row.collection);
    if (stored === undefined || stored.get(row.id)?.version === row.version) return false;
    stored.set(row.id, { id: row.id, version: row.version, value: JSON.parse(row.value) as unknown });
    return true;
  };

  /** Everything anew: directories are small, and nothing that was told while we did not listen is missed. */
  const readAll = async (): Promise<void> => {
    const answer = await pool.query<Row>("SELECT collection, id, version, value FROM documents ORDER BY n");
    const rows = answer.rows.map((row) => ({ ...row, id: fromText(row.id) }));
    const there = new Set(rows.map((row) => `${row.collection}/${row.id}`));
    const gone: Changed[] = [];
    for (const [collection, stored] of documents)
      for (const id of stored.keys()) if (!there.has(`${collection}/${id}`)) gone.push({ collection, id });
    for (const { collection, id } of gone) documents.get(collection)?.delete(id);
    tell([...gone, ...rows.filter(remember).map(({ collection, id }) => ({ collection, id }))]);
  };

  // One at a time: a reading that began before a write must not be taken over after it.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };

  let waiting = false;
  const refresh = (): void => {
    if (waiting) return;
    waiting = true;
    inTurn(() => {
      waiting = false;
      return readAll();
    }).catch((error: unknown) => {
      log.error({ error: String(error) }, "The directory could not be read again");
    });
  };

  await readAll().catch((error: unknown) => {
    throw databaseFailure(error);
  });
  const listening = await listen(url, refresh, channel);

  const write = async (changes: readonly Change[]): Promise<"stored" | "conflict"> => {
    if (changes.length === 0) return "stored";
    const client = await pool.connect().catch((error: unknown) => {
      throw databaseFailure(error);
    });
    try {
      await client.query("BEGIN");
      const written = await writeAll(client, changes);
      await client.query(written === undefined ? "ROLLBACK" : "COMMIT");
      if (written === undefined) return "conflict";
      for (const change of changes) if (!("put" in change)) of(change.remove).delete(change.id);
      for (const row of written) remember(row);
      tell(changes.map(keyOf));
      return "stored";
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw new Failure(
        "unavailable",
        "The change could not be saved: the database cannot be reached. Try again.",
        {
          cause: error,
        },
      );
    } finally {
      client.release();
    }
  };

  return {
    get: (collection, id) => of(collection).get(id),
    list: (collection) => [...of(collection).values()],
    write: (changes) => inTurn(() => write(changes)),
    watch: (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    close: async () => {
      watchers.clear();
      await listening.stop();
      await last;
      await pool.end();
    },
  };
};
