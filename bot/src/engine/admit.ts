import { advance } from "@ask-openhands/core/work/advance.ts";
import { nextMoment } from "@ask-openhands/core/work/next-step.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import type { Store } from "../store/store.ts";
import { accountOf, readAs } from "./refuse.ts";
import type { Result, Turn } from "./turn.ts";

/** Asks the limits about a run: it may go, or its position among those that wait. */
export const askLimits = async (turn: Turn, run: Run): ReturnType<Store["admit"]> => {
  const { deps, view } = turn;
  const { order } = view.notes;
  const settings = deps.policy.settings(run.place.connection);
  const first = run.asks[0];
  const person = order?.personId ?? (first === undefined ? "nobody" : accountOf(first.author));
  const limits = { perPerson: settings.runsPerPerson, perWorkspace: settings.runsPerWorkspace };
  return deps.store.admit(run, person, order?.workspaceId ?? "main", limits);
};

/** Lets a queued run go when the limits allow; from then on its request cannot be edited or withdrawn any more. */
export const admit = async (turn: Turn, run: Run): Promise<Result> => {
  const { deps, view } = turn;
  const answer = await askLimits(turn, run);
  const now = deps.now();
  if (!answer.admitted) {
    const waiting = advance(run, { type: "queued", position: answer.position }, now);
    return waiting === run ? { rest: { until: nextMoment(view, now) } } : { run: waiting };
  }
  const own = view.pending.find(({ mention }) => mention.key === run.asks[0]?.key);
  return {
    run: advance(run, { type: "preparing" }, now),
    ...(own === undefined ? {} : { read: readAs(own, "ran", { run: run.id }) }),
  };
};
