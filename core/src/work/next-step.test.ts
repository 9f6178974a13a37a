import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LaneView, Pending, Wish } from "./lane.ts";
import type { Mention } from "./mention.ts";
import { lastWords, mostAttempts, nextStep, refreshEvery } from "./next-step.ts";
import type { Run, RunState } from "./run.ts";

const now = 1_000_000;
const author = { platform: "forge", host: "forge.test", id: "7", name: "ada", kind: "person" } as const;
const place = {
  platform: "forge",
  host: "forge.test",
  key: "p",
  kind: "issue",
  url: "u",
  label: "#1",
  address: {},
} as const;
const mention = (key: string): Mention => ({
  key,
  place,
  author,
  way: "comment",
  text: key,
  at: "",
  change: "new",
  reply: {},
});
const asking: Wish = { kind: "ask", request: "fix it", options: {}, fresh: false };
const pending = (key: string, wish: Wish = asking): Pending => ({
  seq: Number(key.slice(1)),
  mention: mention(key),
  wish,
});
const command = (key: string, name: "stop" | "status" | "retry"): Pending =>
  pending(key, { kind: "command", name, options: {} });
const posted = { intendedAt: 1, ref: { id: "c" }, digest: "d", at: now, shown: 1 };
const conversation = { agent: "a", id: "r" };

const makeRun = (state: RunState, part: Partial<Run> = {}): Run => ({
  id: "r",
  place,
  asks: [{ key: "k1", author, request: "fix it", at: "", reply: {} }],
  state,
  queuedAt: 1,
  activeSince: now,
  tasks: [],
  steps: [],
  stepCount: 0,
  report: posted,
  version: 1,
  ...(state === "done" ? { outcome: { reason: "finished" as const }, closing: posted, endedAt: 5 } : {}),
  ...part,
});

const makeView = (part: Partial<LaneView>): LaneView => ({
  pending: [],
  notes: {},
  attempt: 1,
  parked: new Set(),
  rules: { runTimeout: 60_000, editEvery: 5_000, closing: true },
  ...part,
});

const decide = (part: Partial<LaneView>): unknown => nextStep(makeView(part), now);

const about = (repository: string): Wish => ({ ...asking, options: { repository } });
const shop = { host: "forge.test", name: "acme/shop" };

describe("next step", () => {
  it("keeps the time on a working run's report true, seldom, and that of one that waits or is over alone", () => {
    const at = (state: RunState, age: number): unknown =>
      decide({
        run: makeRun(state, { conversation, report: { ...posted, at: now - age } }),
        notes: { look: { at: now + 1, every: 1 } },
      });
    expect(at("working", refreshEvery)).toEqual({ do: "post", part: "report" });
    expect(at("working", refreshEvery - 1)).toMatchObject({ do: "rest" });
    expect(at("waiting", refreshEvery)).not.toEqual({ do: "post", part: "report" });
    expect(at("done", refreshEvery)).not.toEqual({ do: "post", part: "report" });
  });

  it("closes with a comment of its own only where the workspace wants one", () => {
    const run = { ...makeRun("done"), closing: undefined };
    const rules = { runTimeout: 60_000, editEvery: 5_000 };
    expect(decide({ run, rules: { ...rules, closing: true } })).toEqual({ do: "post", part: "closing" });
    expect(decide({ run, rules: { ...rules, closing: false } })).toMatchObject({ do: "rest" });
  });

  it("says a follow-up that names the repository of the run, or none where it has none; another waits for its end", () => {
    const live = (repository: Run["repository"]): Run => makeRun("working", { conversation, repository });
    const view = (repository: Run["repository"], name: string) =>
      decide({
        run: live(repository),
        pending: [pending("k2", about(name))],
        notes: { look: { at: now + 9, every: 9 } },
      });
    expect(view(shop, "acme/shop")).toMatchObject({ do: "say" });
    expect(view(shop, "forge.test/acme/shop")).toMatchObject({ do: "say" });
    expect(view(undefined, "none")).toMatchObject({ do: "say" });
    expect(view(shop, "none")).toMatchObject({ do: "rest" });
    expect(view(undefined, "acme/shop")).toMatchObject({ do: "rest" });
    expect(view(undefined, "undefined/undefined")).toMatchObject({ do: "rest" });
  });

  it("begins the ask that waits longest when nothing runs", () => {
    expect(decide({ pending: [pending("k1"), pending("k2")] })).toMatchObject({
      do: "begin",
      pending: { seq: 1 },
      retry: false,
    });
    expect(decide({})).toEqual({ do: "rest" });
  });

  it("lets stop overtake everything", () => {
    const waiting = [pending("k2"), command("k3", "status"), command("k4", "stop")];
    for (const state of ["queued", "starting", "working", "waiting", "done"] as const) {
      expect(decide({ run: makeRun(state, { conversation }), pending: waiting })).toMatchObject({
        do: "obey",
        pending: { seq: 4 },
      });
    }
  });

  it("asks the limits for a new run, then shows the report before anything else is done", () => {
    const repository = { host: "h", name: "n" };
    const run = makeRun("queued", { report: undefined, repository });
    expect(decide({ run, pending: [pending("k1")] })).toEqual({ do: "admit" });
    const waiting = { ...run, position: 2 };
    expect(decide({ run: waiting, pending: [pending("k1")] })).toEqual({ do: "post", part: "report" });
    expect(decide({ run: { ...waiting, report: posted }, pending: [pending("k1")] })).toEqual({
      do: "admit",
    });
    expect(decide({ run: { ...run, state: "starting" } })).toEqual({ do: "post", part: "report" });
  });

  it("asks the limits for a queued run, withdraws it with its request, and takes over an edit", () => {
    const run = makeRun("queued", { repository: { host: "h", name: "n" } });
    expect(decide({ run, pending: [pending("k1")] })).toEqual({ do: "admit" });
    expect(decide({ run, pending: [] })).toEqual({ do: "withdraw" });
    expect(decide({ run, pending: [pending("k1", { ...asking, request: "something else" })] })).toMatchObject(
      { do: "reword" },
    );
  });

  it("steers a live conversation in order, but keeps a fresh start for later", () => {
    const run = makeRun("working", { conversation });
    const fresh = pending("k2", { ...asking, fresh: true });
    expect(decide({ run, pending: [pending("k2"), pending("k3")] })).toMatchObject({
      do: "say",
      pending: { seq: 2 },
    });
    expect(decide({ run, pending: [fresh, pending("k3")] })).toEqual({ do: "look" });
    expect(decide({ run: makeRun("done", { conversation }), pending: [fresh] })).toMatchObject({
      do: "begin",
      pending: { seq: 2 },
    });
  });

  it("brings the last words about a run before it begins the next", () => {
    const ended = makeRun("done", { closing: undefined, version: 2 });
    const edited = { ...ended, report: { ...posted, at: now - 10_000, shown: 2 } };
    const early = { ...ended, closing: posted };
    expect(decide({ run: early, pending: [pending("k2")] })).toEqual({ do: "rest", until: now + 5_000 });
    expect(decide({ run: edited, pending: [pending("k2")] })).toEqual({ do: "post", part: "closing" });
    expect(decide({ run: { ...edited, closing: posted }, pending: [pending("k2")] })).toMatchObject({
      do: "begin",
    });
    expect(
      decide({ run: { ...edited, closing: { intendedAt: 1, givenUp: "locked" } }, pending: [pending("k2")] }),
    ).toMatchObject({ do: "begin" });
  });

  it("stops the agent, listens for its last words, and ends in time", () => {
    const run = makeRun("working", { conversation, stopAsked: { by: author, at: now } });
    expect(decide({ run })).toEqual({ do: "stop" });
    expect(decide({ run, notes: { stopping: now - 500 } })).toEqual({ do: "look" });
    expect(decide({ run, notes: { stopping: now - lastWords } })).toEqual({ do: "finish-stop" });
    expect(decide({ run: makeRun("starting", { stopAsked: { by: author, at: now } }) })).toEqual({
      do: "finish-stop",
    });
    expect(
      decide({
        run: makeRun("starting", { stopAsked: { by: author, at: now } }),
        notes: { startTried: true },
      }),
    ).toEqual({ do: "start" });
    expect(
      decide({
        run: makeRun("starting", { stopAsked: { by: author, at: now } }),
        notes: { startTried: true, later: { start: { at: now + 25_000, tries: 1, since: now } } },
      }),
    ).toMatchObject({ do: "rest" });
  });

  it("notices that the time is over", () => {
    expect(decide({ run: makeRun("working", { conversation, activeSince: now - 60_000 }) })).toEqual({
      do: "overtime",
    });
    expect(
      decide({
        run: makeRun("waiting", { conversation, activeSince: now - 60_000, question: "?" }),
        notes: { announced: "?" },
      }),
    ).toEqual({ do: "look" });
  });

  it("lets others pass an ask that waits for a link or for the name of a repository", () => {
    const [first, second] = [pending("k1"), pending("k2")];
    expect(decide({ pending: [first, second], parked: new Set(["k1"]) })).toMatchObject({
      do: "begin",
      pending: { seq: 2 },
    });
    const asked = { key: "k1", at: now, said: "k1" };
    expect(decide({ pending: [first, second], notes: { asking: asked } })).toMatchObject({
      do: "begin",
      pending: { seq: 2 },
    });
    expect(decide({ pending: [first], notes: { asking: asked } })).toMatchObject({ do: "rest" });
    expect(
      decide({ pending: [first], notes: { asking: { ...asked, said: "before the edit" } } }),
    ).toMatchObject({ do: "begin", pending: { seq: 1 } });
  });

  it("retries by command only when the run is over", () => {
    expect(decide({ run: makeRun("done"), pending: [command("k2", "retry")] })).toMatchObject({
      do: "begin",
      retry: true,
    });
    expect(
      decide({ run: makeRun("working", { conversation }), pending: [command("k2", "retry")] }),
    ).toMatchObject({ do: "obey" });
    expect(decide({ pending: [command("k2", "retry")] })).toMatchObject({ do: "obey" });
  });

  it("sets a lane aside whose turns keep dying", () => {
    expect(decide({ attempt: mostAttempts + 1, pending: [pending("k1")] })).toEqual({ do: "set-aside" });
    expect(decide({ attempt: mostAttempts, pending: [pending("k1")] })).toMatchObject({ do: "begin" });
  });

  it("rests until the next thing is due, never in the past, whatever the lane looks like", () => {
    const times = fc.integer({ min: now - 100_000, max: now + 100_000 });
    const later = fc.record({ at: times, tries: fc.nat(5), since: times });
    const view = fc.record({
      run: fc.option(
        fc
          .tuple(
            fc.constantFrom<RunState>(
              "queued",
              "starting",
              "working",
              "waiting",
              "done",
              "failed",
              "stopped",
            ),
            fc.boolean(),
            fc.boolean(),
            times,
          )
          .map(([state, talks, shown, at]) =>
            makeRun(state, {
              activeSince: at,
              ...(talks ? { conversation } : {}),
              ...(shown ? {} : { report: undefined }),
            }),
          ),
        { nil: undefined },
      ),
      pending: fc.subarray([
        pending("k1"),
        pending("k2"),
        command("k3", "stop"),
        command("k4", "status"),
        pending("k5", { kind: "none", why: "x" }),
      ]),
      notes: fc.record({
        later: fc.dictionary(
          fc.constantFrom("judge", "start", "say", "look", "stop", "report", "closing", "answer"),
          later,
        ),
      }),
      attempt: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(view, (part) => {
        const step = nextStep(makeView(part), now);
        if (step.do === "rest" && step.until !== undefined) expect(step.until).toBeGreaterThan(now);
      }),
      { numRuns: 1_000 },
    );
  });
});
