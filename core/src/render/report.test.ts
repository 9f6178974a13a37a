import { describe, expect, it } from "vitest";
import type { Message } from "../work/message.ts";
import type { OutcomeReason, Run } from "../work/run.ts";
import { describeClosing, describeReport } from "./report.ts";
import { asker, doneRun, facts, now, queuedRun, workingRun } from "./run-example.ts";
import { toGfm } from "./to-gfm.ts";

const github = { htmlComments: true, details: true, taskLists: true };

/** Without the marker's line; the zero width space that breaks a mention shows as `^`. */
const shown = (message: Message): string =>
  toGfm(message, github).split("\n").slice(1).join("\n").replaceAll("\u200b", "^");

describe("the report of a run", () => {
  it("in the queue", () => {
    expect(shown(describeReport(queuedRun, now, facts))).toBe(`⏳ **Queued: number 2 in line**

It starts by itself. To take it back, write \`@openhands stop\`.

<sub>waiting for 4 min</sub>`);
  });

  it("starting", () => {
    const run: Run = {
      ...queuedRun,
      state: "starting",
      startedAt: now - 20_000,
      phase: "Preparing the repository",
    };
    expect(shown(describeReport(run, now, facts))).toBe(`🚀 **Starting: Preparing the repository**

To add something while it works, mention \`@openhands\` again. To stop it, write \`@openhands stop\`.

<sub>20 s</sub>`);
  });

  it("at work", () => {
    const report = describeReport(workingRun, now, {
      ...facts,
      removed: ["2 HTML comments", "1 link title"],
    });
    expect(shown(report)).toBe(`🛠️ **OpenHands is working on it**

- [x] Find the failing test
- [ ] **Fix \`login()\` in src/auth\\_login.ts**
- [ ] Open a pull request

<details open><summary>Last steps (12 earlier ones not shown)</summary>

- Read src/auth\\_login.ts
- Ran \`npm test\` \\| tail (failed)

</details>

[Open the conversation](https://app.example.com/conversations/c)

Hidden text was left out of what the agent read: 2 HTML comments, 1 link title.

To add something while it works, mention \`@openhands\` again. To stop it, write \`@openhands stop\`.

<sub>4 min · 14 steps · $0.31</sub>`);
  });

  it("asked to stop", () => {
    const run: Run = { ...workingRun, tasks: [], steps: [], stopAsked: { by: asker, at: now } };
    const report = describeReport(run, now, facts);
    expect(shown(report)).toBe(`🛠️ **Stopping, as Ana asked**

[Open the conversation](https://app.example.com/conversations/c)

<sub>4 min · 14 steps · $0.31</sub>`);
    expect(report.actions.map(({ kind }) => kind)).toEqual(["open"]);
  });

  it("with a question", () => {
    const run: Run = { ...workingRun, tasks: [], steps: [], state: "waiting", question: "Web or API, @ana?" };
    expect(shown(describeReport(run, now, facts))).toBe(`💬 **OpenHands has a question**

Web or API, @^ana?

[Open the conversation](https://app.example.com/conversations/c)

Answer here with \`@openhands\` and your words, and the work goes on. To end it, write \`@openhands stop\`.

<sub>4 min · 14 steps · $0.31</sub>`);
  });

  it("done", () => {
    const run: Run = { ...doneRun, steps: [], tasks: [] };
    expect(shown(describeReport(run, now, facts))).toBe(`✅ **Done**

[Open the conversation](https://app.example.com/conversations/c) · [Pull request #13](https://git.example.com/acme/app/pulls/13)

Mention \`@openhands\` to go on in the same conversation; \`@openhands new\` starts afresh.

<sub>4 min · 14 steps · $0.31</sub>`);
  });

  it("done, with the closing words where no comment follows", () => {
    expect(shown(describeReport(doneRun, now, { ...facts, withSummary: true }))).toContain(
      "✅ **Done**\n\nThe test raced with the clock, @^org/team.\n\n- fixed",
    );
  });

  it("tells where the conversation goes on, who follows up, repository, branch and model", () => {
    const run: Run = {
      ...workingRun,
      asks: [...workingRun.asks, ...workingRun.asks, ...workingRun.asks],
      repository: { host: "git.example.com", name: "acme/other", branch: "dev" },
      model: "gpt-5",
      continuedAt: { url: "https://git.example.com/acme/app/pulls/13", label: "#13", state: "working" },
    };
    const text = shown(describeReport(run, now, facts));
    expect(text).toContain("· [Goes on at #13 (working)](https://git.example.com/acme/app/pulls/13)");
    expect(text).toContain(
      "<sub>4 min · 14 steps · $0.31 · 2 follow-ups · acme/other, branch dev · gpt-5</sub>",
    );
  });

  it("says of work without a repository that it has none", () => {
    const text = shown(describeReport({ ...workingRun, repository: undefined }, now, facts));
    expect(text).toContain("<sub>4 min · 14 steps · $0.31 · no repository</sub>");
    expect(shown(describeReport(workingRun, now, facts))).not.toContain("repository");
  });

  it("shows the last five steps and twenty tasks, each on one short line", () => {
    const steps = Array.from({ length: 9 }, (_, at) => ({
      id: `${at}`,
      at,
      text: `step ${at}\n${"x".repeat(500)}`,
    }));
    const tasks = Array.from({ length: 23 }, (_, at) => ({ title: `task ${at}`, state: "todo" as const }));
    const text = shown(describeReport({ ...workingRun, steps, tasks, stepCount: 40 }, now, facts));
    expect(text.match(/^- step/gm)?.length).toBe(5);
    expect(text).toContain("(35 earlier ones not shown)");
    expect(text).toContain("… and 3 more tasks.");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThan(200);
  });

  it("calls a merge request by its name", () => {
    expect(shown(describeReport(doneRun, now, { ...facts, changeRequest: "merge request" }))).toContain(
      "[Merge request !13]",
    );
  });
});

describe("the closing comment", () => {
  it("of a finished run names the asker, and has summary and pull request", () => {
    const closing = describeClosing(doneRun, now, facts);
    expect(closing.notify).toEqual([asker]);
    expect(shown(closing)).toBe(`@ana ✅ **Done**

The test raced with the clock, @^org/team.

- fixed in \`src/auth_login.ts\`
- see docs (\`https://docs.example.net/x\`)

\`\`\`ts
await tick();
\`\`\`

[Open the conversation](https://app.example.com/conversations/c) · [Pull request #13](https://git.example.com/acme/app/pulls/13)

Mention \`@openhands\` to go on in the same conversation; \`@openhands new\` starts afresh.

<sub>4 min · 14 steps · $0.31</sub>`);
  });

  const ended = (reason: OutcomeReason, change: Partial<Run> = {}): string => {
    const state = reason === "stopped" || reason === "withdrawn" ? "stopped" : "failed";
    return shown(
      describeClosing(
        { ...workingRun, state, endedAt: now, outcome: { reason, retryable: true }, ...change },
        now,
        facts,
      ),
    );
  };
  const goesOn =
    "`@openhands retry` tries again. Mention `@openhands` to go on in the same conversation; `@openhands new` starts afresh.";

  it.each([
    ["error", "❌ **It failed: OpenHands ended with an error**", goesOn],
    ["stuck", "❌ **It got stuck: OpenHands repeated itself without getting further**", goesOn],
    ["budget", "❌ **The budget is used up, so OpenHands stopped working**", goesOn],
    ["timeout", "❌ **It ran out of time and was stopped after 4 min**", goesOn],
    [
      "archived",
      "❌ **The conversation was archived, so it cannot go on**",
      "`@openhands retry` tries again. Mention `@openhands` to begin a fresh conversation.",
    ],
    ["unreachable", "❌ **OpenHands could not be reached**", "`@openhands retry` tries again."],
    ["refused", "❌ **Not started**", "`@openhands retry` tries again."],
    ["withdrawn", "⏹️ **Withdrawn before it started**", "`@openhands retry` tries again."],
  ] as const)("says in words that a run ended with %s", (reason, first, last) => {
    expect(ended(reason)).toBe(`@ana ${first}

[Open the conversation](https://app.example.com/conversations/c)

${last}

<sub>4 min · 14 steps · $0.31</sub>`);
  });

  it("of a stopped run says what was already pushed, or that no push was seen", () => {
    const stopAsked = { by: asker, at: now };
    expect(ended("stopped", { stopAsked, pushed: ["openhands/12-fix: 2 commits", "a `b`"] })).toContain(
      "@ana ⏹️ **Stopped, as Ana asked**\n\nAlready pushed: `openhands/12-fix: 2 commits` and `a 'b'`.",
    );
    expect(ended("stopped")).toContain("@ana ⏹️ **Stopped**\n\nNo push was seen before it ended.");
  });

  it("tells the hint, with addresses of allowed hosts as links and of others as text", () => {
    const outcome = {
      reason: "error",
      hint: "The key is refused: https://git.example.com/settings or https://evil.test/.",
    } as const;
    expect(ended("error", { outcome })).toContain(
      "The key is refused: <https://git.example.com/settings> or `https://evil.test/`.",
    );
  });

  it("says where to look when a run finished without a word", () => {
    const text = shown(
      describeClosing({ ...doneRun, outcome: { reason: "finished", summary: " " } }, now, facts),
    );
    expect(text).toContain("OpenHands finished without closing words; the conversation shows what it did.");
  });

  it("calls every person who asked once, and no bot", () => {
    const [first] = workingRun.asks;
    if (first === undefined) throw new Error("The example has an ask.");
    const bot = { ...first, author: { ...asker, id: "8", name: "ci", kind: "bot" as const } };
    const ben = { ...first, author: { ...asker, id: "9", name: "ben" } };
    expect(
      describeClosing({ ...doneRun, asks: [first, bot, ben, first] }, now, facts).notify.map(
        ({ name }) => name,
      ),
    ).toEqual(["ana", "ben"]);
  });
});
