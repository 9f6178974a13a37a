import { afterEach, describe, expect, it } from "vitest";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

describe("one mention", () => {
  let flow: Flow;
  afterEach(() => flow.end());

  it("becomes a run with one report and one closing comment", async () => {
    flow = await startFlow({
      subject: github,
      script: () => [
        { do: "tasks", tasks: [{ title: "Find the cause", status: "in_progress" }] },
        { do: "terminal", command: "npm test", summary: "Run the tests", output: "ok" },
        { do: "wait", milliseconds: 300 },
        { do: "finish", message: "The login works again." },
      ],
    });
    const issue = await flow.open();
    const ask = await flow.ask(issue, "@openhands please fix the login");
    await flow.waitFor(issue, "The login works again.");
    await flow.until("the report says done", () =>
      flow.ours(issue).some(({ text }) => text.includes("Done")),
    );
    expect(flow.ours(issue)).toHaveLength(2);
    expect(flow.world.reactions?.(ask)).toContain("eyes");
    expect(flow.world.requests.violations).toEqual([]);
    expect(flow.world.requests.unrouted).toEqual([]);
  });
});
