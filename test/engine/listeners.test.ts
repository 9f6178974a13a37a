import type { EngineDeps } from "@ask-openhands/bot/engine/engine-deps.ts";
import { createListeners } from "@ask-openhands/bot/engine/listeners.ts";
import { startWorker, type Worker } from "@ask-openhands/bot/engine/worker.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeMention, makePlace } from "../support/make-mention.ts";
import { type EngineBench, startEngineBench } from "./bench.ts";

const runs = 20;

describe("listening to conversations", () => {
  let bench: EngineBench;
  const workers: Worker[] = [];
  beforeEach(async () => {
    bench = await startEngineBench();
    Object.assign(bench.deps.platforms.get("forge") ?? {}, { editEvery: 50 });
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop(5_000)));
    await bench.end();
  });

  /** The engine of one process, and what it listens to. */
  const engine = (quiet: number, now: () => number) => {
    const open = new Set<string>();
    const agent = {
      ...bench.deps.agents.get("a1"),
      listen: ({ id }: { readonly id: string }, _wake: () => void, signal: AbortSignal) => {
        open.add(id);
        signal.addEventListener("abort", () => open.delete(id));
      },
    };
    const deps: EngineDeps = { ...bench.deps, agents: { ...bench.deps.agents, get: () => agent }, now };
    return { open, deps, listeners: createListeners(deps, { quiet }) };
  };
  const states = async (): Promise<ReadonlySet<string>> =>
    new Set((await bench.store.runs({ limit: runs })).map(({ state }) => state));

  it("ends in every process when a run is over, whichever of them ended it", async () => {
    const engines = [engine(500, Date.now), engine(500, Date.now)];
    for (const { deps, listeners } of engines)
      workers.push(startWorker(deps, { lanes: 4, listeners, tidyEvery: 100 }));
    bench.tellAll({ type: "working" });
    for (let id = 1; id <= runs; id += 1) await bench.store.accept(makeMention(id, { place: makePlace(id) }));
    const listened = (): number => engines.reduce((sum, { open }) => sum + open.size, 0);
    await expect.poll(listened, { timeout: 15_000 }).toBeGreaterThanOrEqual(runs);
    bench.tellAll({ type: "ended", reason: "finished", summary: "Done." });
    await expect.poll(states, { timeout: 15_000 }).toEqual(new Set(["done"]));
    await expect.poll(listened, { timeout: 15_000 }).toBe(0);
  });

  it("goes on for a run that waits for people, and is left to the process that has its turns", async () => {
    const { open, listeners } = engine(60_000, bench.now);
    const pass = async (): Promise<void> => {
      bench.pass(61_000);
      await listeners.tidy();
    };
    await bench.store.accept(makeMention(1));
    await bench.run(5_000);
    bench.tell({ type: "question", text: "Which colour?" });
    await bench.run(60_000);
    const work = await bench.store.claim("here", 1_000, bench.now() + 600_000);
    if (work === undefined) throw new Error("nothing to claim");
    await bench.store.settle(work, { wakeAt: bench.now() + 400_000 }, bench.now());
    listeners.follow(work);
    await pass();
    await pass();
    await pass();
    expect(open.size).toBe(1);
    // From here on only the other process has turns.
    bench.tell({ type: "working" });
    await bench.run(600_000);
    await pass();
    expect(open.size).toBe(0);
  });
});
