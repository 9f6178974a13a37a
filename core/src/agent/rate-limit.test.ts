import { expect, it } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

const virtual = () => {
  let time = 1_000_000;
  return {
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
    },
  };
};

it("keeps every window, at any moment", async () => {
  const clock = virtual();
  const limit = createRateLimit(
    [
      { per: 1_000, most: 9 },
      { per: 60_000, most: 95 },
    ],
    clock.now,
    clock.sleep,
  );
  const times: number[] = [];
  for (let i = 0; i < 400; i += 1) {
    await limit.acquire();
    times.push(clock.now());
  }
  const within = (per: number): number =>
    Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + per).length));
  expect(within(1_000)).toBeLessThanOrEqual(9);
  expect(within(60_000)).toBeLessThanOrEqual(95);
});

it("does not wait while there is room", async () => {
  const clock = virtual();
  const limit = createRateLimit([{ per: 1_000, most: 9 }], clock.now, clock.sleep);
  for (let i = 0; i < 9; i += 1) await limit.acquire();
  expect(clock.now()).toBe(1_000_000);
});

it("leaves room to those who may use all of it", async () => {
  const clock = virtual();
  const limit = createRateLimit(
    [
      { per: 1_000, most: 100 },
      { per: 60_000, most: 95 },
    ],
    clock.now,
    clock.sleep,
  );
  for (let i = 0; i < 75; i += 1) await limit.acquire(20);
  expect([clock.now(), limit.room()]).toEqual([1_000_000, 20]);
  await limit.acquire();
  expect(clock.now()).toBe(1_000_000);
  await limit.acquire(20);
  expect(clock.now()).toBeGreaterThan(1_050_000);
});
