import { advance } from "@ask-openhands/core/work/advance.ts";
import type { NextStep } from "@ask-openhands/core/work/next-step.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { admit } from "./admit.ts";
import { announce } from "./announce.ts";
import { begin } from "./begin.ts";
import { bind, point } from "./join-places.ts";
import { look } from "./look.ts";
import { obey } from "./obey.ts";
import { postRun } from "./post-run.ts";
import { readAs } from "./refuse.ts";
import { reword } from "./reword.ts";
import { say } from "./say.ts";
import { setAside } from "./set-aside.ts";
import { start } from "./start.ts";
import { finishStop, lookSoon, stop } from "./stop.ts";
import type { Result, Turn } from "./turn.ts";

const lookNow = async (turn: Turn, run: Run, heard: boolean): Promise<Result> => {
  const result = await look(turn, run, heard);
  const { stopping } = turn.view.notes;
  if (stopping === undefined || result.notes === undefined) return result;
  return { ...result, notes: { ...result.notes, look: lookSoon(stopping, turn.deps.now()) } };
};

const withRun = (turn: Turn, work: (run: Run) => Result | Promise<Result>): Result | Promise<Result> =>
  turn.view.run === undefined ? {} : work(turn.view.run);

/** Does what the rules decided. `heard`: the back end of the run calls us when there is news. */
export const doStep = (turn: Turn, step: NextStep, heard: boolean): Result | Promise<Result> => {
  const now = turn.deps.now();
  switch (step.do) {
    case "set-aside":
      return setAside(turn);
    case "obey":
      return obey(turn, step.pending);
    case "drop":
      return {
        read: readAs(step.pending, "refused", {
          why: step.pending.wish.kind === "none" ? step.pending.wish.why : "It asks nothing.",
        }),
      };
    case "withdraw":
      return withRun(turn, (run) => ({ run: advance(run, { type: "withdrawn" }, now) }));
    case "reword":
      return withRun(turn, (run) => reword(turn, run, step.pending));
    case "begin":
      return begin(turn, step.pending, step.retry);
    case "admit":
      return withRun(turn, (run) => admit(turn, run));
    case "start":
      return withRun(turn, (run) => start(turn, run));
    case "say":
      return withRun(turn, (run) =>
        run.conversation === undefined ? {} : say(turn, run, run.conversation, step.pending),
      );
    case "overtime":
      return withRun(turn, (run) => ({ run: advance(run, { type: "overtime" }, now) }));
    case "stop":
      return withRun(turn, (run) => stop(turn, run));
    case "finish-stop":
      return withRun(turn, (run) => finishStop(turn, run));
    case "announce":
      return withRun(turn, (run) => announce(turn, run));
    case "bind":
      return withRun(turn, (run) => bind(turn, run));
    case "point":
      return withRun(turn, (run) => point(turn, run));
    case "post":
      return withRun(turn, (run) => postRun(turn, run, step.part));
    case "look":
      return withRun(turn, (run) => lookNow(turn, run, heard));
    case "rest":
      return { rest: { until: step.until } };
  }
};
