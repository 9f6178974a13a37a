import { ProblemError } from "@ask-openhands/core/api/client.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { KeptRun } from "../storage.ts";
import { isLive } from "./run-list.ts";

/** An hour of looks that are half a minute apart. Counted, not timed: a computer that slept has not looked. */
const mostMisses = 120;

/** A run that this browser will hear no more of. It is no news, so no notification tells of it. */
export const lose = (kept: KeptRun, hint: string): KeptRun => {
  const { run } = kept;
  return {
    ...kept,
    told: true,
    run: {
      ...run,
      state: "failed",
      outcome: { reason: "unreachable", hint, retryable: false },
      may: { stop: false, retry: false, say: run.may.say },
    },
  };
};

const isGone = (cause: unknown): boolean =>
  (cause instanceof Failure && cause.kind === "not-found") ||
  (cause instanceof ProblemError && cause.problem.status === 404);

/** The run after a look that failed with `cause`: given up at once when it is gone, after an hour when nobody answers. */
export const afterMiss = (kept: KeptRun, cause: unknown): KeptRun => {
  if (!isLive(kept.run)) return kept;
  const where = kept.through === "bot" ? "The bot" : "OpenHands";
  if (isGone(cause)) return lose(kept, `${where} does not know this run any more.`);
  const misses = (kept.misses ?? 0) + 1;
  return misses < mostMisses
    ? { ...kept, misses }
    : lose(
        kept,
        `${where} has not answered for an hour of asking, so this browser stopped asking. The work may still go on there.`,
      );
};

/** The runs after the way that they went has been disconnected here. */
export const loseAll = (runs: readonly KeptRun[], through: KeptRun["through"]): readonly KeptRun[] =>
  runs.map((kept) =>
    kept.through === through && isLive(kept.run)
      ? lose(
          kept,
          `This browser was disconnected from ${through === "bot" ? "the bot" : "OpenHands"}, so it hears no more of this run. The work may still go on there.`,
        )
      : kept,
  );
