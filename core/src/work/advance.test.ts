import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, keptSteps, type RunEvent } from "./advance.ts";
import { isOver, type Run } from "./run.ts";

const author = { platform: "forge", host: "forge.test", id: "7", name: "ada", kind: "person" } as const;
const ask = (key: string) => ({ key, author, request: "fix it", at: "2026-03-01T12:00:00Z", reply: {} });
const queued: Run = {
  id: "11111111-1111-4111-8111-111111111111",
  place: {
    platform: "forge",
    host: "forge.test",
    key: "p",
    kind: "issue",
    url: "https://forge.test/1",
    label: "#1",
    address: {},
  },
  asks: [ask("k1")],
  state: "queued",
  queuedAt: 1,
  tasks: [],
  steps: [],
  stepCount: 0,
  version: 1,
};
const conversation = { agent: "a", id: queued.id };

const text = fc.string({ maxLength: 20 });
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record({ type: fc.constant("queued" as const), position: fc.nat(9) }),
  fc.constantFrom<RunEvent>(
    { type: "preparing" },
    { type: "working" },
    { type: "stopped" },
    { type: "overtime" },
    { type: "recovered" },
    { type: "withdrawn" },
    { type: "stop-asked", by: author },
    { type: "started", conversation, continues: false },
    { type: "failed", reason: "unreachable", hint: "no answer", retryable: true },
    { type: "posting", part: "report" },
    { type: "unposted", part: "report" },
  ),
  fc.record({ type: fc.constantFrom("phase", "said", "question"), text }) as fc.Arbitrary<RunEvent>,
  fc.record({
    type: fc.constant("step" as const),
    step: fc.record({ id: fc.string({ maxLength: 2 }), at: fc.nat(), text }),
  }),
  fc.record({ type: fc.constant("step-failed" as const), id: fc.string({ maxLength: 2 }) }),
  fc.record({ type: fc.constant("cost" as const), usd: fc.double() }),
  fc.record({ type: fc.constant("pushed" as const), what: text }),
  fc.record({
    type: fc.constant("steered" as const),
    ask: text.map(ask),
    conversation: fc.constant(conversation),
  }),
  fc.record({
    type: fc.constant("ended" as const),
    reason: fc.constantFrom("finished", "error", "stuck", "budget", "stopped", "archived", "timeout"),
    summary: fc.option(text, { nil: undefined }),
    detail: fc.option(text, { nil: undefined }),
  }),
  fc.record({ type: text }) as unknown as fc.Arbitrary<RunEvent>,
);

const play = (events: readonly RunEvent[], run: Run = queued): Run =>
  events.reduce((now, one, at) => advance(now, one, 1_000 + at), run);

describe("advance", () => {
  it("ends every sequence of events in a legal run", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const run = play(events);
        expect(["queued", "starting", "working", "waiting", "done", "failed", "stopped"]).toContain(
          run.state,
        );
        expect(run.steps.length).toBeLessThanOrEqual(keptSteps);
        expect(run.stepCount).toBeGreaterThanOrEqual(run.steps.length);
        expect(isOver(run)).toBe(run.outcome !== undefined);
        expect(isOver(run)).toBe(run.endedAt !== undefined);
        if (run.state === "done") expect(run.outcome?.reason).toBe("finished");
        if (run.state === "waiting") expect(run.question).toBeDefined();
        expect(run.asks[0]).toEqual(queued.asks[0]);
      }),
      { numRuns: 500 },
    );
  });

  it("never takes back an end, and never shrinks the version", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let run = queued;
        for (const [at, one] of events.entries()) {
          const next = advance(run, one, 1_000 + at);
          expect(next.version).toBeGreaterThanOrEqual(run.version);
          if (isOver(run))
            expect([next.state, next.outcome, next.endedAt]).toEqual([run.state, run.outcome, run.endedAt]);
          run = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("says of a run that was stopped for its time that it ran out of time, unless a person was first", () => {
    const stopped: RunEvent = { type: "ended", reason: "stopped" };
    expect(play([{ type: "working" }, { type: "overtime" }, stopped])).toMatchObject({
      state: "failed",
      outcome: { reason: "timeout" },
    });
    const asked: RunEvent = { type: "stop-asked", by: author };
    expect(play([{ type: "working" }, asked, { type: "overtime" }, stopped])).toMatchObject({
      state: "stopped",
      outcome: { reason: "stopped" },
    });
  });

  it("goes from a question back to work when the answer was said, with the time counted anew", () => {
    const waiting = play([{ type: "working" }, { type: "question", text: "Which one?" }]);
    expect(waiting).toMatchObject({ state: "waiting", question: "Which one?", activeSince: 1_000 });
    const again = advance(waiting, { type: "steered", ask: ask("k2"), conversation }, 9_000);
    expect(again).toMatchObject({
      state: "working",
      question: undefined,
      activeSince: 9_000,
      asks: [{ key: "k1" }, { key: "k2" }],
    });
  });

  it("counts a step that is told twice once, and marks one that failed", () => {
    const step = (id: string, words: string): RunEvent => ({
      type: "step",
      step: { id, at: 1, text: words },
    });
    const run = play([
      step("a", "one"),
      step("a", "one again"),
      step("b", "two"),
      { type: "step-failed", id: "a" },
    ]);
    expect(run).toMatchObject({
      stepCount: 2,
      steps: [{ text: "one again", failed: true }, { text: "two" }],
    });
  });

  it("keeps what was pushed, the cost and the pull request, also when they are told after the end", () => {
    const run = play([
      { type: "working" },
      { type: "ended", reason: "finished", summary: "Done." },
      { type: "pushed", what: "openhands/1-fix" },
      { type: "pushed", what: "openhands/1-fix" },
      { type: "cost", usd: 0.5 },
      { type: "cost", usd: Number.NaN },
      { type: "pull-request", pullRequest: { url: "https://forge.test/pull/2", number: 2 } },
    ]);
    expect(run).toMatchObject({
      state: "done",
      pushed: ["openhands/1-fix"],
      cost: 0.5,
      pullRequest: { number: 2 },
    });
  });

  it("posts a deleted report once more and respects a second deletion", () => {
    const posted: RunEvent = { type: "posted", part: "report", ref: { id: "c1" }, digest: "d", shown: 1 };
    const once = play([{ type: "posting", part: "report" }, posted, { type: "unposted", part: "report" }]);
    expect(once.report).toMatchObject({ again: true });
    expect(once.report?.ref).toBeUndefined();
    expect(once.report?.givenUp).toBeUndefined();
    expect(play([posted, { type: "unposted", part: "report" }], once).report?.givenUp).toBe("deleted");
  });
});
