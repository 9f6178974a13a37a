import { randomUUID } from "node:crypto";
import { createSqliteStore } from "@ask-openhands/bot/store/sqlite.ts";
import type { Store, Work } from "@ask-openhands/bot/store/store.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";

const hour = 3_600_000;
/** Calls of the store that are under way at once; they share one fsync. */
const atOnce = 500;
/** Stored mentions of each place where all is over. */
const perOldPlace = 100;

interface Template {
  readonly run: Run;
  readonly mention: Mention;
  readonly notes: Work["notes"];
}

const inChunks = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> => {
  for (let at = 0; at < items.length; at += atOnce) await Promise.all(items.slice(at, at + atOnce).map(work));
};

/** Everything of the only run in the folder, as its lane holds it. */
const readTemplate = async (store: Store): Promise<Template> => {
  const [run] = await store.runs({ limit: 1 });
  const found = await store.mention(run?.asks[0]?.key ?? "");
  const work = await store.claim("seed", hour, Date.now() + hour);
  if (run === undefined || found === undefined || work === undefined) throw new Error("no run to copy");
  await store.settle(work, { wakeAt: Date.now() }, Date.now());
  return { run, mention: found.mention, notes: work.notes };
};

const copyOf = ({ run }: Template, place: Place, key: string): Run => {
  const id = randomUUID();
  return {
    ...run,
    id,
    place,
    asks: run.asks.map((ask) => ({ ...ask, key })),
    ...(run.conversation === undefined ? {} : { conversation: { ...run.conversation, id } }),
  };
};

/**
 * Fills a data folder that holds one live run with `live` copies of it, and with mentions that were dealt with, `mentions` in all. Returns the ids of
 * the copies' conversations. The copies are due at once, as after an hour without a bot.
 */
export const seedWork = async (
  folder: string,
  live: number,
  mentions: number,
): Promise<readonly string[]> => {
  const then = Date.now() - hour;
  const store = await createSqliteStore({ folder, now: () => then });
  try {
    const template = await readTemplate(store);
    const at = (name: string): Place => {
      const { place } = template.run;
      return { ...place, key: `${place.key}~${name}` };
    };
    const accept = (name: string, place: Place): Promise<unknown> =>
      store.accept({ ...template.mention, key: `${template.mention.key}~${name}`, place });
    const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
    const ids: string[] = [];
    const settle = async (toRun: (work: Work, key: string) => Run, wakeAt?: number): Promise<void> => {
      const work = await store.claim("seed", hour, then);
      const key = work?.unread[0]?.mention.key;
      if (work === undefined || key === undefined) throw new Error("nothing to settle");
      const run = toRun(work, key);
      const read = work.unread.map(({ seq }) => ({ seq, outcome: "ran" as const, run: run.id }));
      await store.settle(work, { run, notes: template.notes, read, wakeAt }, then);
    };
    const placeOf = (work: Work): Place => work.unread[0]?.mention.place ?? template.run.place;

    await inChunks(numbers(live), (n) => accept(`live-${n}`, at(`live-${n}`)));
    await inChunks(numbers(live), () =>
      settle((work, key) => {
        const run = copyOf(template, placeOf(work), key);
        ids.push(run.id);
        return run;
      }, then + 1_000),
    );
    const old = mentions - live;
    await inChunks(numbers(old), (n) => accept(`old-${n}`, at(`old-${n % Math.ceil(old / perOldPlace)}`)));
    await inChunks(numbers(Math.ceil(old / perOldPlace)), () =>
      settle((work, key) => ({
        ...copyOf(template, placeOf(work), key),
        state: "done",
        endedAt: then,
        outcome: { reason: "finished" },
      })),
    );
    return ids;
  } finally {
    await store.close();
  }
};
