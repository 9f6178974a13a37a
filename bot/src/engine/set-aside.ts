import { describeAnswer } from "@ask-openhands/core/render/answers.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import { mostAttempts } from "@ask-openhands/core/work/next-step.ts";
import { isOver } from "@ask-openhands/core/work/run.ts";
import { answer } from "./answer.ts";
import { readAs } from "./refuse.ts";
import type { Result, Turn } from "./turn.ts";

const hint =
  "Working on this request ended the bot several times in a row, so it was set aside. Whoever runs the bot finds the reason in its log; ask again when it is mended.";

/** What was begun goes on without us: nothing is asked of the back end here, since that may be what ends the process. */
const begun = " OpenHands may still be at work on it; end it there if you do not want that.";

/** A lane whose turns end the process: its run, or the request in turn, ends here, so that the other lanes go on. */
export const setAside = async (turn: Turn): Promise<Result> => {
  const { view, deps, log } = turn;
  const { run } = view;
  log.error({ attempt: view.attempt, run: run?.id }, "set aside");
  const notes = { ...view.notes, deaths: undefined };
  const first = view.pending[0];
  if (run !== undefined && !isOver(run)) {
    const own = view.pending.find(({ mention }) => mention.key === run.asks[0]?.key);
    const mayWork = run.conversation !== undefined || view.notes.startTried === true;
    const told = mayWork ? `${hint}${begun}` : hint;
    const ended = advance(run, { type: "failed", reason: "error", hint: told, retryable: true }, deps.now());
    return {
      run: ended,
      notes,
      ...(own === undefined ? {} : { read: readAs(own, "failed", { run: run.id, why: hint }) }),
    };
  }
  if (first === undefined) return { notes };
  const read = readAs(first, "failed", { why: hint });
  // Saying so may be what ends the process.
  if (view.attempt > mostAttempts + 1) return { notes, read };
  const { notes: after } = await answer(
    turn,
    { mention: first.mention, id: first.mention.key, message: (facts) => describeAnswer(hint, facts) },
    notes,
  );
  return { notes: after, read };
};
