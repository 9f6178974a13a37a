import { randomUUID } from "node:crypto";
import { mostAttempts } from "@ask-openhands/core/work/next-step.ts";
import type { SteadyClock } from "../steady-clock.ts";
import type { Work } from "../store/store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { Listeners } from "./listeners.ts";
import { takeTurn } from "./take-turn.ts";
import { LeaseLost } from "./turn.ts";

export interface Worker {
  /** Claims nothing more, lets the steps under way end and gives their lanes back. What is not done after `patience` milliseconds is left to its lease. */
  stop(patience: number): Promise<void>;
  /** Turns under way. */
  active(): number;
}

export interface WorkerSettings {
  /** Turns at once. */
  readonly lanes: number;
  readonly listeners: Listeners;
  /** Milliseconds between two looks whether what is listened to is still worked on here. */
  readonly tidyEvery?: number | undefined;
  /** The clock behind `deps.now`, when somebody may set it. */
  readonly clock?: Pick<SteadyClock, "lag" | "catchUp"> | undefined;
}

/** Longest sleep without being called: the net below lost calls and moved clocks. */
const longestSleep = 5_000;
const afterTrouble = 1_000;
/** What the store does not take for this many seconds is left to its lease. */
const mostGivingBack = 60;
/** As often as that nothing lingers, and seldom enough that asking the store costs nothing. */
const usualTidy = 30_000;
/** A clock outside that differs by more than this was set, or the machine slept. */
const leap = 2_000;

/**
 * A lane whose last two turns died takes its next one alone: should the process die again, it is known whose fault it is, and lanes that only happened to be
 * at work beside it are not set aside with it.
 */
const isSuspect = (work: Work): boolean =>
  work.abandonedAt === undefined && Number(work.notes["deaths"] ?? 0) >= mostAttempts - 1;

/** Takes turns of lanes for as long as it runs. Nothing that matters lives here: another process goes on with what is stored. */
export const startWorker = (deps: EngineDeps, settings: WorkerSettings): Worker => {
  const { store, times, log } = deps;
  const name = randomUUID();
  const running = new Set<Promise<void>>();
  let stopping = false;
  let lastEnd = Number.NEGATIVE_INFINITY;
  let isBehind = false;
  let wake: (() => void) | undefined;

  const call = (): void => wake?.();
  const unsubscribe = store.onReady(call);

  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const keepLease = (work: Work) => {
    let until = deps.now() + times.lease;
    const timer = setInterval(() => {
      const asked = deps.now();
      store.extend(work, times.lease, asked).then(
        (held) => {
          until = held ? asked + times.lease : 0;
        },
        (cause: unknown) => log.warn({ lane: work.lane, error: String(cause) }, "lease not extended"),
      );
    }, times.lease / 3);
    return { until: () => until, end: () => clearInterval(timer) };
  };

  /**
   * The store could not take the end of a turn. Left to its lease the lane would count as one whose turn ended the process; so it is given back when the store
   * works again, to go on when nothing of the turn can still be under way.
   */
  const giveBack = async (work: Work): Promise<void> => {
    for (let tries = 0; tries < mostGivingBack && !stopping; tries += 1) {
      await new Promise((next) => setTimeout(next, afterTrouble));
      const now = deps.now();
      const given = await store.settle(work, { wakeAt: now + times.request }, now).then(
        () => true,
        () => false,
      );
      if (given) return;
    }
  };

  const turn = async (work: Work): Promise<void> => {
    const holding = keepLease(work);
    try {
      await takeTurn(deps, work, holding, settings.listeners.hears);
      settings.listeners.follow(work);
    } catch (cause) {
      if (cause instanceof LeaseLost) log.warn({ lane: work.lane }, "lease lost");
      else {
        log.error({ lane: work.lane, error: String(cause) }, "lane not given back yet");
        await giveBack(work);
      }
    } finally {
      holding.end();
      lastEnd = deps.now();
    }
  };

  /** New time begins when nothing that old time bounds can still be under way, here or at the other side. */
  const followClock = async (clock: Pick<SteadyClock, "lag" | "catchUp">): Promise<void> => {
    const by = Math.round(clock.lag());
    await Promise.allSettled(running);
    while (!stopping && deps.now() < lastEnd + times.request)
      await sleep(lastEnd + times.request - deps.now());
    if (stopping) return;
    clock.catchUp();
    log.warn({ by }, "the clock was set forward, or the machine slept: its time is taken over");
  };

  const noteSetBack = (clock: Pick<SteadyClock, "lag">): void => {
    const behind = clock.lag() < -leap;
    if (behind && !isBehind)
      log.warn({ by: Math.round(clock.lag()) }, "the clock was set back: work goes on by its own time");
    isBehind = behind;
  };

  const claim = async (): Promise<Work | undefined> => {
    try {
      return await store.claim(name, times.lease, deps.now());
    } catch (cause) {
      log.error({ error: String(cause) }, "nothing can be claimed");
      await sleep(afterTrouble);
      return undefined;
    }
  };

  const untilNext = async (): Promise<number> => {
    try {
      const at = await store.nextWake();
      return at === undefined ? longestSleep : Math.min(longestSleep, Math.max(0, at - deps.now()));
    } catch (cause) {
      log.error({ error: String(cause) }, "the next wake time cannot be read");
      return afterTrouble;
    }
  };

  let tidying = false;
  const tidy = async (): Promise<void> => {
    if (tidying) return;
    tidying = true;
    try {
      await settings.listeners.tidy();
    } catch (cause) {
      log.warn({ error: String(cause) }, "listening not tidied");
    } finally {
      tidying = false;
    }
  };
  const tidyTimer = setInterval(() => void tidy(), settings.tidyEvery ?? usualTidy).unref();

  const run = async (): Promise<void> => {
    while (!stopping) {
      if (settings.clock !== undefined) {
        noteSetBack(settings.clock);
        if (settings.clock.lag() > leap) {
          await followClock(settings.clock);
          continue;
        }
      }
      if (running.size >= settings.lanes) {
        await Promise.race(running);
        continue;
      }
      let called = false;
      wake = () => {
        called = true;
      };
      const work = await claim();
      if (work === undefined) {
        const rest = await untilNext();
        if (!called && !stopping && rest > 0) await sleep(rest);
        continue;
      }
      const alone = isSuspect(work);
      if (alone) await Promise.allSettled(running);
      const promise = turn(work).finally(() => {
        running.delete(promise);
        call();
      });
      running.add(promise);
      if (alone) await promise;
    }
  };
  const loop = run();

  return {
    active: () => running.size,
    stop: async (patience) => {
      stopping = true;
      clearInterval(tidyTimer);
      unsubscribe();
      call();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patience);
      });
      await Promise.race([loop.then(() => Promise.allSettled(running)), late]);
      clearTimeout(timer);
    },
  };
};
