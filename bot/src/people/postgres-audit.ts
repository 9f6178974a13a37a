import { Failure } from "@ask-openhands/core/failure.ts";
import type { Log } from "../log.ts";
import { databaseFailure, migrate, openPool } from "../store/postgres/connect.ts";
import { listen } from "../store/postgres/listen.ts";
import {
  type Audit,
  type AuditEvent,
  type AuditLine,
  findBreak,
  nextLine,
  parseLine,
  readEntries,
} from "./audit.ts";

const channel = "ask_openhands_audit";
/** Orders the appends of all processes, so that each line knows the one before. */
const appendLock = 8104;
const headNote = "audit-head";

interface Options {
  readonly url: string;
  /** The same in every process. */
  readonly key: Uint8Array;
  readonly log: Log;
  readonly now: () => number;
}

/** Audit in PostgreSQL: one chain for all processes. Throws `Failure` (unavailable). */
export const createPostgresAudit = async ({ url, key, log, now }: Options): Promise<Audit> => {
  const pool = openPool(url, 2);
  await migrate(pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const entries: AuditLine[] = [];
  const texts: string[] = [];

  const readNew = async (): Promise<void> => {
    const { rows } = await pool.query<{ seq: number; line: string }>(
      "SELECT seq, line FROM audit WHERE seq > $1 ORDER BY seq",
      [entries.at(-1)?.seq ?? 0],
    );
    for (const row of rows) {
      const line = parseLine(row.line);
      if (line !== undefined && row.seq > (entries.at(-1)?.seq ?? 0)) entries.push(line);
      texts.push(row.line);
    }
  };
  await readNew().catch((error: unknown) => {
    throw databaseFailure(error);
  });
  const head = await pool.query<{ value: string }>("SELECT value FROM notes WHERE key = $1", [headNote]);
  const expected = Number(head.rows[0]?.value ?? 0);
  const brokenAt = findBreak(texts, key) ?? (entries.length < expected ? entries.length + 1 : undefined);
  texts.length = 0;
  if (brokenAt !== undefined) log.error({ seq: brokenAt }, "The audit log was changed outside the bot");

  const refresh = (): void => {
    readNew().catch((error: unknown) =>
      log.warn({ error: String(error) }, "The audit log could not be read again"),
    );
  };
  const listening = await listen(url, refresh, channel);

  const append = async (event: AuditEvent): Promise<void> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw databaseFailure(error);
    });
    try {
      await client.query("BEGIN");
      await client.query("SELECT pg_advisory_xact_lock($1)", [appendLock]);
      const last = await client.query<{ line: string }>("SELECT line FROM audit ORDER BY seq DESC LIMIT 1");
      const line = nextLine(key, parseLine(last.rows[0]?.line ?? ""), event, now());
      await client.query("INSERT INTO audit (seq, line) VALUES ($1, $2)", [line.seq, JSON.stringify(line)]);
      await client.query(
        "INSERT INTO notes (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2",
        [headNote, String(line.seq)],
      );
      await client.query("SELECT pg_notify($1, '')", [channel]);
      await client.query("COMMIT");
    } catch (cause) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw new Failure(
        "unavailable",
        "The audit log could not be written: the database cannot be reached.",
        { cause },
      );
    } finally {
      client.release();
    }
    await readNew();
  };

  return {
    append,
    read: (filter) => readEntries(entries, filter),
    brokenAt,
    close: async () => {
      await listening.stop();
      await pool.end();
    },
  };
};
