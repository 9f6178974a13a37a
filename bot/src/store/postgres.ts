import { randomUUID } from "node:crypto";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { changeOf, makesReady, toSettleCall, toWork } from "./documents.ts";
import { createAcceptBatches } from "./postgres/accept-batches.ts";
import { codeOf, databaseFailure, migrate, openPool, readyChannel, repeatable } from "./postgres/connect.ts";
import { listen } from "./postgres/listen.ts";
import { prune } from "./postgres/prune.ts";
import { runsQuery } from "./postgres/runs-query.ts";
import { betweenMentions } from "./postgres/schema.ts";
import { createTellOthers } from "./postgres/tell-others.ts";
import { storableFilter, storableText, toDocument } from "./storable.ts";
import type { MentionOutcome, Store } from "./store.ts";

export interface PostgresSettings {
  /** `postgres://user:password@host/database`. */
  readonly url: string;
  readonly now?: (() => number) | undefined;
  /** Connections of this process; 10 when not given. */
  readonly connections?: number | undefined;
}

/** Unread mentions handed to one turn; the others follow in the next. */
const unreadPerTurn = 500;
const tries = 5;

const parse = <Value>(json: string): Value => JSON.parse(json) as Value;

/**
 * The store of any number of processes: PostgreSQL does the locking (`FOR UPDATE SKIP LOCKED`), leases end by themselves, `NOTIFY` wakes the others.
 * Throws `Failure`: `unavailable` when the database cannot be reached, `bad-settings` when it belongs to a newer release.
 */
export const createPostgresStore = async (settings: PostgresSettings): Promise<Store> => {
  const now = settings.now ?? Date.now;
  const pool = openPool(settings.url, settings.connections ?? 10);
  await migrate(pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const listeners = new Set<() => void>();
  const announce = (): void => {
    for (const ready of listeners) ready();
  };
  const self = randomUUID();
  const ready = (by?: string): void => {
    // What this process did itself, it announced itself.
    if (by !== self) announce();
  };
  const listening = await listen(settings.url, ready, readyChannel);

  /** One statement, one transaction; repeated when the server gave up on it because of others. */
  const query = async <Row extends object>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly Row[]> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await pool.query<Row>({ text: sql, values: [...values] })).rows;
      } catch (error) {
        if (!repeatable.has(codeOf(error)) || attempt >= tries) throw databaseFailure(error);
      }
    }
  };
  const others = createTellOthers(() => query("SELECT pg_notify($1, $2)", [readyChannel, self]));

  const acceptNew = createAcceptBatches(async (keys, places, mentions) => {
    const rows = await query<{ key: string }>("SELECT accept_batch($1, $2, $3, $4) AS key", [
      keys,
      places,
      mentions.join(betweenMentions),
      now(),
    ]);
    if (rows.length > 0) others.tell();
    return rows.map((row) => row.key);
  });

  const acceptChange = async ({ mention, json }: ReturnType<typeof toDocument>, withdraw: boolean) => {
    const [row] = await query<{ result: "new" | "replaced" | "withdrawn" | "known" }>(
      "SELECT accept_change($1, $2, $3, $4, $5) AS result",
      [mention.key, mention.place.key, json, withdraw, now()],
    );
    others.tell();
    return row?.result ?? "known";
  };

  return {
    accept: async (mention, options) => {
      const change = changeOf(mention, options?.withdraw === true);
      const document = toDocument(mention);
      const result =
        change === "new" ? await acceptNew(document) : await acceptChange(document, change === "withdrawn");
      if (result !== "known") announce();
      return result;
    },
    claim: async (_worker, leaseMs, at) => {
      const lease = randomUUID();
      const [row] = await query<{
        lane: string;
        abandoned_at: number | null;
        attempt: number;
        run: string | null;
        notes: string;
      }>("SELECT lane, abandoned_at, attempt, run, notes FROM claim($1, $2, $3)", [lease, at + leaseMs, at]);
      if (row === undefined) return undefined;
      // Read after the lane is ours: what is stored from here on nudges it again.
      const unread = await query<{ seq: number; stored_at: number; mention: string }>(
        "SELECT seq, stored_at, mention FROM mentions WHERE lane = $1 AND outcome IS NULL ORDER BY seq LIMIT $2",
        [row.lane, unreadPerTurn],
      );
      if (unread.length === unreadPerTurn)
        await query("UPDATE lanes SET nudged_at = $2 WHERE key = $1", [row.lane, at]);
      return toWork({
        lane: row.lane,
        lease,
        abandonedAt: row.abandoned_at,
        attempt: row.attempt,
        run: row.run,
        notes: row.notes,
        unread: unread.map((one) => ({ seq: one.seq, storedAt: one.stored_at, mention: one.mention })),
      });
    },
    extend: async (work, leaseMs, at) => {
      const rows = await query(
        "UPDATE lanes SET lease_until = $3, due_at = $3 WHERE key = $1 AND lease = $2 RETURNING 1 AS held",
        [work.lane, work.lease, at + leaseMs],
      );
      return rows.length > 0;
    },
    settle: async (work, change, at) => {
      const [row] = await query<{ settled: boolean }>("SELECT settle($1::jsonb) AS settled", [
        JSON.stringify(toSettleCall(work, change, at)),
      ]);
      const settled = row?.settled === true;
      if (settled && makesReady(change, at)) {
        announce();
        others.tell();
      }
      return settled;
    },
    admit: async (run, person, workspace, limits) => {
      const call = {
        run: run.id,
        place: run.place.key,
        person,
        workspace,
        queuedAt: run.queuedAt,
        ...limits,
      };
      const [row] = await query<{ position: number }>("SELECT admit($1::jsonb) AS position", [
        JSON.stringify(call),
      ]);
      const position = row?.position ?? 1;
      return position === 0 ? { admitted: true } : { admitted: false, position };
    },
    release: async (runId, at) => {
      await query("SELECT release($1, $2)", [runId, at]);
      others.tell();
      announce();
    },
    wake: async (lane, at) => {
      await query("SELECT nudge(key, $2) FROM lanes WHERE key = $1", [lane, at]);
      others.tell();
      announce();
    },
    nextWake: async () =>
      (await query<{ at: number | null }>("SELECT min(due_at) AS at FROM lanes WHERE due_at IS NOT NULL"))[0]
        ?.at ?? undefined,
    onReady: (ready) => {
      listeners.add(ready);
      return () => listeners.delete(ready);
    },
    laneOf: async (place) =>
      (await query<{ lane: string }>("SELECT lane FROM aliases WHERE place = $1", [storableText(place)]))[0]
        ?.lane ?? storableText(place),
    run: async (id) => {
      const [row] = await query<{ run: string }>("SELECT run FROM runs WHERE id = $1", [id]);
      return row === undefined ? undefined : parse<Run>(row.run);
    },
    runs: async (filter) => {
      const { sql, values } = runsQuery(storableFilter(filter));
      return (await query<{ run: string }>(sql, values)).map((row) => parse<Run>(row.run));
    },
    mention: async (key) => {
      const [row] = await query<{
        mention: string;
        outcome: MentionOutcome | null;
        run: string | null;
        why: string | null;
      }>("SELECT mention, outcome, run, why FROM mentions WHERE key = $1", [storableText(key)]);
      if (row === undefined) return undefined;
      return {
        mention: parse<Mention>(row.mention),
        outcome: row.outcome ?? undefined,
        run: row.run ?? undefined,
        why: row.why ?? undefined,
      };
    },
    getNote: async (key) =>
      (await query<{ value: string }>("SELECT value FROM notes WHERE key = $1", [storableText(key)]))[0]
        ?.value,
    setNote: async (key, value) => {
      await query(
        "INSERT INTO notes (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2",
        [storableText(key), storableText(value)],
      );
    },
    prune: (before) => prune(query, before),
    counts: async () => {
      const [row] = await query<{
        lanes: number;
        unread: number;
        live: number;
        queued: number;
        oldest: number | null;
      }>(`
        SELECT (SELECT count(*) FROM lanes) AS lanes,
          (SELECT count(*) FROM mentions WHERE outcome IS NULL) AS unread,
          (SELECT count(*) FROM runs WHERE state IN ('starting', 'working', 'waiting')) AS live,
          (SELECT count(*) FROM runs WHERE state = 'queued') AS queued,
          (SELECT min(stored_at) FROM mentions WHERE outcome IS NULL) AS oldest`);
      const { oldest = null, ...counts } = row ?? { lanes: 0, unread: 0, live: 0, queued: 0, oldest: null };
      return oldest === null ? counts : { ...counts, oldestUnread: oldest };
    },
    time: async () => {
      const [row] = await query<{ at: number }>(
        "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS at",
      );
      return row?.at ?? now();
    },
    close: async () => {
      await listening.stop();
      await others.end();
      await pool.end();
    },
  };
};
