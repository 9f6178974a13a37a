import type { ExecutionStatus } from "../wire/openhands-event.ts";
import type { AgentEvent } from "./agent.ts";
import { isQuestion } from "./is-question.ts";
import type { Progress } from "./progress.ts";

/** What the back end says of the conversation at the moment of reading. */
export interface Standing {
  readonly status: ExecutionStatus;
  /** Reference of the newest follow-up that was sent; an end before it arrived is the end of something older. */
  readonly said?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How long the history may lag behind the status, in milliseconds. */
  readonly patience: number;
}

export type Verdict =
  | { readonly over: false; readonly progress: Progress; readonly events: readonly AgentEvent[] }
  /** `tell` makes the end's event, from the agent's final answer. */
  | { readonly over: true; readonly progress: Progress; tell(answer: string): AgentEvent };

const turnOf = (progress: Progress): string => progress.turn ?? "start";

const ending = (progress: Progress, status: ExecutionStatus): Extract<Verdict, { over: true }>["tell"] => {
  if (status === "waiting_for_confirmation") {
    return () => ({
      type: "question",
      text: "The agent wants to go on with its next action and waits for approval. Answer yes or no.",
    });
  }
  if (status === "finished") {
    return (answer) =>
      isQuestion(answer, progress.delivered)
        ? { type: "question", text: answer }
        : { type: "ended", reason: "finished", ...(answer === "" ? {} : { summary: answer }) };
  }
  const summary = (answer: string) => (answer === "" ? {} : { summary: answer });
  if (status === "stuck")
    return (answer) => ({ type: "ended", reason: "stuck", trouble: "agent", ...summary(answer) });
  if (status === "paused") return () => ({ type: "ended", reason: "stopped" });
  if (status === "deleting")
    return () => ({ type: "ended", reason: "archived", detail: "The conversation was deleted." });
  const { error, toolError } = progress;
  const detail = toolError === undefined ? {} : { detail: toolError };
  return () => ({ type: "ended", ...(error ?? { reason: "error", trouble: "unknown", ...detail }) });
};

const isHeard = (progress: Progress, standing: Standing): boolean =>
  standing.said === undefined || progress.heard.includes(standing.said);

/** Does the history show the end that the status claims, for the newest message? Status and history come by different ways, in any order. */
const isShown = (progress: Progress, standing: Standing, waited: number): boolean => {
  if (standing.status === "deleting") return true;
  // A failed tool call is the reason only when no better one follows at once.
  if (standing.status === "error")
    return progress.error !== undefined || (progress.toolError !== undefined && waited > 2_000);
  if (standing.status === "paused") return progress.stopped;
  if (standing.status === "finished") return progress.ended && progress.turn !== undefined;
  return progress.news && progress.turn !== undefined;
};

/**
 * Is the work on the newest message over? `idle` is the beginning, not an end; `null` is unknown. `finished` may be left from an earlier message
 * and may still be withdrawn by a hook of the agent, so it counts only when the history shows what the agent did about the newest message,
 * or when history has had time enough to catch up.
 */
export const judge = (progress: Progress, standing: Standing): Verdict => {
  const { doubt, ...clear } = progress;
  const turn = turnOf(progress);
  const { status } = standing;
  if (status === "running") {
    if (progress.working === turn) return { over: false, progress: clear, events: [] };
    return { over: false, progress: { ...clear, working: turn }, events: [{ type: "working" }] };
  }
  if (status === undefined || status === null || status === "idle")
    return { over: false, progress: clear, events: [] };
  const heard = isHeard(progress, standing);
  if (progress.told === turn && heard) return { over: false, progress: clear, events: [] };
  const since = doubt ?? standing.now;
  const waited = standing.now - since;
  // A follow-up that was accepted but is not in the history yet: what is over is something older, so the wait is longer.
  const patience = heard ? standing.patience : standing.patience * 4;
  if (!(heard && isShown(progress, standing, waited)) && waited < patience) {
    return { over: false, progress: { ...progress, doubt: since }, events: [] };
  }
  return { over: true, progress: { ...clear, told: turn }, tell: ending(progress, status) };
};
