import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffDelay, patientBackoff } from "./backoff.ts";
import { retryAt } from "./retry-at.ts";

describe("backoff", () => {
  it("stays within full jitter: 0 to base × 2^n, capped", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const delay = backoffDelay(patientBackoff, attempt, () => random, { now: 0 });
          return delay >= 0 && delay <= Math.min(300_000, 2_000 * 2 ** (attempt - 1));
        },
      ),
    );
  });

  it("spreads a thousand failures: no slot of 100 ms holds more than 5 %", () => {
    const slots = new Map<number, number>();
    for (let i = 0; i < 1_000; i += 1) {
      const slot = Math.floor(backoffDelay(patientBackoff, 4, Math.random, { now: 0 }) / 100);
      slots.set(slot, (slots.get(slot) ?? 0) + 1);
    }
    expect(Math.max(...slots.values())).toBeLessThanOrEqual(50);
  });

  it("is never earlier than what the other side asked for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_000_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (wait, random) => {
          const now = 1_700_000_000_000;
          return (
            backoffDelay(patientBackoff, 1, () => random, { now, notBefore: now + wait }) >= Math.max(wait, 0)
          );
        },
      ),
    );
  });
});

describe("when to come back", () => {
  const now = Date.UTC(2026, 0, 1);
  const at = (headers: Record<string, string>): number | undefined => retryAt(new Headers(headers), now);

  it.each([
    ["seconds", { "retry-after": "12" }, now + 12_000],
    ["a date", { "retry-after": new Date(now + 90_000).toUTCString() }, now + 90_000],
    ["a date that is over", { "retry-after": new Date(now - 90_000).toUTCString() }, now],
    [
      "epoch seconds of a used-up limit",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1_000 + 30) },
      now + 30_000,
    ],
    ["seconds of a used-up limit", { "ratelimit-remaining": "0", "ratelimit-reset": "5" }, now + 5_000],
    ["a limit that is not used up", { "x-ratelimit-remaining": "3", "x-ratelimit-reset": "5" }, undefined],
    ["nonsense", { "retry-after": "soon" }, undefined],
    ["a century", { "retry-after": "3153600000" }, now + 3_600_000],
    ["nothing", {}, undefined],
  ])("understands %s", (_, headers, expected) => {
    expect(at(headers)).toBe(expected);
  });
});
