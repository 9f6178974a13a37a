import { Failure } from "@ask-openhands/core/failure.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import { lastWords } from "@ask-openhands/core/work/next-step.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { askAgent } from "./ask-agent.ts";
import { withoutLater } from "./later.ts";
import { firstLook } from "./look.ts";
import { putOff, type Result, type Turn } from "./turn.ts";

const mostTries = 5;

/** Interrupts the agent; what it says about itself in the next seconds (what was pushed) still gets into the report. */
export const stop = async (turn: Turn, run: Run): Promise<Result> => {
  const { deps, view } = turn;
  const { conversation } = run;
  if (conversation === undefined) return finishStop(turn, run);
  try {
    await askAgent(turn, conversation.agent, (agent) => agent.stop(conversation), deps.times.request);
    const now = deps.now();
    return { run, notes: { ...withoutLater(view.notes, "stop"), stopping: now, look: firstLook(now) } };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const notes = putOff(turn, "stop", cause);
    if (cause.kind === "not-found") return { run: advance(run, { type: "stopped" }, deps.now()) };
    if ((notes.later?.stop?.tries ?? 0) < mostTries)
      return { run: advance(run, { type: "troubled", hint: cause.hint }, deps.now()), notes };
    const hint = `OpenHands did not take the order to stop, so it may still be working; stop it in the conversation itself. ${cause.hint}`;
    return {
      run: advance(run, { type: "failed", reason: "unreachable", hint, retryable: false }, deps.now()),
      notes: withoutLater(notes, "stop"),
    };
  }
};

/** The agent is interrupted and had its time for last words. */
export const finishStop = (turn: Turn, run: Run): Result => {
  const now = turn.deps.now();
  return {
    run: advance(
      run,
      {
        type: "ended",
        reason: run.stopAsked === undefined && run.overtime !== undefined ? "timeout" : "stopped",
      },
      now,
    ),
  };
};

/** While an agent is being stopped, the next look comes after a second, and never later than its last words. */
export const lookSoon = (stopping: number, now: number) => ({
  at: Math.min(now + 1_000, stopping + lastWords),
  every: 1_000,
});
