import type { Work } from "@ask-openhands/bot/store/store.ts";
import { describe, expect, it } from "vitest";
import { makeMention, makePlace, makeRun } from "../support/make-mention.ts";
import type { StoreBench } from "./store.ts";

/** Claiming, leases, wake times, joined places, runs. */
export const storeTurns = (bench: StoreBench): void => {
  const claim = async (leaseMs = 1_000): Promise<Work | undefined> =>
    bench.store().claim("w", leaseMs, bench.now());
  const claimed = async (leaseMs = 1_000): Promise<Work> => {
    const work = await claim(leaseMs);
    if (work === undefined) throw new Error("nothing to claim");
    return work;
  };

  describe("turns", () => {
    it("gives a lane to one worker at a time, and to another when the lease runs out", async () => {
      await bench.store().accept(makeMention(1));
      const first = await claimed();
      expect(first).toMatchObject({ attempt: 1, abandonedAt: undefined });
      expect(await claim()).toBeUndefined();
      bench.pass(1_001);
      const second = await claimed();
      expect(second).toMatchObject({ lane: first.lane, attempt: 2, abandonedAt: bench.now() - 1 });
      expect(await bench.store().settle(first, { notes: { by: "first" } }, bench.now())).toBe(false);
      expect(await bench.store().extend(first, 1_000, bench.now())).toBe(false);
      expect(
        await bench.store().settle(second, { notes: { by: "second" }, wakeAt: bench.now() }, bench.now()),
      ).toBe(true);
      expect(await claimed()).toMatchObject({ notes: { by: "second" }, attempt: 1, abandonedAt: undefined });
    });

    it("keeps a lease alive that is extended", async () => {
      await bench.store().accept(makeMention(1));
      const work = await claimed();
      for (const _ of [1, 2, 3]) {
        bench.pass(900);
        expect(await bench.store().extend(work, 1_000, bench.now())).toBe(true);
      }
      expect(await claim()).toBeUndefined();
      expect(await bench.store().settle(work, {}, bench.now())).toBe(true);
    });

    it("counts turns that died before they gave the lane back, also when they stored something in the middle", async () => {
      await bench.store().accept(makeMention(1));
      for (const attempt of [1, 2, 3]) {
        const work = await claimed();
        expect(work.attempt).toBe(attempt);
        await bench.store().settle(work, { notes: { attempt }, keep: true }, bench.now());
        bench.pass(1_001);
      }
    });

    it("hands the lanes of a process that died over at once when the data is opened again", async () => {
      await bench.store().accept(makeMention(1));
      await bench.store().claim("w", 60_000, bench.now());
      bench.pass(10);
      await bench.reopen();
      const work = await bench.store().claim("w2", 1_000, bench.now() + 60_001);
      expect(work).toMatchObject({ attempt: 2 });
      expect(work?.abandonedAt).toBeGreaterThanOrEqual(bench.now());
    });

    it("wakes a lane when its time comes, not earlier, and at once for something new", async () => {
      await bench.store().accept(makeMention(1));
      await bench.store().settle(await claimed(), { wakeAt: bench.now() + 5_000 }, bench.now());
      expect(await bench.store().nextWake()).toBe(bench.now() + 5_000);
      expect(await claim()).toBeUndefined();
      bench.pass(5_000);
      await bench.store().settle(await claimed(), { wakeAt: bench.now() + 5_000 }, bench.now());
      await bench.store().accept(makeMention(2));
      expect((await claimed()).unread).toHaveLength(2);
    });

    it("loses no news that arrives while a worker holds the lane", async () => {
      await bench.store().accept(makeMention(1));
      const work = await claimed();
      await bench.store().accept(makeMention(2));
      await bench.store().settle(work, {}, bench.now());
      expect((await claimed()).unread).toHaveLength(2);
    });

    it("rests for ever without a wake time, and can be woken", async () => {
      await bench.store().accept(makeMention(1));
      const work = await claimed();
      await bench.store().settle(work, {}, bench.now());
      expect(await bench.store().nextWake()).toBeUndefined();
      await bench.store().wake(work.lane, bench.now() + 100);
      await bench.store().wake(work.lane, bench.now() + 900);
      expect(await bench.store().nextWake()).toBe(bench.now() + 100);
      await bench.store().wake("no such lane", bench.now());
      expect(await bench.store().nextWake()).toBe(bench.now() + 100);
    });

    it("tells listeners that there is work", async () => {
      let told = 0;
      const stop = bench.store().onReady(() => {
        told += 1;
      });
      await bench.store().accept(makeMention(1));
      await expect.poll(() => told).toBeGreaterThan(0);
      stop();
    });

    it("serves the lane that waited longest first", async () => {
      for (const id of [3, 1, 2]) {
        await bench.store().accept(makeMention(id, { place: makePlace(id) }));
        bench.pass(1);
      }
      const order = [await claimed(), await claimed(), await claimed()].map(
        (work) => work.unread[0]?.mention.reply["comment"],
      );
      expect(order).toEqual(["3", "1", "2"]);
    });

    it("stores the run, the notes and the outcomes of a turn together, or nothing", async () => {
      await bench.store().accept(makeMention(1));
      const work = await claimed();
      const run = makeRun();
      const read = [{ seq: work.unread[0]!.seq, outcome: "ran", run: run.id }] as const;
      const lost = { ...work, lease: "00000000-0000-4000-8000-000000000000" };
      expect(await bench.store().settle(lost, { run, read, notes: { a: 1 } }, bench.now())).toBe(false);
      expect(await bench.store().run(run.id)).toBeUndefined();
      expect((await bench.store().mention(makeMention(1).key))?.outcome).toBeUndefined();
      await bench.store().settle(work, { run, read, notes: { a: 1 }, wakeAt: bench.now() }, bench.now());
      expect(await claimed()).toMatchObject({ run, notes: { a: 1 }, unread: [] });
    });

    it("lets a joined place share the lane, with what waits there", async () => {
      const pull = makePlace("p9", { kind: "pull-request" });
      await bench.store().accept(makeMention(1));
      const work = await claimed();
      await bench.store().accept(makeMention(2, { place: pull }));
      await bench.store().settle(work, { joins: [pull.key] }, bench.now());
      expect(await bench.store().laneOf(pull.key)).toBe(work.lane);
      await bench.store().accept(makeMention(3, { place: pull }));
      const again = await claimed();
      expect(again.lane).toBe(work.lane);
      expect(again.unread.map((one) => one.mention.reply["comment"])).toEqual(["1", "2", "3"]);
      expect(await claim()).toBeUndefined();
    });

    it("does not join a place where work of its own goes on", async () => {
      const pull = makePlace("p9");
      await bench.store().accept(makeMention(2, { place: pull }));
      const other = await claimed();
      const busy = makeRun("22222222-2222-4222-8222-222222222222", { place: pull, state: "working" });
      await bench.store().settle(other, { run: busy }, bench.now());
      await bench.store().accept(makeMention(1));
      const work = await claimed();
      await bench.store().settle(work, { joins: [pull.key] }, bench.now());
      expect(await bench.store().laneOf(pull.key)).toBe(pull.key);
    });

    it("lists runs newest first, filtered and page by page", async () => {
      await bench.store().accept(makeMention(1));
      const states = ["done", "working", "failed", "queued", "done"] as const;
      const runs = states.map((state, at) =>
        makeRun(`0000000${at}-0000-4000-8000-000000000000`, { state, queuedAt: 1_000 + at }),
      );
      const last = runs.at(-1);
      if (last === undefined) throw new Error("no runs");
      await bench.store().settle(await claimed(), { run: last, others: runs.slice(0, -1) }, bench.now());
      const ids = async (filter: object): Promise<readonly number[]> =>
        (await bench.store().runs({ limit: 10, ...filter })).map((run) => run.queuedAt - 1_000);
      expect(await ids({})).toEqual([4, 3, 2, 1, 0]);
      expect(await ids({ limit: 2 })).toEqual([4, 3]);
      expect(await ids({ before: { queuedAt: 1_003, id: runs[3]!.id } })).toEqual([2, 1, 0]);
      expect(await ids({ states: ["done", "failed"] })).toEqual([4, 2, 0]);
      expect(
        await ids({ asker: "forge:forge.test:7", platform: "forge", place: makePlace().key }),
      ).toHaveLength(5);
      expect(await ids({ asker: "forge:forge.test:8" })).toEqual([]);
      expect(await bench.store().counts()).toMatchObject({ live: 1, queued: 1 });
    });
  });
};
