import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createTimeLimit } from "./within-time.ts";

const never = new Promise<string>(() => undefined);

it("answers for what takes too long, and leaves alone what ends in time", async () => {
  const inTime = createTimeLimit(30);
  const quick = inTime(Promise.resolve("done"), () => "late");
  expect(await quick).toBe("done");
  expect(await inTime(never, () => "late")).toBe("late");
  await expect(inTime(Promise.reject(new Error("broken")), () => "late")).rejects.toThrow("broken");
});

it("still watches what began later when something that was late ends after all", async () => {
  const inTime = createTimeLimit(30);
  const slow = Promise.withResolvers<string>();
  expect(await inTime(slow.promise, () => "late")).toBe("late");
  const second = inTime(never, () => "late too");
  slow.resolve("at last");
  expect(await Promise.race([second, sleep(2_000, "forgotten")])).toBe("late too");
});

it("watches each of many from its own beginning", async () => {
  const inTime = createTimeLimit(40);
  const startedAt = performance.now();
  const ends: number[] = [];
  const waits = [0, 10, 20].map(async (pause) => {
    await sleep(pause);
    const began = performance.now();
    await inTime(never, () => "late");
    ends.push(performance.now() - began);
  });
  await Promise.all(waits);
  expect(ends).toHaveLength(3);
  for (const took of ends) expect(took).toBeGreaterThanOrEqual(39);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
