import { describeClosing } from "@ask-openhands/core/render/report.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { answer } from "./answer.ts";
import { reportFacts } from "./post-run.ts";
import type { Result, Turn } from "./turn.ts";

/** The agent asks something: a comment of its own calls the people, because an edited report calls nobody. */
export const announce = async (turn: Turn, run: Run): Promise<Result> => {
  const { deps } = turn;
  const last = run.asks.at(-1);
  const stored = last === undefined ? undefined : await deps.store.mention(last.key);
  const asked = { ...turn.view.notes, announced: run.question };
  if (stored === undefined || deps.policy.settings(run.place.connection).closing !== "comment")
    return { notes: asked };
  const id = `${run.id}:question:${run.asks.length}:${run.stepCount}`;
  const { said, notes } = await answer(turn, {
    mention: { ...stored.mention, place: run.place },
    id,
    effect: "question",
    message: (facts) => ({
      ...describeClosing(run, run.activeSince ?? deps.now(), {
        ...reportFacts(deps, run, "closing", { order: turn.view.notes.order }),
        marker: facts.marker,
      }),
      part: "note",
    }),
  });
  return { notes: said ? { ...notes, announced: run.question } : notes };
};
