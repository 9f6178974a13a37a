import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { EngineMetrics } from "./engine/engine-deps.ts";
import type { Accepted } from "./intake.ts";
import type { Store } from "./store/store.ts";

export interface Metrics extends EngineMetrics {
  /** A delivery was answered. */
  delivered(path: string, status: number, milliseconds: number): void;
  heard(platform: string, accepted: Accepted["accepted"]): void;
  /** An answer asked for patience and named a time. */
  rateLimited(host: string): void;
  /** Prometheus text. */
  read(): Promise<{ readonly contentType: string; readonly text: string }>;
}

const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const slow = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

/** What the process measures, in a registry of its own. Labels hold paths, platforms, hosts and states: never names of people or repositories. */
export const createMetrics = (store: Pick<Store, "counts">, now: () => number): Metrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "askopenhands_" });
  const deliveries = new Counter({
    name: "askopenhands_deliveries_total",
    help: "Deliveries by receiver and status",
    labelNames: ["receiver", "status"],
    registers,
  });
  const deliverySeconds = new Histogram({
    name: "askopenhands_delivery_seconds",
    help: "Time until a delivery was answered",
    buckets: quick,
    registers,
  });
  const mentions = new Counter({
    name: "askopenhands_mentions_total",
    help: "Mentions heard, by what became of them",
    labelNames: ["platform", "accepted"],
    registers,
  });
  const turns = new Counter({
    name: "askopenhands_turns_total",
    help: "Turns of lanes by step",
    labelNames: ["step"],
    registers,
  });
  const turnSeconds = new Histogram({
    name: "askopenhands_turn_seconds",
    help: "Time that a turn took",
    buckets: slow,
    registers,
  });
  const calls = new Counter({
    name: "askopenhands_outgoing_calls_total",
    help: "Calls to other servers by outcome",
    labelNames: ["host", "outcome"],
    registers,
  });
  const limited = new Counter({
    name: "askopenhands_rate_limit_waits_total",
    help: "Answers that asked for patience and named a time",
    labelNames: ["host"],
    registers,
  });
  const posts = new Counter({
    name: "askopenhands_posts_total",
    help: "Posts and edits of ours",
    labelNames: ["kind"],
    registers,
  });
  const state = new Gauge({
    name: "askopenhands_work",
    help: "Lanes, unread mentions, live and queued runs",
    labelNames: ["what"],
    registers,
    collect: async () => {
      const counts = await store.counts();
      for (const what of ["lanes", "unread", "live", "queued"] as const) state.set({ what }, counts[what]);
      age.set(counts.oldestUnread === undefined ? 0 : Math.max(0, now() - counts.oldestUnread) / 1_000);
    },
  });
  const age = new Gauge({
    name: "askopenhands_oldest_unread_seconds",
    help: "Age of the mention that waits longest",
    registers,
  });

  return {
    delivered: (receiver, status, milliseconds) => {
      deliveries.inc({ receiver, status: String(status) });
      deliverySeconds.observe(milliseconds / 1_000);
    },
    heard: (platform, accepted) => mentions.inc({ platform, accepted }),
    rateLimited: (host) => limited.inc({ host }),
    turn: (step, milliseconds) => {
      turns.inc({ step });
      turnSeconds.observe(milliseconds / 1_000);
    },
    outside: (host, outcome) => {
      calls.inc({ host, outcome });
    },
    posted: (kind) => posts.inc({ kind }),
    read: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
};
