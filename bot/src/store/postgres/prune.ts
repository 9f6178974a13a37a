type Query = (sql: string, values: readonly unknown[]) => Promise<readonly object[]>;

/** Rows per statement, so that no lock is held long. */
const step = 5_000;

const statements = [
  "DELETE FROM mentions WHERE seq IN (SELECT seq FROM mentions WHERE read_at < $1 LIMIT $2) RETURNING 1 AS gone",
  "DELETE FROM runs WHERE id IN (SELECT id FROM runs WHERE ended_at < $1 LIMIT $2) RETURNING 1 AS gone",
  `DELETE FROM lanes WHERE key IN (
     SELECT l.key FROM lanes l WHERE l.touched_at < $1 AND l.due_at IS NULL AND l.lease IS NULL
     AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.lane = l.key AND m.outcome IS NULL)
     AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = l.run) LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1 AS gone`,
] as const;

/** Forgets what was finished before `before`. Returns how many rows went. */
export const prune = async (query: Query, before: number): Promise<number> => {
  let gone = 0;
  for (const sql of statements) gone += (await query(sql, [before, step])).length;
  gone += (
    await query(
      "DELETE FROM aliases WHERE place IN (SELECT a.place FROM aliases a WHERE NOT EXISTS (SELECT 1 FROM lanes l WHERE l.key = a.lane) LIMIT $1) RETURNING 1 AS gone",
      [step],
    )
  ).length;
  return gone;
};
