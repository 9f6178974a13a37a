import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

describe("trouble", () => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow({ subject: github, times: { request: 1_000, lease: 3_000, unreachable: 4_000 } });
  });
  afterEach(() => flow.end());

  const last = async () => (await flow.runs())[0];

  it("an agent whose machine dies: the report ends in a sentence that is true", async () => {
    flow.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 200 },
      { do: "die" },
    ]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.until("the run ended", async () => (await last())?.state === "failed", 30);
    expect((await last())?.outcome?.reason).toMatch(/unreachable|error/);
    const report = await flow.waitFor(issue, "report-", "could not be reached");
    expect(report.text).toMatch(/did not answer|may still be working|cannot be reached/);
    await flow.waitFor(issue, "closing-", "@mara");
  }, 60_000);

  it("an agent that hangs: stopped when its time is over, and told so", async () => {
    await flow.end();
    flow = await startFlow({
      subject: github,
      settings: { workspace: { runTimeout: "3s" } },
      times: { request: 1_000, lease: 3_000 },
    });
    flow.agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "report-", "ran out of time");
    await flow.waitFor(issue, "closing-", "ran out of time");
    expect(await last()).toMatchObject({ state: "failed", outcome: { reason: "timeout" } });
  }, 60_000);

  it("a back end that answers HTML with 200: told, not believed", async () => {
    flow.agent.fake.fail({ path: /.*/, html: true, times: Number.POSITIVE_INFINITY });
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.until("the run ended", async () => (await last())?.state === "failed", 40);
    await flow.waitFor(issue, "report-", "answered with a web page instead of data");
    await flow.waitFor(issue, "closing-", "answered with a web page instead of data", "@mara");
    expect((await last())?.conversation).toBeUndefined();
  }, 60_000);

  it("a back end that begins to answer HTML with 200 in mid-work: told that it cannot be reached and may still be working", async () => {
    flow.agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "report-", "working on it");
    flow.agent.dropSockets();
    flow.agent.fake.fail({ path: /.*/, html: true, times: Number.POSITIVE_INFINITY });
    await flow.until("the run ended", async () => (await last())?.state === "failed", 40);
    const report = await flow.waitFor(issue, "report-", "could not be reached");
    expect(report.text).toContain("may still be working");
    await flow.waitFor(issue, "closing-", "may still be working", "@mara");
  }, 60_000);

  it("events of unknown kinds: skipped, the work goes on", async () => {
    flow.agent.play(() => [
      {
        do: "event",
        event: { kind: "NobodyKnowsThisEvent", source: "agent", anything: { deep: [1, 2, null] } },
      },
      { do: "finish", message: "Fine all the same." },
    ]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "Fine all the same.");
  });

  it.each([
    ["error", [{ do: "error", code: "LLMAuthenticationError", detail: "invalid key" }], /failed/i],
    ["stuck", [{ do: "stuck" }], /stuck/i],
  ] as const)("an agent that ends with %s: told in words, with a way on", async (_name, steps, words) => {
    flow.agent.play(() => steps);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    const closing = await flow.waitFor(issue, "closing-", words);
    expect(closing.text).toContain("retry");
    expect(closing.text).toContain("@mara");
  });

  it("a key that the back end refuses: told at once, not tried for ever", async () => {
    flow.agent.fake.fail({ path: /.*/, status: 401, times: Number.POSITIVE_INFINITY });
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.until("the run ended", async () => (await last())?.state === "failed");
    await flow.waitFor(issue, "closing-", "@mara");
  });

  it("a back end that is away for a moment: the run goes on as if nothing had been", async () => {
    flow.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 1_500 },
      { do: "finish", message: "Made it." },
    ]);
    const issue = await flow.open();
    const recover = flow.agent.fake.fail({ path: /.*/, status: 503, times: 3 });
    await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "Made it.");
    recover();
    expect(flow.agent.protocol.conversations.size).toBe(1);
  });

  it("a place that is locked or deleted in mid-work: one defined outcome, nothing tried for ever", async () => {
    flow.agent.play(() => [
      { do: "think", text: "On it." },
      { do: "wait", milliseconds: 1_500 },
      { do: "finish", message: "Nobody will read this." },
    ]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    await flow.waitFor(issue, "report-");
    flow.world.fail({
      method: "POST",
      path: /\/comments/,
      status: 403,
      json: { message: "Unable to create comment because issue is locked." },
      times: Number.POSITIVE_INFINITY,
    });
    await flow.until(
      "the run ended and the closing was given up",
      async () => (await last())?.closing?.givenUp !== undefined,
    );
    expect((await last())?.state).toBe("done");
  });

  it("a report that somebody deleted: brought back once, then left away", async () => {
    flow.agent.play(() => [{ do: "think", text: "On it." }, { do: "hang" }]);
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it");
    const report = await flow.waitFor(issue, "report-", "working");
    await flow.world.removeComment?.(flow.world.people.writer, report);
    await flow.ask(issue, "@openhands and this");
    const again = await flow.waitFor(issue, "report-", "1 follow-up");
    expect(again.id).not.toBe(report.id);
    await flow.world.removeComment?.(flow.world.people.writer, again);
    await flow.ask(issue, "@openhands stop");
    await flow.waitFor(issue, "closing-", "Stopped");
    expect(flow.ours(issue)).toHaveLength(1);
  }, 40_000);
});
