import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { RunRow, RunsCall } from "../rows.ts";

export interface RunTable {
  put(row: RunRow): void;
  get(id: string): string | null;
  list(call: RunsCall): readonly string[];
}

const condition = (call: RunsCall): { readonly sql: string; readonly values: readonly SQLInputValue[] } => {
  const parts: string[] = [];
  const values: SQLInputValue[] = [];
  const add = (sql: string, ...more: readonly SQLInputValue[]): void => {
    parts.push(sql);
    values.push(...more);
  };
  if (call.states !== undefined) add(`state IN (${call.states.map(() => "?").join(", ")})`, ...call.states);
  if (call.platform !== undefined) add("platform = ?", call.platform);
  if (call.place !== undefined) add("place = ?", call.place);
  if (call.asker !== undefined) add("asker = ?", call.asker);
  if (call.before !== undefined) add("(queued_at, id) < (?, ?)", call.before.queuedAt, call.before.id);
  return { sql: parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`, values };
};

export const createRunTable = (db: DatabaseSync): RunTable => {
  const put = db.prepare(`
    INSERT INTO runs (id, run, state, platform, place, asker, queued_at, ended_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    ON CONFLICT (id) DO UPDATE SET run = ?2, state = ?3, ended_at = ?8`);
  const get = db.prepare("SELECT run FROM runs WHERE id = ?");
  return {
    put: (row) => {
      put.run(row.id, row.run, row.state, row.platform, row.place, row.asker, row.queuedAt, row.endedAt);
    },
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? null : String(row["run"]);
    },
    list: (call) => {
      const { sql, values } = condition(call);
      return db
        .prepare(`SELECT run FROM runs ${sql} ORDER BY queued_at DESC, id DESC LIMIT ?`)
        .all(...values, call.limit)
        .map((row) => String(row["run"]));
    },
  };
};
