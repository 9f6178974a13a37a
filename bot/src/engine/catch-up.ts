import { Failure } from "@ask-openhands/core/failure.ts";
import type { Intake } from "../intake.ts";
import type { Log } from "../log.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Store } from "../store/store.ts";

export interface CatchUpDeps {
  readonly store: Pick<Store, "getNote" | "setNote">;
  readonly platforms: Iterable<Platform>;
  readonly intake: Intake;
  readonly log: Log;
  readonly now: () => number;
  /** Milliseconds between two sweeps of platforms whose webhooks reach us. */
  readonly sweepEvery: number;
  /** Milliseconds between two sweeps of platforms that are heard by polling only. */
  readonly pollEvery: number;
  /** False while another process does the sweeping. */
  readonly leads?: (() => boolean) | undefined;
}

export interface CatchUp {
  /** Sweeps all platforms now; a sweep under way is joined, never doubled. Resolves with the number of mentions that nobody had told of. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

/** What is looked back at on the very first start: long enough for the minutes of setting up, short enough not to answer last week. */
const firstLookBack = 15 * 60_000;
/** Sweeps overlap by this, because clocks differ and lists lag; keys take care of what is seen twice. */
const overlap = 2 * 60_000;
/** GitHub keeps deliveries for three days. */
const longestLookBack = 72 * 3_600_000;

const noteOf = (platform: Platform): string => `caught-up:${platform.id}`;

/** Hears what deliveries did not tell: after an outage, hourly as a net (GitHub never delivers twice), and every few seconds where no webhook can reach us. */
export const startCatchUp = (deps: CatchUpDeps): CatchUp => {
  const { store, intake, log, now } = deps;
  const platforms = [...deps.platforms].filter((platform) => platform.missed !== undefined);
  const under = new Map<string, Promise<number>>();
  /** Where the last look left something. */
  const behind = new Set<string>();
  let stopped = false;

  const since = async (platform: Platform): Promise<number> => {
    const noted = Number((await store.getNote(noteOf(platform))) ?? Number.NaN);
    if (Number.isNaN(noted)) return now() - firstLookBack;
    // The clock was ahead when this was written: it says nothing, and what was missed meanwhile may be hours old.
    if (noted > now() + overlap) return now() - longestLookBack;
    return Math.max(noted - overlap, now() - longestLookBack);
  };

  const sweepOne = async (platform: Platform): Promise<number> => {
    const startedAt = now();
    let mark = startedAt;
    let found = 0;
    // The next look goes back by the overlap: it begins where this one was left.
    const reached = (time: number): void => {
      mark = Math.min(mark, time + overlap);
    };
    try {
      const from = await since(platform);
      for await (const heard of platform.missed?.(from, reached) ?? []) {
        if (stopped) return found;
        const { accepted } = await intake.accept(heard);
        if (accepted === "new") found += 1;
      }
      await store.setNote(noteOf(platform), String(mark));
      if (mark < startedAt) behind.add(platform.id);
      else behind.delete(platform.id);
      if (found > 0) log.info({ platform: platform.id, found, since: from }, "missed mentions found");
    } catch (cause) {
      // The mark stays where it was: the next sweep looks at the same time again.
      const failure =
        cause instanceof Failure ? { kind: cause.kind, hint: cause.hint } : { error: String(cause) };
      log.warn({ platform: platform.id, ...failure }, "sweep failed");
    }
    return found;
  };

  const sweepOnce = async (platform: Platform): Promise<number> => {
    if (deps.leads?.() === false) return 0;
    const running = under.get(platform.id) ?? sweepOne(platform).finally(() => under.delete(platform.id));
    under.set(platform.id, running);
    return running;
  };

  const timers = new Map<string, NodeJS.Timeout>();
  const plan = (platform: Platform): void => {
    clearTimeout(timers.get(platform.id));
    if (stopped) return;
    const soon = platform.polls?.() === true || behind.has(platform.id);
    const timer = setTimeout(
      () => {
        // Whatever happened, the next one comes: a platform that is heard by polling would be deaf from then on.
        sweepOnce(platform)
          .catch((cause: unknown) => log.error({ error: String(cause) }, "sweep broke"))
          .finally(() => plan(platform));
      },
      soon ? deps.pollEvery : deps.sweepEvery,
    );
    timer.unref();
    timers.set(platform.id, timer);
  };
  for (const platform of platforms) plan(platform);

  const sweepNow = (platform: Platform): Promise<number> => sweepOnce(platform).finally(() => plan(platform));

  return {
    sweep: async () => (await Promise.all(platforms.map(sweepNow))).reduce((sum, found) => sum + found, 0),
    stop: async () => {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.allSettled(under.values());
    },
  };
};
