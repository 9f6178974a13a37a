import { expect, it } from "vitest";
import { eventTime } from "./event-time.ts";

const now = Date.UTC(2026, 5, 1, 12, 0, 0);

it("reads a naive time as UTC when that is not in the future", () => {
  const at = eventTime("2026-06-01T11:59:50.123456", now);
  expect(Math.abs(at - (now - 9_877))).toBeLessThan(1);
});

it("takes the moment of reading for what would be in the future", () => {
  expect(eventTime("2026-06-02T09:00:00", now)).toBe(now);
});

it("believes a time with its zone, and no nonsense", () => {
  expect(eventTime("2026-06-01T13:59:00+02:00", now)).toBe(now - 60_000);
  expect(eventTime("yesterday", now)).toBe(now);
  expect(eventTime("", now)).toBe(now);
});
