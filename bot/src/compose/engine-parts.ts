import type { Agent } from "@ask-openhands/core/agent/agent.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { createAgents } from "../engine/agents.ts";
import { type CatchUp, startCatchUp } from "../engine/catch-up.ts";
import type { EngineDeps, EngineTimes } from "../engine/engine-deps.ts";
import { createListeners } from "../engine/listeners.ts";
import { createMarker } from "../engine/marker.ts";
import { createOutside } from "../engine/outside.ts";
import type { PostBudget } from "../engine/post-budget.ts";
import { wakeLinked } from "../engine/refuse.ts";
import { createRenewals } from "../engine/renewals.ts";
import { startWorker } from "../engine/worker.ts";
import type { Intake } from "../intake.ts";
import type { Log } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { People } from "../people/open-people.ts";
import type { Platform } from "../platforms/platform.ts";
import type { SteadyClock } from "../steady-clock.ts";
import type { Leadership } from "../store/leadership.ts";
import type { Store } from "../store/store.ts";
import type { SecretList } from "./secret-list.ts";

export interface EngineParts {
  readonly store: Store;
  readonly people: People;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly intake: Intake;
  readonly secrets: SecretList;
  readonly redact: (text: string) => string;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Work is planned by this one. */
  readonly clock: SteadyClock;
  /** What other machines agree on: the time of deliveries, and of answers that say when to come back. */
  readonly now: () => number;
  readonly times: EngineTimes;
  readonly budget: PostBudget;
  readonly publicUrl: string;
  /** Turns at once. */
  readonly lanes: number;
  readonly pollEvery: number;
  readonly leadership: Leadership;
  makeAgent(connection: Connection, secret: (name: string) => string | undefined): Agent;
}

export interface RunningEngine {
  readonly deps: EngineDeps;
  readonly catchUp: CatchUp;
  stop(patience: number): Promise<void>;
}

const sweepEvery = 3_600_000;
/** Milliseconds after which every process has heard of a link: one that took the waiting lane before that lets it wait on, so it gets another turn. */
const untilHeard = 2_000;

/** Puts the engine together and lets it run. */
export const startEngine = (parts: EngineParts): RunningEngine => {
  const { store, people, platforms, metrics, log, clock } = parts;
  const agents = createAgents({ connections: people.connections, make: parts.makeAgent });
  const publicHost = new URL(parts.publicUrl).host;
  const deps: EngineDeps = {
    store,
    policy: people.policy,
    connections: people.connections,
    platforms,
    agents,
    outside: createOutside({
      pause: parts.times.pause,
      now: clock.now,
      lag: () => parts.now() - clock.now(),
      answered: metrics.outside,
      surprised: (host, cause) =>
        log.error(
          { host, error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) },
          "unexpected error in a call",
        ),
    }),
    budget: parts.budget,
    renewals: createRenewals(),
    marker: createMarker(people.markerKey),
    redact: parts.redact,
    hide: parts.secrets.hide,
    hosts: (place) => [
      ...new Set([place.host, publicHost, ...people.connections.all().map((connection) => connection.host)]),
    ],
    times: parts.times,
    metrics,
    log,
    now: clock.now,
    random: Math.random,
  };
  const listeners = createListeners(deps);
  const worker = startWorker(deps, { lanes: parts.lanes, listeners, clock });
  const catchUp = startCatchUp({
    store,
    platforms: platforms.values(),
    intake: parts.intake,
    log,
    now: parts.now,
    sweepEvery,
    pollEvery: parts.pollEvery,
    leads: parts.leadership.leads,
  });
  // The leader before may have died in the middle of its hour.
  const unled = parts.leadership.onChange(() => {
    catchUp.sweep().catch((cause: unknown) => log.error({ error: String(cause) }, "sweep broke"));
  });
  const notWoken = (cause: unknown): void => log.error({ error: String(cause) }, "waiting asks not woken");
  const timers = new Set<NodeJS.Timeout>();
  const wakeAgain = (lanes: readonly string[]): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      Promise.all(lanes.map((lane) => store.wake(lane, clock.now()))).catch(notWoken);
    }, untilHeard).unref();
    timers.add(timer);
  };
  const unlinked = people.policy.onLinked((account) => {
    const personId = people.connections.personOf(account.platform, account.host, account.id);
    wakeLinked(store, account, personId, clock.now()).then(wakeAgain, notWoken);
  });

  return {
    deps,
    catchUp,
    stop: async (patience) => {
      unlinked();
      for (const timer of timers) clearTimeout(timer);
      unled();
      await Promise.all([catchUp.stop(), worker.stop(patience)]);
      listeners.close();
      agents.close();
    },
  };
};
