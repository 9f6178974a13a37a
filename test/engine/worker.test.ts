import { createListeners } from "@ask-openhands/bot/engine/listeners.ts";
import { startWorker } from "@ask-openhands/bot/engine/worker.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMention, makePlace } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";

const sleep = (ms: number): Promise<void> => new Promise((next) => setTimeout(next, ms));

describe("the worker", () => {
  let bench: EngineBench;
  /** Places whose rights are being asked about right now, as often as somebody looked. */
  const beside: (readonly string[])[] = [];

  beforeEach(async () => {
    beside.length = 0;
    bench = await startEngineBench();
    const asking = new Set<string>();
    const platform = bench.deps.platforms.get("forge");
    if (platform === undefined) throw new Error("no platform");
    Object.assign(platform, {
      mayAsk: async (_author: unknown, { label }: { readonly label: string }) => {
        asking.add(label);
        beside.push([...asking]);
        await sleep(30);
        asking.delete(label);
        return { may: true };
      },
    });
  });
  afterEach(() => bench.end());

  const work = async (lanes: number): Promise<void> => {
    const worker = startWorker(bench.deps, { lanes, listeners: createListeners(bench.deps) });
    await expect.poll(async () => (await bench.store.counts()).unread, { timeout: 10_000 }).toBe(0);
    await worker.stop(5_000);
    expect(worker.active()).toBe(0);
  };

  it("works on many lanes at once, and never on more than it should", async () => {
    for (let id = 1; id <= 12; id += 1) await bench.store.accept(makeMention(id, { place: makePlace(id) }));
    await work(4);
    expect(Math.max(...beside.map((labels) => labels.length))).toBe(4);
  });

  it("gives a lane whose turns died twice its next turn alone", async () => {
    await bench.store.accept(makeMention(1));
    const suspect = await bench.store.claim("w", 1_000, bench.now());
    if (suspect === undefined) throw new Error("nothing to claim");
    await bench.store.settle(suspect, { notes: { deaths: 2 }, wakeAt: bench.now() }, bench.now());
    for (let id = 2; id <= 12; id += 1) await bench.store.accept(makeMention(id, { place: makePlace(id) }));
    await work(4);
    expect(beside.filter((labels) => labels.includes("#1"))).toEqual([["#1"]]);
    expect(Math.max(...beside.map((labels) => labels.length))).toBe(4);
  });

  it("hands its lanes back when it stops, so that another goes on without waiting for a lease", async () => {
    for (let id = 1; id <= 6; id += 1) await bench.store.accept(makeMention(id, { place: makePlace(id) }));
    const worker = startWorker(bench.deps, { lanes: 3, listeners: createListeners(bench.deps) });
    await sleep(20);
    await worker.stop(5_000);
    const first = await bench.store.claim("another", 1_000, bench.now());
    expect(first).toMatchObject({ attempt: 1, abandonedAt: undefined });
  });

  it("gives a lane back when the store takes it again: trouble of the store is no death of a turn", async () => {
    await bench.store.accept(makeMention(1));
    let refusals = 0;
    const store = new Proxy(bench.store, {
      get: (open, name) =>
        name === "settle" && refusals < 3
          ? () => {
              refusals += 1;
              return Promise.reject(new Failure("unavailable", "The disk is full."));
            }
          : Reflect.get(open, name),
    });
    const deps = { ...bench.deps, store };
    const worker = startWorker(deps, { lanes: 2, listeners: createListeners(deps) });
    await expect.poll(() => refusals, { timeout: 5_000 }).toBe(3);
    await sleep(2_500);
    await worker.stop(5_000);
    bench.pass(60_000);
    const next = await bench.store.claim("another", 1_000, bench.now());
    expect(next).toMatchObject({ attempt: 1, abandonedAt: undefined });
    expect(next?.notes["deaths"]).toBeUndefined();
  });
});
