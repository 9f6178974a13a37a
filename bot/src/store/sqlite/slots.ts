import type { DatabaseSync } from "node:sqlite";
import type { AdmitCall } from "../rows.ts";
import type { Nudge } from "./lanes.ts";

export interface SlotTable {
  admit(
    call: AdmitCall,
    lane: string,
  ): { readonly admitted: true } | { readonly admitted: false; readonly position: number };
  release(run: string, now: number): void;
}

/** Waiting runs that are looked at when one place becomes free; those further behind see it when they ask by themselves. */
const wokenAtOnce = 25;

/**
 * Limits of live runs. First come, first served, except that a run held back by its person's own limit does not hold back other people.
 */
export const createSlotTable = (db: DatabaseSync, nudge: Nudge): SlotTable => {
  const known = db.prepare("SELECT live FROM slots WHERE run = ?");
  const enter = db.prepare(
    "INSERT INTO slots (run, lane, person, workspace, queued_at) VALUES (?, ?, ?, ?, ?)",
  );
  const liveOfWorkspace = db.prepare("SELECT count(*) AS n FROM slots WHERE workspace = ? AND live = 1");
  const liveOfPerson = db.prepare(
    "SELECT count(*) AS n FROM slots WHERE person = ? AND workspace = ? AND live = 1",
  );
  const ahead = db.prepare(`
    SELECT person, count(*) AS n FROM slots
    WHERE workspace = ?1 AND live = 0 AND (queued_at < ?2 OR (queued_at = ?2 AND run < ?3)) GROUP BY person`);
  const start = db.prepare("UPDATE slots SET live = 1 WHERE run = ?");
  const find = db.prepare("SELECT workspace FROM slots WHERE run = ?");
  const remove = db.prepare("DELETE FROM slots WHERE run = ?");
  const waiting = db.prepare(
    "SELECT lane FROM slots WHERE workspace = ? AND live = 0 ORDER BY queued_at, run LIMIT ?",
  );
  const count = (row: Record<string, unknown> | undefined): number => Number(row?.["n"] ?? 0);

  return {
    admit: (call, lane) => {
      const row = known.get(call.run);
      if (row?.["live"] === 1) return { admitted: true };
      if (row === undefined) enter.run(call.run, lane, call.person, call.workspace, call.queuedAt);
      const perPerson = call.perPerson ?? Number.POSITIVE_INFINITY;
      const perWorkspace = call.perWorkspace ?? Number.POSITIVE_INFINITY;
      let own = 0;
      let all = 0;
      let able = 0;
      for (const one of ahead.all(call.workspace, call.queuedAt, call.run)) {
        const person = String(one["person"]);
        const waits = count(one);
        all += waits;
        if (person === call.person) own = waits;
        able += Math.min(waits, Math.max(0, perPerson - count(liveOfPerson.get(person, call.workspace))));
      }
      const personFull = count(liveOfPerson.get(call.person, call.workspace)) + own >= perPerson;
      const workspaceFull = count(liveOfWorkspace.get(call.workspace)) + able >= perWorkspace;
      if (!personFull && !workspaceFull) {
        start.run(call.run);
        return { admitted: true };
      }
      return { admitted: false, position: 1 + (workspaceFull ? all : own) };
    },
    release: (run, now) => {
      const row = find.get(run);
      if (row === undefined) return;
      remove.run(run);
      for (const one of waiting.all(String(row["workspace"]), wokenAtOnce)) nudge(String(one["lane"]), now);
    },
  };
};
