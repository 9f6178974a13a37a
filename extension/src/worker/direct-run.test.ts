import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import { describeEnd } from "@ask-openhands/core/work/describe-end.ts";
import type { OutcomeReason, Run } from "@ask-openhands/core/work/run.ts";
import { describe, expect, it } from "vitest";
import { newAsk, placeOf, showRun } from "./direct-run.ts";

const page = findPage("github", "https://github.com/acme/shop/issues/42");
if (page === undefined) throw new Error("An issue is a page.");
const place = placeOf(page, "Uploads");

const run: Run = {
  id: "r",
  place,
  asks: [newAsk(place, "Fix it.", "k", 0)],
  state: "failed",
  queuedAt: 0,
  tasks: [],
  steps: [],
  stepCount: 0,
  version: 1,
};

describe("a run that no bot knows", () => {
  const reasons = [
    "error",
    "stuck",
    "budget",
    "timeout",
    "stopped",
    "archived",
  ] as const satisfies readonly OutcomeReason[];
  it.each(reasons)("tells its end in words that fit its buttons: %s", (reason) => {
    const { outcome } = showRun({ ...run, outcome: describeEnd(run, { reason }) }, "GitHub");
    expect(outcome?.hint).toMatch(/\w/);
    expect(outcome?.hint).not.toMatch(/`retry`|Mention me/i);
  });
});
