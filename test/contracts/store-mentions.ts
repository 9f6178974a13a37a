import type { Work } from "@ask-openhands/bot/store/store.ts";
import { describe, expect, it } from "vitest";
import { makeAuthor, makeMention, makePlace, makeRun } from "../support/make-mention.ts";
import type { StoreBench } from "./store.ts";

const hour = 3_600_000;

/** Accepting, replacing, taking back, remembering. */
export const storeMentions = (bench: StoreBench): void => {
  describe("mentions", () => {
    it("stores a mention once, however often and in whatever moment it is told", async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () => bench.store().accept(makeMention(1))),
      );
      expect(answers.filter((answer) => answer === "new")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "known")).toHaveLength(99);
      const store = await bench.reopen();
      bench.pass(71 * hour);
      expect(await store.accept(makeMention(1))).toBe("known");
      expect((await store.counts()).unread).toBe(1);
    });

    it("stores what databases refuse: NUL characters and halves of characters, and the deliveries beside it", async () => {
      const store = bench.store();
      const odd = makeMention("a\u0000b\ud800", {
        text: "@openhands fix \u0000 this \udc00 now",
        author: makeAuthor({ id: "7\u0000" }),
        place: makePlace("1\u0000"),
      });
      const answers = await Promise.all([
        store.accept(makeMention(1)),
        store.accept(odd),
        store.accept(makeMention(2)),
      ]);
      expect(answers).toEqual(["new", "new", "new"]);
      expect(await store.accept(odd)).toBe("known");
      expect(await store.mention(odd.key)).toMatchObject({
        mention: { text: "@openhands fix \ufffd this \ufffd now" },
      });
      const lanes = new Map<string, Work>();
      for (let at = 0; at < 2; at += 1) {
        const work = await store.claim("w", 60_000, bench.now());
        if (work !== undefined) lanes.set(work.lane, work);
      }
      const lane = await store.laneOf(odd.place.key);
      const work = lanes.get(lane);
      if (work === undefined) throw new Error("nothing to claim");
      const run = makeRun(undefined, {
        place: odd.place,
        asks: [{ ...makeRun().asks[0]!, author: odd.author }],
      });
      const seq = work.unread[0]!.seq;
      const change = {
        run,
        notes: { said: "\u0000" },
        joins: ["other\u0000"],
        read: [{ seq, outcome: "failed", why: "said \u0000 \ud800" }],
      } as const;
      expect(await store.settle(work, change, bench.now())).toBe(true);
      expect(await store.mention(odd.key)).toMatchObject({ outcome: "failed", why: "said \ufffd \ufffd" });
      expect(await store.laneOf("other\u0000")).toBe(lane);
      expect(await store.runs({ place: odd.place.key, limit: 5 })).toHaveLength(1);
      await store.setNote("n\u0000", "v\u0000");
      expect(await store.getNote("n\u0000")).toBe("v\ufffd");
    });

    it("hands unread mentions of a place over in the order of arrival", async () => {
      for (const id of [5, 3, 9, 1]) await bench.store().accept(makeMention(id));
      const work = await bench.store().claim("w", 1_000, bench.now());
      expect(work?.unread.map((one) => one.mention.reply["comment"])).toEqual(["5", "3", "9", "1"]);
      expect(work?.unread[0]?.storedAt).toBe(bench.now());
    });

    it("lets an edit replace a mention that is unread, and ignores it once it was dealt with", async () => {
      const store = bench.store();
      await store.accept(makeMention(1));
      const edited = makeMention(1, { change: "edited", text: "@openhands do the other thing" });
      expect(await store.accept(edited)).toBe("replaced");
      const work = await store.claim("w", 1_000, bench.now());
      expect(work?.unread.map((one) => one.mention.text)).toEqual(["@openhands do the other thing"]);
      if (work === undefined) throw new Error("nothing to claim");
      await store.settle(
        work,
        { read: [{ seq: work.unread[0]!.seq, outcome: "ran", run: "r1" }] },
        bench.now(),
      );
      expect(await store.accept(edited)).toBe("known");
      expect(await store.claim("w", 1_000, bench.now())).toBeUndefined();
    });

    it("asks by an edit of something it never heard of", async () => {
      expect(await bench.store().accept(makeMention(1, { change: "edited" }))).toBe("new");
      expect(await bench.store().accept(makeMention(1))).toBe("known");
    });

    it.each([
      ["a deletion", makeMention(1, { change: "deleted" }), undefined],
      [
        "an edit that takes the mention out",
        makeMention(1, { change: "edited", text: "never mind" }),
        { withdraw: true },
      ],
    ] as const)(
      "takes an unread mention back by %s and gives its lane a turn",
      async (_name, change, options) => {
        const store = bench.store();
        await store.accept(makeMention(1));
        const first = await store.claim("w", 1_000, bench.now());
        if (first === undefined) throw new Error("nothing to claim");
        await store.settle(first, {}, bench.now());
        expect(await store.accept(change, options)).toBe("withdrawn");
        expect((await store.mention(change.key))?.outcome).toBe("withdrawn");
        expect((await store.claim("w", 1_000, bench.now()))?.unread).toEqual([]);
        expect(await store.accept(change, options)).toBe("known");
      },
    );

    it("remembers a deletion that arrives before the mention itself", async () => {
      const store = bench.store();
      expect(await store.accept(makeMention(1, { change: "deleted" }))).toBe("withdrawn");
      expect(await store.accept(makeMention(1))).toBe("known");
      expect(await store.claim("w", 1_000, bench.now())).toBeUndefined();
    });

    it("gives every mention exactly one outcome: a second one changes nothing", async () => {
      const store = bench.store();
      await store.accept(makeMention(1));
      const work = await store.claim("w", 1_000, bench.now());
      if (work === undefined) throw new Error("nothing to claim");
      const seq = work.unread[0]!.seq;
      await store.settle(
        work,
        { read: [{ seq, outcome: "refused", why: "no write access" }], keep: true },
        bench.now(),
      );
      await store.settle(work, { read: [{ seq, outcome: "ran", run: "r1" }] }, bench.now());
      expect(await store.mention(makeMention(1).key)).toMatchObject({
        outcome: "refused",
        why: "no write access",
      });
    });

    it("forgets what is older than asked for, and never what is unread", async () => {
      const store = bench.store();
      await store.accept(makeMention(1));
      await store.accept(makeMention(2, { place: makePlace(2) }));
      const work = await store.claim("w", 1_000, bench.now());
      if (work === undefined) throw new Error("nothing to claim");
      await store.settle(work, { read: [{ seq: work.unread[0]!.seq, outcome: "refused" }] }, bench.now());
      bench.pass(80 * hour);
      expect(await store.prune(bench.now() - 72 * hour)).toBeGreaterThan(0);
      expect(await store.mention(makeMention(1).key)).toBeUndefined();
      expect(await store.mention(makeMention(2).key)).toBeDefined();
    });

    it("counts what waits and since when", async () => {
      const since = bench.now();
      await bench.store().accept(makeMention(1));
      bench.pass(500);
      await bench.store().accept(makeMention(2));
      expect(await bench.store().counts()).toEqual({
        lanes: 1,
        unread: 2,
        live: 0,
        queued: 0,
        oldestUnread: since,
      });
    });
  });
};
