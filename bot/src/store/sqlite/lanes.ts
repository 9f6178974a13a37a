import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ClaimedRow, SettleCall } from "../rows.ts";
import type { RunTable } from "./runs.ts";
import type { SlotTable } from "./slots.ts";

/** Unread mentions handed to one turn; the others follow in the next. */
const unreadPerTurn = 500;

/** Something new for a lane: a turn at `at`, or as soon as its present holder gives it back. */
export type Nudge = (lane: string, at: number) => void;

export interface LaneTable {
  /** As a nudge, but only of a lane that exists. */
  wake(lane: string, at: number): void;
  laneOf(place: string): string;
  claim(lease: string, leaseMs: number, now: number, begin: () => void): ClaimedRow | null;
  extend(lane: string, lease: string, until: number): boolean;
  settle(call: SettleCall): boolean;
  nextWake(): number | null;
  /** Leases of a process that is certainly dead end now. */
  abandonAll(now: number): void;
}

const number = (value: unknown): number | null => (typeof value === "number" ? value : null);

const nudged = `
  nudged_at = min(coalesce(nudged_at, ?2), ?2),
  due_at = CASE WHEN lease IS NULL THEN min(coalesce(due_at, ?2), ?2) ELSE due_at END`;

/** A lane that is due already is written no second time. */
const changes = "nudged_at IS NULL OR nudged_at > ?2 OR (lease IS NULL AND (due_at IS NULL OR due_at > ?2))";

export const createNudge = (db: DatabaseSync): Nudge => {
  const statement = db.prepare(
    `INSERT INTO lanes (key, nudged_at, due_at, touched_at) VALUES (?1, ?2, ?2, ?2) ON CONFLICT (key) DO UPDATE SET ${nudged} WHERE ${changes}`,
  );
  return (lane, at) => {
    statement.run(lane, at);
  };
};

const joinPlace = (db: DatabaseSync, nudge: Nudge) => {
  const known = db.prepare("SELECT lane FROM aliases WHERE place = ?");
  const other = db.prepare(
    "SELECT l.lease AS lease, r.state AS state FROM lanes l LEFT JOIN runs r ON r.id = l.run WHERE l.key = ?",
  );
  const moveMentions = db.prepare("UPDATE mentions SET lane = ? WHERE lane = ? AND outcome IS NULL");
  const moveAliases = db.prepare("UPDATE aliases SET lane = ? WHERE lane = ?");
  const add = db.prepare("INSERT INTO aliases (place, lane) VALUES (?, ?) ON CONFLICT (place) DO NOTHING");
  const forget = db.prepare("DELETE FROM lanes WHERE key = ?");
  const over: ReadonlySet<unknown> = new Set([null, "done", "failed", "stopped"]);

  return (place: string, lane: string, now: number): void => {
    if (place === lane || known.get(place) !== undefined) return;
    const row = other.get(place);
    // A place where work of its own goes on keeps its lane: two live runs cannot share one.
    if (row !== undefined && (row["lease"] !== null || !over.has(row["state"] ?? null))) return;
    if (Number(moveMentions.run(lane, place).changes) > 0) nudge(lane, now);
    moveAliases.run(lane, place);
    forget.run(place);
    add.run(place, lane);
  };
};

const toClaimed = (row: Record<string, unknown>, lease: string, unread: StatementSync): ClaimedRow => {
  const lane = String(row["key"]);
  return {
    lane,
    lease,
    abandonedAt: row["lease"] === null ? null : number(row["lease_until"]),
    attempt: Number(row["attempt"]) + 1,
    run: row["run"] === null ? null : String(row["run"]),
    notes: String(row["notes"]),
    unread: unread.all(lane, unreadPerTurn).map((one) => ({
      seq: Number(one["seq"]),
      storedAt: Number(one["stored_at"]),
      mention: String(one["mention"]),
    })),
  };
};

export const createLaneTable = (
  db: DatabaseSync,
  runs: RunTable,
  slots: SlotTable,
  nudge: Nudge,
): LaneTable => {
  const wake = db.prepare(`UPDATE lanes SET ${nudged} WHERE key = ?1`);
  const more = db.prepare("UPDATE lanes SET nudged_at = ?2 WHERE key = ?1");
  const alias = db.prepare("SELECT lane FROM aliases WHERE place = ?");
  const due = db.prepare(`
    SELECT l.key AS key, l.lease AS lease, l.lease_until AS lease_until, l.attempt AS attempt, l.notes AS notes, r.run AS run
    FROM lanes l LEFT JOIN runs r ON r.id = l.run WHERE l.due_at <= ? ORDER BY l.due_at LIMIT 1`);
  const unread = db.prepare(
    "SELECT seq, stored_at, mention FROM mentions WHERE lane = ? AND outcome IS NULL ORDER BY seq LIMIT ?",
  );
  const take = db.prepare(
    "UPDATE lanes SET lease = ?2, lease_until = ?3, due_at = ?3, nudged_at = NULL, attempt = attempt + 1 WHERE key = ?1",
  );
  const prolong = db.prepare("UPDATE lanes SET lease_until = ?3, due_at = ?3 WHERE key = ?1 AND lease = ?2");
  const holds = db.prepare("SELECT 1 FROM lanes WHERE key = ? AND lease = ?");
  const setRun = db.prepare("UPDATE lanes SET run = ?2 WHERE key = ?1");
  const setNotes = db.prepare("UPDATE lanes SET notes = ?2 WHERE key = ?1");
  const read = db.prepare(
    "UPDATE mentions SET outcome = ?3, run = ?4, why = ?5, read_at = ?6 WHERE seq = ?1 AND lane = ?2 AND outcome IS NULL",
  );
  const giveBack = db.prepare(`
    UPDATE lanes SET lease = NULL, lease_until = NULL, attempt = 0, wake_at = ?2, touched_at = ?3,
      due_at = CASE WHEN nudged_at IS NULL THEN ?2 WHEN ?2 IS NULL THEN nudged_at ELSE min(nudged_at, ?2) END
    WHERE key = ?1`);
  const earliest = db.prepare("SELECT min(due_at) AS at FROM lanes WHERE due_at IS NOT NULL");
  const abandon = db.prepare(
    "UPDATE lanes SET lease_until = min(lease_until, ?1), due_at = min(due_at, ?1) WHERE lease IS NOT NULL",
  );

  const join = joinPlace(db, nudge);

  return {
    wake: (lane, at) => {
      wake.run(lane, at);
    },
    laneOf: (place) => {
      const row = alias.get(place);
      return row === undefined ? place : String(row["lane"]);
    },
    claim: (lease, leaseMs, now, begin) => {
      const row = due.get(now);
      if (row === undefined) return null;
      begin();
      const claimed = toClaimed(row, lease, unread);
      take.run(claimed.lane, lease, now + leaseMs);
      if (claimed.unread.length === unreadPerTurn) more.run(claimed.lane, now);
      return claimed;
    },
    extend: (lane, lease, until) => Number(prolong.run(lane, lease, until).changes) > 0,
    settle: (call) => {
      if (holds.get(call.lane, call.lease) === undefined) return false;
      for (const row of call.others) runs.put(row);
      if (call.run !== undefined) {
        runs.put(call.run);
        setRun.run(call.lane, call.run.id);
        if (call.run.over) slots.release(call.run.id, call.now);
      }
      for (const one of call.read) read.run(one.seq, call.lane, one.outcome, one.run, one.why, call.now);
      if (call.notes !== undefined) setNotes.run(call.lane, call.notes);
      for (const place of call.joins) join(place, call.lane, call.now);
      if (!call.keep) giveBack.run(call.lane, call.wakeAt, call.now);
      return true;
    },
    nextWake: () => number(earliest.get()?.["at"]),
    abandonAll: (now) => {
      abandon.run(now);
    },
  };
};
