import { createPostBudget } from "@ask-openhands/bot/engine/post-budget.ts";
import { afterEach, describe, expect, it } from "vitest";
import { makeMention, makePlace } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";

const second = 1_000;
const minute = 60 * second;

describe("reports of runs that always have news", () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  /** Lets so many runs work for seventy minutes, and gives the times of the edits by report. */
  const work = async (runs: number, limits: { readonly perMinute: number; readonly perHour: number }) => {
    bench = await startEngineBench({ runTimeout: 300 * minute });
    const platform = bench.deps.platforms.get("forge");
    if (platform === undefined) throw new Error("no platform");
    const { editPost } = platform;
    const edits = new Map<string, number[]>();
    Object.assign(platform, {
      editEvery: 3 * second,
      writeLimits: () => limits,
      editPost: (...given: Parameters<typeof editPost>) => {
        const [, ref] = given;
        edits.set(ref.id, [...(edits.get(ref.id) ?? []), bench.now()]);
        return editPost(...given);
      },
    });
    Object.assign(bench.deps, { budget: createPostBudget(bench.now) });
    for (let id = 1; id <= runs; id += 1) await bench.store.accept(makeMention(id, { place: makePlace(id) }));
    const began = bench.now();
    let step = 0;
    while (bench.now() < began + 70 * minute) {
      step += 1;
      bench.tellAll({ type: "step", step: { id: `s${step}`, at: bench.now(), text: `Step ${step}` } });
      await bench.run(15 * second);
    }
    return { edits: [...edits.values()], began };
  };

  it("are edited more rarely when the server's limit is near, never left alone for the rest of the hour, and end at once", async () => {
    const { edits, began } = await work(2, { perMinute: 40, perHour: 100 });
    expect(edits).toHaveLength(2);
    for (const times of edits) {
      const pauses = [...times, bench.now()].map((time, at) => time - (times[at - 1] ?? began));
      expect(Math.max(...pauses)).toBeLessThan(2.5 * minute);
    }
    const all = edits.flat();
    const hours = all.map((from) => all.filter((time) => time >= from && time < from + 60 * minute).length);
    expect(Math.max(...hours)).toBeLessThanOrEqual(75);
    bench.tellAll({ type: "ended", reason: "finished", summary: "All is well." });
    await bench.run(15 * second);
    const reports = bench.posts.filter(({ part }) => part === "report");
    expect(reports.map(({ words }) => words.includes("Done"))).toEqual([true, true]);
  });
});
