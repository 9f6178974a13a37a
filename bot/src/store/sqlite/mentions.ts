import type { DatabaseSync } from "node:sqlite";
import type { AcceptCall, MentionRow } from "../rows.ts";
import type { MentionOutcome } from "../store.ts";
import type { LaneTable, Nudge } from "./lanes.ts";

export interface MentionTable {
  accept(call: AcceptCall): "new" | "replaced" | "withdrawn" | "known";
  get(key: string): MentionRow | null;
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

export const createMentionTable = (db: DatabaseSync, lanes: LaneTable, nudge: Nudge): MentionTable => {
  const add = db.prepare(
    "INSERT INTO mentions (key, lane, stored_at, mention, outcome, read_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
  );
  const find = db.prepare("SELECT lane, outcome FROM mentions WHERE key = ?");
  const replace = db.prepare("UPDATE mentions SET mention = ? WHERE key = ?");
  const withdraw = db.prepare("UPDATE mentions SET outcome = 'withdrawn', read_at = ? WHERE key = ?");
  const get = db.prepare("SELECT mention, outcome, run, why FROM mentions WHERE key = ?");

  const addNew = (call: AcceptCall): boolean => {
    const lane = lanes.laneOf(call.place);
    if (Number(add.run(call.key, lane, call.now, call.mention, null, null).changes) === 0) return false;
    nudge(lane, call.now);
    return true;
  };

  const takeBack = (call: AcceptCall): "withdrawn" | "known" => {
    const row = find.get(call.key);
    if (row === undefined) {
      add.run(call.key, lanes.laneOf(call.place), call.now, call.mention, "withdrawn", call.now);
      return "withdrawn";
    }
    if (row["outcome"] !== null) return "known";
    withdraw.run(call.now, call.key);
    nudge(String(row["lane"]), call.now);
    return "withdrawn";
  };

  return {
    accept: (call) => {
      if (call.change === "withdrawn") return takeBack(call);
      if (addNew(call)) return "new";
      if (call.change === "new") return "known";
      const row = find.get(call.key);
      if (row === undefined || row["outcome"] !== null) return "known";
      replace.run(call.mention, call.key);
      nudge(String(row["lane"]), call.now);
      return "replaced";
    },
    get: (key) => {
      const row = get.get(key);
      if (row === undefined) return null;
      return {
        mention: String(row["mention"]),
        outcome: text(row["outcome"]) as MentionOutcome | null,
        run: text(row["run"]),
        why: text(row["why"]),
      };
    },
  };
};
