import { describe, expect, it } from "vitest";
import { createPostBudget, type Writing } from "./post-budget.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const limits = { perMinute: 80, perHour: 500 };

describe("the budget of writes", () => {
  const start = () => {
    let clock = 0;
    const budget = createPostBudget(() => clock);
    const writing = (message: string, more: Partial<Writing> = {}): Writing => ({
      account: "a",
      limits,
      message,
      ...more,
    });
    const isTaken = async (message: string, more: Partial<Writing> = {}): Promise<boolean> =>
      "taken" in (await budget.take(writing(message, more)));
    /** Messages that have news whenever they may be edited again; tells when each was edited. */
    const live = async (messages: number, until: number, editEvery = 3 * second) => {
      const edits = Array.from({ length: messages }, (): number[] => []);
      const due = edits.map(() => 0);
      while (clock < until) {
        for (const [at, times] of edits.entries()) {
          if ((due[at] ?? 0) > clock) continue;
          const answer = await budget.take(writing(`m${at}`));
          if ("taken" in answer) times.push(clock);
          due[at] = clock + ("taken" in answer ? editEvery : answer.wait);
        }
        clock = Math.max(clock + 1, Math.min(...due));
      }
      return edits;
    };
    const pass = (ms: number): void => {
      clock += ms;
    };
    return { budget, isTaken, live, pass };
  };

  const longestPause = (times: readonly number[], until: number): number =>
    Math.max(...[...times, until].map((time, at) => time - (times[at - 1] ?? 0)));
  const mostWithin = (times: readonly number[], window: number): number =>
    Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + window).length));

  it("keeps every minute and every hour within the limits, and leaves the rest to ends", async () => {
    const edits = (await start().live(5, 3 * hour)).flat().sort((a, b) => a - b);
    expect(mostWithin(edits, minute)).toBeLessThanOrEqual(60);
    expect(mostWithin(edits, hour)).toBeLessThanOrEqual(375);
    expect(edits.length).toBeGreaterThan(900);
  });

  it.each([
    [1, 12 * second],
    [5, 58 * second],
    [50, 580 * second],
  ])(
    "never freezes: of %i live messages none is silent for more than its turn",
    async (messages, longest) => {
      const edits = await start().live(messages, 3 * hour);
      for (const times of edits) expect(longestPause(times, 3 * hour)).toBeLessThanOrEqual(longest);
    },
  );

  it("is not used up by tries that were refused", async () => {
    const { isTaken, pass } = start();
    for (let tries = 0; tries < 2_000; tries += 1) await isTaken("m");
    pass(12 * second);
    expect(await isTaken("m")).toBe(true);
  });

  it("holds no end back, and counts it: progress makes room for a while, not for an hour", async () => {
    const { isTaken, pass } = start();
    for (let ends = 0; ends < 300; ends += 1)
      expect(await isTaken(`end${ends}`, { urgent: true })).toBe(true);
    expect(await isTaken("m")).toBe(false);
    pass(2 * minute);
    expect(await isTaken("m")).toBe(true);
  });

  it("counts each account for itself, and nothing where the server has no limit of its own", async () => {
    const { isTaken } = start();
    for (let tries = 0; tries < 100; tries += 1) await isTaken(`m${tries}`);
    expect(await isTaken("new")).toBe(false);
    expect(await isTaken("new", { account: "b" })).toBe(true);
    for (let tries = 0; tries < 5_000; tries += 1)
      expect(await isTaken("m", { account: "c", limits: undefined })).toBe(true);
  });

  it("gives a turn to nobody else, and forgets the one that nobody came for", async () => {
    const { budget, isTaken, pass } = start();
    const take = (message: string) => budget.take({ account: "a", limits: { perHour: 16 }, message });
    while ("taken" in (await take("first"))) pass(0);
    const [first, second_] = [await take("first"), await take("second")];
    if (!("wait" in first && "wait" in second_)) throw new Error("not held back");
    expect(second_.wait).toBeGreaterThan(first.wait);
    pass(first.wait);
    expect(await take("second")).toEqual({ wait: second_.wait - first.wait });
    pass(second_.wait - first.wait + 2 * minute);
    expect(await take("second")).toHaveProperty("wait");
    expect(await isTaken("other account", { account: "b" })).toBe(true);
  });
});
