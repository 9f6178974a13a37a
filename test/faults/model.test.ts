import { isOver } from "@ask-openhands/core/work/run.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoreSubject } from "../contracts/store.ts";
import { subject as postgres } from "../contracts/subjects/postgres-store.ts";
import { subject as sqlite } from "../contracts/subjects/sqlite-store.ts";
import { type EngineBench, startEngineBench, type Trouble } from "../engine/bench.ts";
import { makeMention, makePlace } from "../support/make-mention.ts";

const minute = 60_000;
const hour = 60 * minute;
const places = 3;

/** What can happen around a place, in any order. `which` chooses among the mentions so far. */
type Act =
  | { readonly do: "ask"; readonly place: number }
  | { readonly do: "command"; readonly place: number; readonly word: string }
  | { readonly do: "edit" | "remove" | "deliver again" | "deliver first later"; readonly which: number }
  | { readonly do: "end"; readonly reason: "finished" | "error" | "stuck" }
  | { readonly do: "question" | "work" | "restart" }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "trouble"; readonly trouble: Trouble; readonly call: string };

const place = fc.nat(places - 1);
const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("ask" as const), place }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("command" as const),
      place,
      word: fc.constantFrom("stop", "retry", "status", "queue", "help"),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("edit", "remove", "deliver again", "deliver first later"),
      which: fc.nat(30),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      reason: fc.constantFrom("finished", "error", "stuck"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("question", "work", "restart") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(5 * minute) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("trouble" as const),
      trouble: fc.constantFrom<Trouble>(
        "lost-answer",
        "unavailable",
        "slow-effect",
        "die-before",
        "die-after",
      ),
      call: fc.constantFrom("post", "editPost", "start", "say", "read", "stop", "mayAsk", "findPost"),
    }),
  },
);

const perform = async (bench: EngineBench, all: readonly Act[]): Promise<readonly number[]> => {
  /** Place of each mention, by its number; those that nobody has been told of yet. */
  const placeOf: number[] = [];
  const held = new Set<number>();
  const told = new Set<number>();
  const mention = (id: number, part: Parameters<typeof makeMention>[1] = {}) =>
    makeMention(id, { place: makePlace(placeOf[id] ?? 0), ...part });
  const say = async (at: number, text: string): Promise<void> => {
    placeOf.push(at);
    told.add(placeOf.length - 1);
    await bench.store.accept(mention(placeOf.length - 1, { text }));
  };
  const later = async (act: Extract<Act, { readonly which: number }>): Promise<void> => {
    if (act.do === "deliver first later") {
      // The comment exists; its delivery comes when the other ones have come.
      placeOf.push(act.which % places);
      held.add(placeOf.length - 1);
      return;
    }
    if (placeOf.length === 0) return;
    const id = act.which % placeOf.length;
    told.add(id);
    held.delete(id);
    const text = `@openhands do thing ${id} in another way`;
    if (act.do === "deliver again") await bench.store.accept(mention(id));
    else if (act.do === "edit")
      await bench.store.accept(mention(id, { change: "edited", text, before: mention(id).text }));
    else await bench.store.accept(mention(id, { change: "deleted" }));
  };
  const one = async (act: Act): Promise<void> => {
    switch (act.do) {
      case "ask":
        return say(act.place, `@openhands do thing ${placeOf.length}`);
      case "command":
        return say(act.place, `@openhands ${act.word}`);
      case "end":
        return bench.tell({ type: "ended", reason: act.reason, summary: "So far." });
      case "question":
        return bench.tell({ type: "question", text: "Which one?" });
      case "work":
        return bench.tell({ type: "working" }, { type: "said", text: "On it." });
      case "restart":
        return bench.restart();
      case "pass":
        await bench.run(act.ms);
        return;
      case "trouble": {
        let left = 1;
        return bench.trouble((call) => (call === act.call && left-- > 0 ? act.trouble : undefined));
      }
      default:
        return later(act);
    }
  };
  for (const act of all) {
    await one(act);
    await bench.run(500);
  }
  bench.trouble(() => undefined);
  for (const id of held) await bench.store.accept(mention(id));
  for (const id of held) told.add(id);
  bench.tellAll({ type: "ended", reason: "finished", summary: "Done." });
  await bench.run(6 * hour);
  return [...told];
};

const expectTruth = async (bench: EngineBench, told: readonly number[]): Promise<void> => {
  const { unread, live, queued } = await bench.store.counts();
  expect({ unread, live, queued }).toEqual({ unread: 0, live: 0, queued: 0 });
  const runs = (await bench.store.runs({ limit: 1_000 })).toReversed();
  const ids = new Set(runs.map(({ id }) => id));
  for (const id of told) {
    const stored = await bench.store.mention(makeMention(id).key);
    expect(stored?.outcome, `mention ${id}`).toBeDefined();
    if (stored?.run !== undefined) expect(ids).toContain(stored.run);
  }
  const markers = bench.posts.map(({ marker }) => marker);
  expect(new Set(markers).size, "nothing was posted twice").toBe(markers.length);
  const seen = new Set<string>();
  const numberOf = (key: string): number => Number(key.slice(key.lastIndexOf(":") + 1));
  const firsts = new Map<string, number>();
  for (const run of runs) {
    expect(isOver(run)).toBe(true);
    expect(run.outcome, "it has an end").toBeDefined();
    expect(run.report?.ref ?? run.report?.givenUp, "it has a report").toBeDefined();
    const fresh = run.asks.filter(({ key }) => !seen.has(key));
    for (const { key } of fresh) seen.add(key);
    const first = fresh[0];
    if (first === undefined) continue;
    // Commands have numbers too, and a comment may be told of later than it was made; order is that of arrival.
    expect(run.queuedAt).toBeGreaterThanOrEqual(firsts.get(run.place.key) ?? 0);
    firsts.set(run.place.key, run.queuedAt);
    expect(numberOf(first.key)).toBeGreaterThanOrEqual(0);
  }
  for (const id of told) {
    const times = bench.said.filter((text) => text.includes(`(ref: ${makeMention(id).key})`)).length;
    expect(times, `said to the agent: ${id}`).toBeLessThanOrEqual(1);
  }
};

describe("a model of places: asks, edits, deletions, commands, ends, deaths and redeliveries in any order", () => {
  const counts = new Map<string, number>();
  /** The same histories every time, so that who changes something sees what the change does; `MODEL_SEED=$RANDOM` explores. */
  const seed = Number(process.env["MODEL_SEED"] ?? 20_260_301);
  it.each([
    ["sqlite", sqlite, Number(process.env["MODEL_RUNS"] ?? 50)],
    ["postgres", postgres, Number(process.env["MODEL_RUNS"] ?? 12)],
  ] as const)(
    "on %s every ask has one outcome, every run one report and an end, and nothing is said twice",
    async (name, stores: StoreSubject, numRuns) => {
      await fc.assert(
        fc.asyncProperty(fc.array(acts, { minLength: 15, maxLength: 40 }), async (all) => {
          const bench = await startEngineBench({}, stores);
          try {
            await expectTruth(bench, await perform(bench, all));
            counts.set(name, (counts.get(name) ?? 0) + all.length);
          } finally {
            await bench.end();
          }
        }),
        {
          numRuns,
          endOnFailure: process.env["SHRINK"] === undefined,
          seed,
          ...(process.env["MODEL_PATH"] && { path: process.env["MODEL_PATH"] }),
        },
      );
      console.log(`faults injected: ${counts.get(name)} acts in ${numRuns} histories on ${name}`);
    },
    600_000,
  );
});
