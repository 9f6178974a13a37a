import type { Run } from "@ask-openhands/core/work/run.ts";
import { describe, expect, it } from "vitest";
import { makeMention, makePlace, makeRun } from "../support/make-mention.ts";
import type { StoreBench } from "./store.ts";

const runAt = (at: number): Run =>
  makeRun(`0000000${at}-0000-4000-8000-000000000000`, { queuedAt: 1_000 + at, place: makePlace(at) });

/** Limits per person and workspace, positions, and who comes next. */
export const storeLimits = (bench: StoreBench): void => {
  const admit = (at: number, person: string, limits = { perPerson: 2, perWorkspace: 3 }) =>
    bench.store().admit(runAt(at), person, "main", limits);

  describe("limits", () => {
    it("admits up to the limits and tells everybody else the position", async () => {
      expect(await admit(1, "ada")).toEqual({ admitted: true });
      expect(await admit(2, "ada")).toEqual({ admitted: true });
      expect(await admit(3, "ada")).toEqual({ admitted: false, position: 1 });
      expect(await admit(4, "ada")).toEqual({ admitted: false, position: 2 });
      expect(await admit(5, "bob")).toEqual({ admitted: true });
      expect(await admit(6, "bob")).toMatchObject({ admitted: false });
    });

    it("gives the same answer to the same run again, also after a restart", async () => {
      await admit(1, "ada");
      await admit(2, "ada");
      await bench.reopen();
      expect(await admit(1, "ada")).toEqual({ admitted: true });
      expect(await admit(3, "ada")).toEqual({ admitted: false, position: 1 });
    });

    it("lets those who waited longest go first", async () => {
      const one = { perPerson: 9, perWorkspace: 1 };
      await admit(1, "ada", one);
      await admit(2, "bob", one);
      await admit(3, "eve", one);
      await bench.store().release(runAt(1).id, bench.now());
      expect(await admit(3, "eve", one)).toEqual({ admitted: false, position: 2 });
      expect(await admit(2, "bob", one)).toEqual({ admitted: true });
    });

    it("does not let a person at the limit hold back others", async () => {
      await admit(1, "ada", { perPerson: 1, perWorkspace: 2 });
      expect(await admit(2, "ada", { perPerson: 1, perWorkspace: 2 })).toMatchObject({ admitted: false });
      expect(await admit(3, "bob", { perPerson: 1, perWorkspace: 2 })).toEqual({ admitted: true });
    });

    it("never admits more than the limit, however many ask in one moment", async () => {
      const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) => admit(at, `person ${at}`)));
      expect(answers.filter((answer) => answer.admitted)).toHaveLength(3);
    });

    it("wakes the lanes that wait when a run ends", async () => {
      const one = { perWorkspace: 1 };
      await bench.store().accept(makeMention(1, { place: makePlace(1) }));
      const first = await bench.store().claim("w", 1_000, bench.now());
      await bench.store().accept(makeMention(2, { place: makePlace(2) }));
      const second = await bench.store().claim("w", 1_000, bench.now());
      if (first === undefined || second === undefined) throw new Error("nothing to claim");
      await bench.store().admit(runAt(1), "ada", "main", one);
      await bench.store().admit(runAt(2), "ada", "main", one);
      await bench.store().settle(second, { run: runAt(2), wakeAt: bench.now() + 60_000 }, bench.now());
      await bench
        .store()
        .settle(first, { run: { ...runAt(1), state: "done", endedAt: bench.now() } }, bench.now());
      expect((await bench.store().claim("w", 1_000, bench.now()))?.lane).toBe(second.lane);
      expect(await bench.store().admit(runAt(2), "ada", "main", one)).toEqual({ admitted: true });
    });
  });
};
