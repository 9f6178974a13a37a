import { Failure } from "@ask-openhands/core/failure.ts";
import pg from "pg";
import { migrations } from "./schema.ts";

/** Everything of ours lives in a schema of its own, so that the database may be shared. */
export const schemaName = "ask_openhands";
/** Wakes workers of other processes. */
export const readyChannel = "ask_openhands_ready";

const migrationLock = 8100;

const whole = (text: string): number => Number(text);

/** int8 as number: our times and sequences stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === pg.types.builtins.INT8 && format !== "binary"
      ? whole
      : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
};

const settingsOf = (url: string): pg.ClientConfig => ({
  connectionString: url,
  options: `-c search_path=${schemaName}`,
  application_name: "ask-openhands",
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
  types,
});

export const openPool = (url: string, connections: number): pg.Pool => {
  const pool = new pg.Pool({ ...settingsOf(url), max: connections, query_timeout: 15_000 });
  // A connection that breaks while idle is replaced at the next use; without a listener it would end the process.
  pool.on("error", () => undefined);
  return pool;
};

export const openListener = (url: string): pg.Client => new pg.Client(settingsOf(url));

/** Server's error codes after which the same call may succeed: serialization failure, deadlock. */
export const repeatable: ReadonlySet<unknown> = new Set(["40001", "40P01"]);

export const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null && "code" in error ? error.code : undefined;

export const databaseFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure(
        "unavailable",
        "The database cannot be reached or refused the change. Nothing was stored.",
        {
          cause: error,
        },
      );

/** Brings the schema up to date; several processes may start at once. Throws `bad-settings` for a database of a newer release. */
export const migrate = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect().catch((error: unknown) => {
    throw databaseFailure(error);
  });
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [migrationLock]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schemaName}`);
    await client.query("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)");
    const { rows } = await client.query<{ version: number }>(
      "SELECT max(version) AS version FROM schema_version",
    );
    const version = rows[0]?.version ?? 0;
    if (version > migrations.length) {
      throw new Failure(
        "bad-settings",
        "The database was written by a newer release. Start that release, or restore a copy from before the upgrade.",
      );
    }
    for (const [at, sql] of migrations.entries()) {
      if (at < version) continue;
      await client.query(sql);
      await client.query("INSERT INTO schema_version (version) VALUES ($1)", [at + 1]);
    }
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw databaseFailure(error);
  } finally {
    client.release();
  }
};
