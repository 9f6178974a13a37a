import { advance } from "@ask-openhands/core/work/advance.ts";
import { nextMoment } from "@ask-openhands/core/work/next-step.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { accountOf, readAs } from "./refuse.ts";
import type { Result, Turn } from "./turn.ts";

/** Asks the limits whether a queued run may go; from here on its request cannot be edited or withdrawn any more. */
export const admit = async (turn: Turn, run: Run): Promise<Result> => {
  const { deps, view } = turn;
  const { order } = view.notes;
  const settings = deps.policy.settings(run.place.connection);
  const first = run.asks[0];
  const person = order?.personId ?? (first === undefined ? "nobody" : accountOf(first.author));
  const limits = { perPerson: settings.runsPerPerson, perWorkspace: settings.runsPerWorkspace };
  const answer = await deps.store.admit(run, person, order?.workspaceId ?? "main", limits);
  const now = deps.now();
  if (!answer.admitted) {
    const waiting = advance(run, { type: "queued", position: answer.position }, now);
    return waiting === run ? { rest: { until: nextMoment(view, now) } } : { run: waiting };
  }
  const own = view.pending.find(({ mention }) => mention.key === first?.key);
  return {
    run: advance(run, { type: "preparing" }, now),
    ...(own === undefined ? {} : { read: readAs(own, "ran", { run: run.id }) }),
  };
};
