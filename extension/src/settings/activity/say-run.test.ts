import { describe, expect, it } from "vitest";
import { sayChange, sayCost, sayLength } from "./say-run.ts";

const startedAt = "2026-06-01T10:00:00Z";

describe("what a run took", () => {
  it("says nothing of a run that has not begun", () => {
    expect(sayLength({})).toBe("");
  });

  it("counts seconds, minutes and hours until the end, or until now", () => {
    expect(sayLength({ startedAt, endedAt: "2026-06-01T10:00:42Z" })).toBe(" · 42 s");
    expect(sayLength({ startedAt, endedAt: "2026-06-01T11:05:00Z" })).toBe(" · 1 h 5 min");
    expect(sayLength({ startedAt }, Date.parse("2026-06-01T10:03:00Z"))).toBe(" · 3 min");
  });

  it("never calls a cost that is there nothing", () => {
    expect(sayCost({ cost: 0.004 })).toBe(" · under $0.01");
    expect(sayCost({ cost: 0.12 })).toBe(" · $0.12");
    expect(sayCost({})).toBe("");
  });

  it("calls changes as the people of the server do", () => {
    expect(sayChange({ url: "https://gitlab.com/a/b/-/merge_requests/4", number: 4 })).toBe(
      "Merge request !4",
    );
    expect(sayChange({ url: "https://github.com/a/b/pull/4", number: 4 })).toBe("Pull request #4");
  });
});
