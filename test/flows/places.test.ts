import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Spot } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { type Flow, startFlow } from "./flow.ts";

describe("a pull request that a run opened", () => {
  let flow: Flow;
  let pull: Spot;

  beforeEach(async () => {
    flow = await startFlow({ subject: github });
    flow.agent.play((message) => {
      if (message.includes("rename")) return [{ do: "finish", message: "Renamed it." }];
      return [
        {
          do: "terminal",
          command: "gh pr create --fill",
          summary: "Open the pull request",
          run: async () => {
            pull = await flow.world.open(flow.world.people.writer, "pull-request", {
              title: "Mend the login",
              text: "Fixes it.",
            });
            return { output: pull.url, exitCode: 0 };
          },
        },
        { do: "finish", message: "Mended." },
      ];
    });
  });
  afterEach(() => flow.end());

  it("belongs to the run: a mention there goes on with its conversation, and the first report points to it", async () => {
    const issue = await flow.open();
    await flow.ask(issue, "@openhands mend the login");
    const closing = await flow.waitFor(issue, "closing-", "Mended.");
    expect(closing.text).toContain(pull.url);
    await flow.until(
      "the place was joined",
      async () => (await flow.runs())[0]?.pullRequest?.url === pull.url,
    );
    await flow.ask(pull, "@openhands rename the function");
    await flow.waitFor(pull, "closing-", "Renamed it.");
    expect(flow.agent.protocol.conversations.size).toBe(1);
    await flow.waitFor(issue, "report-", "Goes on at");
    expect((await flow.runs()).map(({ place }) => place.kind)).toEqual(["pull-request", "issue"]);
  });
});
