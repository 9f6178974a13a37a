import type { Order } from "@ask-openhands/core/agent/agent.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import type { LaneNotes } from "@ask-openhands/core/work/lane.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { askAgent } from "./ask-agent.ts";
import { withLater } from "./later.ts";
import type { Result, Turn } from "./turn.ts";

/** Milliseconds between two questions whether it is ready: growing with the time that it takes. */
const least = 1_000;
const most = 10_000;
const growth = 0.2;

/** The lane rests meanwhile, so that commands are obeyed and the report says what goes on. */
const rest = (turn: Turn, run: Run, notes: LaneNotes, phase = run.phase): Result => {
  const now = turn.deps.now();
  const since = notes.preparing?.run === run.id ? notes.preparing.since : now;
  const before = notes.later?.start;
  const hasFailed = before !== undefined && before.tries > 0;
  const well = run.trouble === undefined ? run : advance(run, { type: "recovered" }, now);
  return {
    run: phase === undefined ? well : advance(well, { type: "phase", text: phase }, now),
    notes: {
      ...withLater(notes, "start", {
        at: now + Math.round(Math.min(most, Math.max(least, (now - since) * growth))),
        tries: before?.tries ?? 0,
        since: hasFailed ? before.since : now,
      }),
      preparing: { run: run.id, since },
      // There is no conversation yet: who stops the run now need not look for one.
      startTried: undefined,
    },
  };
};

/** While the back end still prepares what an earlier turn asked for, nothing is read or made for the start; `undefined`: it does not. */
export const awaitPreparation = async (
  turn: Turn,
  run: Run,
  connection: string,
  notes: LaneNotes,
): Promise<Result | undefined> => {
  if (notes.preparing?.run !== run.id) return undefined;
  const isUnderWay = await askAgent(turn, connection, async (agent) => agent.isPreparing?.(run.id));
  return isUnderWay === true ? rest(turn, run, notes) : undefined;
};

/** Lets the back end prepare what takes long. `undefined`: the start can follow. Throws `Failure` when it cannot be had, which says nothing against the back end. */
export const prepare = async (
  turn: Turn,
  run: Run,
  connection: string,
  notes: LaneNotes,
  order: Order,
): Promise<Result | undefined> => {
  const within = turn.deps.times.request * 4;
  const prepared = await askAgent(turn, connection, async (agent) => agent.prepare?.(order), within);
  if (prepared === undefined || prepared.state === "ready") return undefined;
  if (prepared.state === "failed") throw prepared.failure;
  return rest(turn, run, notes, prepared.phase);
};
