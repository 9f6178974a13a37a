import { createSteadyClock, type SteadyClock } from "../steady-clock.ts";
import type { Store } from "../store/store.ts";

export interface KeptTime {
  readonly clock: SteadyClock;
  stop(): Promise<void>;
}

const note = "clock";
/** After a crash and a clock that was set back work sleeps no longer than this. */
const every = 30_000;

/** The clock of the database, read now and then; between the readings time passes by itself. */
const readDatabaseClock = (first: number) => {
  let at = first;
  let readAt = performance.now();
  return {
    wall: (): number => at + (performance.now() - readAt),
    read: async (time: () => Promise<number>): Promise<void> => {
      const asked = performance.now();
      const told = await time();
      readAt = performance.now();
      at = told + (readAt - asked) / 2;
    },
  };
};

/**
 * The clock of a store: it begins no earlier than what the store has seen, and writes down how far it is. Processes that share a database go by the
 * database's clock, so that a lease means the same to all of them.
 */
export const keepTime = async (
  store: Pick<Store, "time" | "getNote" | "setNote">,
  wall: () => number,
): Promise<KeptTime> => {
  const time = store.time?.bind(store);
  const database = time === undefined ? undefined : readDatabaseClock(await time());
  const clock = createSteadyClock({ wall: database?.wall ?? wall });
  clock.notBefore(Number((await store.getNote(note)) ?? 0));

  const keep = async (): Promise<void> => {
    if (time !== undefined) await database?.read(time);
    await store.setNote(note, String(clock.now()));
  };
  // A store in trouble is told of by everything else that uses it.
  const tryToKeep = (): Promise<void> => keep().catch(() => undefined);
  void tryToKeep();
  const timer = setInterval(() => void tryToKeep(), every);
  timer.unref();
  return {
    clock,
    stop: async () => {
      clearInterval(timer);
      await tryToKeep();
    },
  };
};
