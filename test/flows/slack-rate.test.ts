import { afterEach, describe, expect, it } from "vitest";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

const runs = 20;

describe.each([
  { streaming: false, display: "edited messages" },
  { streaming: true, display: "streams" },
])("20 runs in one channel that takes one write a second, with $display", ({ streaming }) => {
  let slack: FakeSlack;
  let code: BesideCode;
  let flow: Flow;
  afterEach(async () => {
    await flow.end();
    await code.close();
  });

  it("all end with a true last message, and no call is made before the time that Slack named", async () => {
    slack = await startFakeSlack({ streaming, limits: { channelEvery: 1_000 } });
    code = await besideCode(slack);
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      settings: {
        ...code.options.settings,
        workspace: { ...code.options.settings?.workspace, runsPerPerson: "50", runsPerWorkspace: "50" },
      },
      script: () => [
        { do: "tasks", tasks: [{ title: "Look around", status: "in_progress" }] },
        { do: "wait", milliseconds: 15_000 },
        { do: "terminal", command: "npm test", summary: "Run the tests", output: "ok" },
        { do: "wait", milliseconds: 5_000 },
        { do: "finish", message: "All of it is done." },
      ],
    });
    const { limits } = slack.state;
    const spots = await Promise.all(
      Array.from({ length: runs }, (_, at) =>
        slack.open(slack.people.writer, "thread", { title: `@openhands job ${at + 1}`, text: "" }),
      ),
    );
    const ended = (): number =>
      spots.filter((spot) => {
        const texts = flow.ours(spot).map(({ text }) => text);
        return texts.length === 2 && texts.every((text) => text.includes("Done"));
      }).length;
    await flow
      .until("every report and every closing message says done", () => ended() === runs, 170)
      .catch((error: unknown) => {
        throw new Error(
          `${ended()} of ${runs} ended; ${limits?.taken.length} taken, refused: ${limits?.refused.join(" ")}\n${String(error)}`,
        );
      });
    for (const spot of spots) {
      const texts = flow.ours(spot).map(({ text }) => text);
      expect(texts.filter((text) => text.includes("working on it"))).toEqual([]);
      expect(texts.filter((text) => text.includes("All of it is done."))).toHaveLength(1);
    }
    expect(limits?.violations).toEqual([]);
    expect(limits?.refused.length).toBeGreaterThan(0);
    expect(flow.agent.protocol.conversations.size).toBe(runs);
  }, 200_000);
});
