import type { AgentEvent, AgentTrouble } from "../agent/agent.ts";
import type { Outcome, OutcomeReason, Run } from "./run.ts";

type Ended = Extract<AgentEvent, { readonly type: "ended" }>;
type End = Pick<Ended, "summary" | "trouble" | "detail"> & { readonly reason: OutcomeReason };

const longestDetail = 400;

const causes: Readonly<Record<AgentTrouble, string>> = {
  auth: "The model refused the credentials that OpenHands uses. Somebody who runs OpenHands has to check its model key; then say `retry`.",
  quota: "The model's quota or credit is used up. Raise it, then say `retry`.",
  "rate-limit": "The model refused more requests for now. Wait a little, then say `retry`.",
  settings:
    "OpenHands is not set up for this model (name, address or key). Correct its model settings, then say `retry`.",
  transient: "The model or a network in between failed for a moment. Say `retry`.",
  agent: "The agent ran into an error of its own. Say `retry`, or put the request in other words.",
  internal: "OpenHands ran into an internal error. Say `retry`; its own log says more.",
  unknown: "OpenHands reported an error without a class. Say `retry`; the conversation shows what happened.",
};

const hints: Readonly<Record<OutcomeReason, (end: End) => string | undefined>> = {
  finished: () => undefined,
  error: (end) => causes[end.trouble ?? "unknown"],
  stuck: () =>
    "The agent repeated itself without getting further and was halted. Say how to go on, or say `retry` to begin afresh.",
  budget: () => "The budget of the conversation is used up. Raise it in OpenHands, then say how to go on.",
  timeout: () => "Mention me again to go on where it stopped.",
  stopped: () => "Mention me again to go on.",
  archived: () =>
    "OpenHands has archived the conversation; its machine is gone. Say `retry` to begin a new one.",
  refused: () => undefined,
  unreachable: () => "OpenHands could not be reached.",
  withdrawn: () => "The request was taken back before the work began.",
};

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= longestDetail ? line : `${line.slice(0, longestDetail - 1)}…`;
};

const reasonOf = (run: Run, end: End): OutcomeReason => {
  if (end.reason !== "stopped") return end.reason;
  return run.overtime !== undefined && run.stopAsked === undefined ? "timeout" : "stopped";
};

/** How a run ended, in words that are true and say what to do next. */
export const describeEnd = (run: Run, end: End): Outcome => {
  const reason = reasonOf(run, end);
  const hint = hints[reason](end);
  const detail =
    end.detail === undefined || end.detail.trim() === ""
      ? undefined
      : `OpenHands said: ${oneLine(end.detail)}`;
  const words = [hint, reason === "finished" ? undefined : detail]
    .filter((part) => part !== undefined)
    .join(" ");
  const summary = end.summary ?? (reason === "finished" ? run.said : undefined);
  return {
    reason,
    ...(summary === undefined || summary.trim() === "" ? {} : { summary }),
    ...(words === "" ? {} : { hint: words }),
    ...(reason === "finished" || reason === "withdrawn" ? {} : { retryable: true }),
  };
};
