import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

describe("commands", () => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow({
      subject: github,
      script: (message) =>
        message.includes("quickly")
          ? [{ do: "finish", message: "That was quick." }]
          : [
              {
                do: "terminal",
                command: "git push origin HEAD:openhands/1-fix",
                summary: "Push the branch",
                output: "To forge\n * [new branch] HEAD -> openhands/1-fix",
              },
              { do: "hang" },
            ],
    });
  });
  afterEach(() => flow.end());

  it("`stop` ends the agent within 5 seconds, and the report says what was already pushed", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands work on this");
    await flow.waitFor(issue, "Push the branch");
    const asked = Date.now();
    await flow.ask(issue, "@openhands stop");
    await flow.until("the agent was interrupted", () =>
      flow.agent.fake.calls.some(({ path }) => /\/(interrupt|pause)$/.test(path)),
    );
    expect(Date.now() - asked).toBeLessThan(5_000);
    const report = await flow.waitFor(issue, "Stopped", "openhands/1-fix", "report-");
    expect(report.text).toContain("mara");
    await flow.waitFor(issue, "Stopped", "closing-");
    expect((await flow.runs())[0]).toMatchObject({ state: "stopped", outcome: { reason: "stopped" } });
  });

  it("`stop` takes back a request that waits in the queue", async () => {
    const other = await flow.open();
    const issues = await Promise.all([1, 2, 3].map(() => flow.open()));
    for (const issue of issues) await flow.ask(issue, "@openhands work on this");
    for (const issue of issues) await flow.waitFor(issue, "working on it");
    await flow.ask(other, "@openhands one too many");
    await flow.waitFor(other, "Queued");
    await flow.ask(other, "@openhands stop");
    await flow.waitFor(other, "Stopped");
    expect(flow.agent.protocol.conversations.size).toBe(3);
  });

  it("`retry` tries a stopped request again, and says so when there is nothing to try or it still works", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands retry");
    await flow.waitFor(issue, "nothing to try again");
    await flow.ask(issue, "@openhands work on this");
    await flow.waitFor(issue, "Push the branch");
    await flow.ask(issue, "@openhands retry");
    await flow.waitFor(issue, "still at work");
    await flow.ask(issue, "@openhands stop");
    await flow.waitFor(issue, "Stopped", "closing-");
    flow.agent.play(() => [{ do: "finish", message: "Second time lucky." }]);
    await flow.ask(issue, "@openhands retry");
    await flow.waitFor(issue, "Second time lucky.");
    const [again] = await flow.runs();
    expect(again?.asks[0]?.request).toBe("work on this");
  });

  it("`status`, `queue`, `help`, `why` and `config` are answered, each once", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands do it quickly");
    await flow.waitFor(issue, "That was quick.");
    const answers = [
      ["status", "The last run here"],
      ["queue", "Nothing works and nothing waits."],
      ["help", "Mention `@openhands` with what you want done"],
      ["why", "No request of yours was refused here."],
      ["config", "These settings count here"],
    ] as const;
    for (const [command, words] of answers) {
      await flow.ask(issue, `@openhands ${command}`);
      await flow.waitFor(issue, words);
    }
    expect(flow.ours(issue)).toHaveLength(2 + answers.length);
    expect(JSON.stringify(flow.ours(issue))).not.toMatch(/canary|fake-session-key|BEGIN/);
  });

  it("`stop` is asked for again while the agent's server does not take it; what it never takes is told as it is", async () => {
    const stopping = { path: /\/(interrupt|pause)$/, status: 503 } as const;
    const issue = await flow.open();
    await flow.ask(issue, "@openhands work on this");
    await flow.waitFor(issue, "Push the branch");
    flow.agent.fake.fail({ ...stopping, times: 2 });
    await flow.ask(issue, "@openhands stop");
    await flow.waitFor(issue, "Stopped", "closing-");

    const other = await flow.open();
    await flow.ask(other, "@openhands work on this");
    await flow.waitFor(other, "Push the branch");
    flow.agent.fake.fail({ ...stopping, times: Number.POSITIVE_INFINITY });
    await flow.ask(other, "@openhands stop");
    await flow.until("it is given up", async () => (await flow.runs())[0]?.state === "failed", 60);
    await flow.waitFor(other, "closing-", "did not take the order to stop, so it may still be working");
  }, 90_000);

  it("`stop` where nothing works says so", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands stop");
    await flow.waitFor(issue, "nothing to stop");
  });
});
