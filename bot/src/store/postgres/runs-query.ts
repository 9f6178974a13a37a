import type { RunFilter } from "../store.ts";

/** Statement for a list of runs, newest first. */
export const runsQuery = (
  filter: RunFilter,
): { readonly sql: string; readonly values: readonly unknown[] } => {
  const parts: string[] = [];
  const values: unknown[] = [];
  const slot = (value: unknown): string => `$${values.push(value)}`;
  if (filter.states !== undefined) parts.push(`state = ANY(${slot(filter.states)}::text[])`);
  if (filter.platform !== undefined) parts.push(`platform = ${slot(filter.platform)}`);
  if (filter.place !== undefined) parts.push(`place = ${slot(filter.place)}`);
  if (filter.asker !== undefined) parts.push(`asker = ${slot(filter.asker)}`);
  if (filter.before !== undefined) {
    parts.push(`(queued_at, id) < (${slot(filter.before.queuedAt)}, ${slot(filter.before.id)})`);
  }
  const where = parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`;
  return {
    sql: `SELECT run FROM runs ${where} ORDER BY queued_at DESC, id DESC LIMIT ${slot(filter.limit)}`,
    values,
  };
};
