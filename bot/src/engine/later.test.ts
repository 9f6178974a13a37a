import { Failure } from "@ask-openhands/core/failure.ts";
import { BrokenCircuitError } from "cockatiel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { delayAfter, nextTry, withLater, withoutLater } from "./later.ts";

describe("trying again", () => {
  it("waits a growing, spread time that is never longer than five minutes", () => {
    const delays = Array.from({ length: 1_000 }, (_, at) => delayAfter(8, at / 1_000));
    expect(Math.max(...delays)).toBeLessThanOrEqual(300_000);
    const slots = Object.values(Object.groupBy(delays, (delay) => Math.floor(delay / 15_000)));
    for (const slot of slots) expect(slot?.length).toBeLessThan(60);
    expect(delayAfter(1, 0.99)).toBeLessThan(delayAfter(4, 0.99));
  });

  it("is never before the time that the other side named, nor before the least pause", () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.nat(1_000_000),
        fc.nat(20),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (wait, least, tries, random) => {
          const failure = new Failure("rate-limited", "later", { retryAt: 5_000 + wait });
          const later = nextTry({ at: 0, tries, since: 1 }, failure, 5_000, random, least);
          expect(later.at).toBeGreaterThanOrEqual(5_000 + wait);
          expect(later.at).toBeGreaterThanOrEqual(5_000 + least);
          expect(later).toMatchObject({ tries: tries + 1, since: 1 });
        },
      ),
    );
  });

  it("counts no try while a host that is down is left alone", () => {
    const paused = new Failure("unavailable", "later", { cause: new BrokenCircuitError() });
    expect(nextTry({ at: 0, tries: 3, since: 1 }, paused, 5_000, 0.5).tries).toBe(3);
  });

  it("is forgotten when it went well", () => {
    const notes = withLater(withLater({}, "look", { at: 1, tries: 1, since: 1 }), "report", {
      at: 2,
      tries: 1,
      since: 1,
    });
    expect(Object.keys(withoutLater(notes, "look").later ?? {})).toEqual(["report"]);
    expect(withoutLater(notes, "look", "report").later).toBeUndefined();
  });
});
