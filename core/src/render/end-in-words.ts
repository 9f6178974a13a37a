import type { Run } from "../work/run.ts";
import { clipLine } from "./clip.ts";
import { elapsed, inWords, listed, personName } from "./words.ts";

const after = (run: Run): string => {
  const time = elapsed(run, run.endedAt ?? run.queuedAt);
  return time === undefined || run.endedAt === undefined ? "" : ` after ${inWords(time)}`;
};

/** One line that says how a run ended, true for every reason. */
export const endInWords = (run: Run): string => {
  switch (run.outcome?.reason) {
    case "error":
      return "It failed: OpenHands ended with an error";
    case "stuck":
      return "It got stuck: OpenHands repeated itself without getting further";
    case "budget":
      return "The budget is used up, so OpenHands stopped working";
    case "timeout":
      return `It ran out of time and was stopped${after(run)}`;
    case "stopped":
      return run.stopAsked === undefined ? "Stopped" : `Stopped, as ${personName(run.stopAsked.by)} asked`;
    case "archived":
      return "The conversation was archived, so it cannot go on";
    case "refused":
      return "Not started";
    case "unreachable":
      return "OpenHands could not be reached";
    case "withdrawn":
      return "Withdrawn before it started";
    default:
      if (run.state === "failed") return "It failed";
      return run.state === "stopped" ? "Stopped" : "Done";
  }
};

/** What happened and what to do: our hint, or where to look when there is neither hint nor closing words. */
export const hintAtEnd = (run: Run): string | undefined => {
  if (run.outcome === undefined) return undefined;
  if (run.outcome.hint !== undefined) return run.outcome.hint;
  const hasWords = run.outcome.summary !== undefined && run.outcome.summary.trim() !== "";
  if (run.outcome.reason !== "finished" || hasWords) return undefined;
  return "OpenHands finished without closing words; the conversation shows what it did.";
};

const mostPushes = 5;

/** What was already pushed when a run ended early; for a run that finished, the pull request and the summary say it. */
export const pushedInWords = (run: Run): string | undefined => {
  if (run.outcome === undefined || run.outcome.reason === "finished") return undefined;
  const pushed = run.pushed ?? [];
  if (pushed.length === 0) {
    const ended = run.startedAt !== undefined && run.outcome.reason === "stopped";
    return ended && run.pullRequest === undefined ? "No push was seen before it ended." : undefined;
  }
  const named = pushed.slice(0, mostPushes).map((what) => `\`${clipLine(what, 100).replaceAll("`", "'")}\``);
  const rest = pushed.length - named.length;
  return `Already pushed: ${listed(rest > 0 ? [...named, `${rest} more`] : named)}.`;
};
