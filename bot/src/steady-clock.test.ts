import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { createSteadyClock, type SteadyClock } from "./steady-clock.ts";

const hour = 3_600_000;

describe("the steady clock", () => {
  let wall: number;
  let passed: number;
  let clock: SteadyClock;
  const pass = (ms: number): void => {
    wall += ms;
    passed += ms;
  };
  beforeEach(() => {
    wall = 1_000 * hour;
    passed = 0;
    clock = createSteadyClock({ wall: () => wall, monotonic: () => passed });
  });

  it("tells the time of the clock outside while nobody sets it", () => {
    for (let step = 0; step < 100; step += 1) {
      pass(37);
      expect(clock.now()).toBe(wall);
    }
  });

  it("goes on at its own pace when the clock is set forward, and takes the new time over when it is told to", () => {
    const before = clock.now();
    wall += 3 * hour;
    pass(10_000);
    expect(clock.now()).toBe(before + 10_000);
    expect(clock.lag()).toBe(3 * hour);
    clock.catchUp();
    expect(clock.now()).toBe(wall);
  });

  it("does not go back when the clock is set back, and comes nearer to it slowly", () => {
    const before = clock.now();
    wall -= hour;
    expect(clock.now()).toBe(before);
    pass(100_000);
    expect(clock.now()).toBe(before + 90_000);
    clock.catchUp();
    expect(clock.now()).toBe(before + 90_000);
    pass(10 * hour);
    expect(clock.now()).toBe(wall);
  });

  it("makes small corrections up at once", () => {
    wall += 400;
    expect(clock.now()).toBe(wall);
  });

  it("begins no earlier than what was stored", () => {
    clock.notBefore(wall + hour);
    expect(clock.now()).toBe(wall + hour);
    clock.notBefore(wall);
    expect(clock.now()).toBe(wall + hour);
  });

  it("never goes back and never passes faster than time, whatever happens to the clock outside", () => {
    const acts = fc.array(
      fc.record({ set: fc.integer({ min: -5 * hour, max: 5 * hour }), pass: fc.nat(60_000) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(acts, (all) => {
        let last = clock.now();
        for (const act of all) {
          wall += act.set;
          pass(act.pass);
          const now = clock.now();
          expect(now).toBeGreaterThanOrEqual(last);
          expect(now - last).toBeLessThanOrEqual(act.pass + 1_001);
          last = now;
        }
      }),
      { numRuns: 500 },
    );
  });
});
