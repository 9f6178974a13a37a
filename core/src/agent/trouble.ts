import type { OpenHandsEvent } from "../wire/openhands-event.ts";
import type { AgentTrouble } from "./agent.ts";

export interface RunError {
  readonly reason: "error" | "budget";
  readonly trouble: AgentTrouble;
  readonly detail: string;
}

const troubles: Readonly<Record<string, AgentTrouble>> = {
  auth: "auth",
  quota: "quota",
  rate_limit: "rate-limit",
  config: "settings",
  transient: "transient",
  agent_action: "agent",
  internal: "internal",
};

/** Older servers send no classification; their codes are class names. */
const byCode: readonly (readonly [RegExp, AgentTrouble])[] = [
  [/auth/i, "auth"],
  [/rate.?limit/i, "rate-limit"],
  [/budget|quota|credit/i, "quota"],
  [/badrequest|notfound/i, "settings"],
  [/timeout|unavailable|connection/i, "transient"],
];

/** Limits that people set: the number of steps, and the money. */
const limits = new Set(["MaxIterationsReached", "MaxBudgetReached"]);

/** Why a run broke off, from a ConversationErrorEvent or ServerErrorEvent. */
export const readError = (event: OpenHandsEvent): RunError => {
  const code = event.code ?? "";
  const classified = troubles[event.classification?.kind ?? ""];
  const trouble = classified ?? byCode.find(([pattern]) => pattern.test(code))?.[1] ?? "unknown";
  return { reason: limits.has(code) ? "budget" : "error", trouble, detail: event.detail ?? code };
};
