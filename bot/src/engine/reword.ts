import { Failure } from "@ask-openhands/core/failure.ts";
import { personName } from "@ask-openhands/core/render/words.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import type { Pending } from "@ask-openhands/core/work/lane.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { orderFor, toAsk } from "./begin.ts";
import { foreignWork, isForeign, mayHear } from "./holder.ts";
import { aboutOf, judge } from "./judge.ts";
import { mostTries, withoutLater } from "./later.ts";
import { readAs } from "./refuse.ts";
import { putOff, type Result, type Turn } from "./turn.ts";

/** The run ends: what was allowed does not stand there any more, and what stands there was not allowed. */
const end = (turn: Turn, run: Run, pending: Pending, why: string): Result => {
  const hint = `The request was changed by ${personName(pending.mention.author)} before it began. ${why}`;
  return {
    run: advance(run, { type: "failed", reason: "refused", hint, retryable: false }, turn.deps.now()),
    read: readAs(pending, "refused", { run: run.id, why }),
    notes: withoutLater(turn.latest(), "judge"),
  };
};

const judgeAnew = async (turn: Turn, run: Run, pending: Pending): Promise<Result> => {
  const { notes } = turn.view;
  const judged = await judge(turn, pending.mention, aboutOf(notes.order));
  if (judged.may !== true) return end(turn, run, pending, judged.why);
  const order = orderFor(turn, pending, notes.order?.repository, judged);
  if (order === undefined) return end(turn, run, pending, "No OpenHands back end can be used for it.");
  const resume = mayHear(notes.order, judged) ? notes.resume : undefined;
  const holder = resume === undefined ? undefined : notes.order?.holder;
  return {
    run: advance(run, { type: "reworded", ask: toAsk(pending) }, turn.deps.now()),
    notes: { ...withoutLater(notes, "judge"), order: { ...order, holder }, resume },
  };
};

/** The request of a run that still waits was edited. By somebody else than its author: it is theirs now, and they are judged like everybody who asks. */
export const reword = async (turn: Turn, run: Run, pending: Pending): Promise<Result> => {
  const heardIn = turn.deps.policy.workspaceOf(pending.mention.place.connection);
  // Its connections can name anybody as the author of anything; here that counts for nothing.
  if (isForeign(turn.view.notes.order, heardIn)) return end(turn, run, pending, foreignWork.why);
  if (pending.mention.author.id === run.asks[0]?.author.id)
    return { run: advance(run, { type: "reworded", ask: toAsk(pending) }, turn.deps.now()) };
  try {
    return await judgeAnew(turn, run, pending);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const tries = turn.latest().later?.judge?.tries ?? 0;
    if (cause.passing && tries < mostTries) return { notes: putOff(turn, "judge", cause) };
    return end(turn, run, pending, `Whether they may ask could not be found out. ${cause.hint}`);
  }
};
