import type { RouteFacts } from "../route.ts";

/** Asks and runs. */
export const runRoutes = {
  listRuns: {
    method: "GET",
    path: "/workspaces/:workspace/runs",
    may: "member",
    says: "Runs, newest first.",
  },
  watchRuns: {
    method: "GET",
    path: "/workspaces/:workspace/live",
    may: "member",
    special: "events",
    says: "Runs and connections as they change (server-sent events).",
  },
  getRun: { method: "GET", path: "/runs/:run", may: "see-run", says: "One run." },
  stopRun: {
    method: "POST",
    path: "/runs/:run/stop",
    may: "steer-run",
    says: "Asks a run to stop, as `stop` at its place does.",
  },
  retryRun: {
    method: "POST",
    path: "/runs/:run/retry",
    may: "steer-run",
    says: "Asks again, as `retry` at its place does.",
  },
  sayToRun: {
    method: "POST",
    path: "/runs/:run/say",
    may: "steer-run",
    says: "Says something to the run's conversation.",
  },
  ask: {
    method: "POST",
    path: "/workspaces/:workspace/asks",
    may: "member",
    status: 201,
    says: "Asks OpenHands at the place that a browser address shows.",
  },
  getAsk: {
    method: "GET",
    path: "/workspaces/:workspace/asks",
    may: "member",
    says: "What became of an ask.",
  },
  getPlace: {
    method: "GET",
    path: "/workspaces/:workspace/places",
    may: "member",
    says: "Integration status of the place that a browser address shows.",
  },
} as const satisfies Readonly<Record<string, RouteFacts>>;
