import { ProblemError } from "@ask-openhands/core/api/client.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { describe, expect, it } from "vitest";
import type { PageRun } from "../messages.ts";
import type { KeptRun } from "../storage.ts";
import { afterMiss, loseAll } from "./lose.ts";
import { isLive, withRun } from "./run-list.ts";

const run = (id: string, state: PageRun["state"], version = 1): PageRun => ({
  id,
  place: {
    platform: "github",
    platformName: "GitHub",
    host: "github.com",
    key: id,
    kind: "issue",
    url: "https://github.com/a/b/issues/1",
    label: "a/b#1",
  },
  asker: { name: "you", platform: "github", host: "github.com" },
  request: "Fix it",
  asks: 1,
  state,
  queuedAt: "2026-11-21T00:00:00.000Z",
  tasks: [],
  steps: [],
  stepCount: 0,
  version,
  may: { stop: true, retry: false, say: true },
});

const kept = (state: PageRun["state"], more: Partial<KeptRun> = {}): KeptRun => ({
  key: "k",
  pageUrl: "https://github.com/a/b/issues/1",
  through: "bot",
  run: run("r", state),
  ...more,
});

const noAnswer = new Failure("unavailable", "No answer.");

describe("a run that brings no news", () => {
  it("ends at once when the bot does not know it any more", () => {
    const gone = new ProblemError({
      type: "about:blank",
      title: "Not found",
      status: 404,
      detail: "No such run.",
    });
    const after = afterMiss(kept("working"), gone);
    expect(after.run).toMatchObject({
      state: "failed",
      outcome: { hint: "The bot does not know this run any more." },
    });
  });

  it("is looked at again for an hour, then ends with what is true of it", () => {
    let after = kept("working");
    for (let misses = 1; misses < 120; misses += 1) after = afterMiss(after, noAnswer);
    expect(isLive(after.run)).toBe(true);
    after = afterMiss(after, noAnswer);
    expect(after.run.outcome?.hint).toContain("has not answered for an hour");
    expect(after).toMatchObject({ told: true, run: { state: "failed" } });
  });

  it("counts its misses from the last answer on", () => {
    const missed = afterMiss(afterMiss(kept("working"), noAnswer), noAnswer);
    expect(missed.misses).toBe(2);
    expect(withRun([missed], kept("working"))[0]?.misses).toBeUndefined();
  });

  it("ends when its way is disconnected, and no run of the other way does", () => {
    const direct = kept("working", { through: "direct", run: run("d", "working") });
    const [bot, other] = loseAll([kept("starting"), direct], "bot");
    expect(bot?.run.outcome?.hint).toContain("disconnected from the bot");
    expect(other).toBe(direct);
  });
});

describe("the list of runs", () => {
  it("takes no state that is older than the one it has, however late its answer comes", () => {
    const ended = kept("done", { run: run("r", "done", 5) });
    expect(withRun([ended], kept("working", { run: run("r", "working", 4) }))).toEqual([ended]);
  });

  it("tells of a second end too", () => {
    const told = kept("done", { told: true });
    const [again] = withRun([told], kept("working", { run: run("r", "working", 2) }));
    expect(again?.told).toBe(false);
  });

  it("keeps the orders of the newest five runs only", () => {
    let runs: readonly KeptRun[] = [];
    for (let count = 0; count < 7; count += 1)
      runs = withRun(runs, kept("working", { run: run(`r${count}`, "working"), order: "long" }));
    expect(runs.map(({ order }) => order === undefined)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});
