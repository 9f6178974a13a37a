import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Spot } from "../contracts/platform-subject.ts";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";
import { interact } from "./slack-form.ts";

const second = {
  id: "U0SECOND",
  name: "U0SECOND",
  displayName: "Sofie Second",
};

describe("people in a Slack thread", () => {
  let slack: FakeSlack;
  let code: BesideCode;
  let flow: Flow;

  beforeEach(async () => {
    slack = await startFakeSlack();
    slack.state.users.set(second.id, second);
    code = await besideCode(slack, { colleagues: [second] });
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      settings: {
        ...code.options.settings,
        workspace: { ...code.options.settings?.workspace, plainReplies: "true" },
      },
    });
  });
  afterEach(async () => {
    await flow.end();
    await code.close();
  });

  const shownOnlyTo = (id: string): readonly string[] =>
    (slack.state.posts.get(slack.channel) ?? [])
      .filter(({ only }) => only === id)
      .map(({ blocks }) => JSON.stringify(blocks));

  it("two steer the same conversation; a third without access gets one sentence that nobody else sees", async () => {
    flow.agent.play(() => [
      { do: "tasks", tasks: [{ title: "Paint", status: "in_progress" }] },
      { do: "wait", milliseconds: 4_000 },
      { do: "finish", message: "All painted." },
    ]);
    const spot = await slack.open(slack.people.writer, "thread", {
      title: "@openhands paint the shop",
      text: "",
    });
    await flow.waitFor(spot, "working on it");
    await slack.comment(second, spot, "@openhands the door in red");
    await slack.comment(slack.people.reader, spot, "@openhands delete the shop");
    await slack.comment(slack.people.reader, spot, "@openhands really, delete it");
    await slack.comment(slack.people.writer, spot, "@openhands the roof in blue");
    await flow.until("both follow-ups were said", () => {
      const told = flow.told().join("\n");
      return told.includes("door in red") && told.includes("roof in blue");
    });
    await flow.waitFor(spot, "All painted.", `<@${slack.people.writer.id}>`, `<@${second.id}>`);
    expect(flow.told().join("\n")).not.toContain("delete");
    expect(flow.agent.protocol.conversations.size).toBe(1);
    const told = shownOnlyTo(slack.people.reader.id);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("Guests and people of other companies may not ask OpenHands here.");
    expect(flow.ours(spot).filter(({ only, text }) => only === undefined && text.includes("Guests"))).toEqual(
      [],
    );
  }, 40_000);

  it("a reply without the handle counts while the thread has only the asker and us", async () => {
    flow.agent.play((message) => [
      { do: "finish", message: message.includes("in blue") ? "Blue it is." : "Painted." },
    ]);
    const { writer } = slack.people;
    const spot = await slack.open(writer, "thread", { title: "@openhands paint the shop", text: "" });
    await flow.waitFor(spot, "Painted.");
    await slack.comment(writer, spot, "now in blue");
    await flow.waitFor(spot, "Blue it is.");
    await slack.comment(second, spot, "I like it");
    await slack.comment(writer, spot, "me too");
    await slack.comment(writer, spot, "@openhands once more");
    await flow.until("the last one was said", () => flow.told().join("\n").includes("once more"));
    expect(flow.told().filter((told) => told.includes("me too") && !told.includes("once more"))).toEqual([]);
    expect(flow.agent.protocol.conversations.size).toBe(1);
    expect((await flow.runs()).flatMap(({ asks }) => asks)).toHaveLength(3);
  }, 40_000);

  it("an image of the asking message goes to the agent, one that is too large does not", async () => {
    flow.agent.play(() => [{ do: "finish", message: "Seen." }]);
    const pixel = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
      "base64",
    );
    const spot = await slack.share(slack.people.writer, "@openhands why does it look like this?", {
      name: "screen.png",
      type: "image/png",
      bytes: pixel,
    });
    await flow.waitFor(spot, "Seen.");
    expect(flow.told().join("\n")).toContain(`data:image/png;base64,${pixel.toString("base64")}`);
    const huge = await slack.share(slack.people.writer, "@openhands and this one?", {
      name: "huge.png",
      type: "image/png",
      bytes: new Uint8Array(40 * 1_048_576),
    });
    await flow.waitFor(huge, "Seen.");
    expect(flow.told().at(-1)).not.toContain("image_urls");
    expect(flow.told().at(-1)).toContain("Not handed over, because of type, size or number: 1 of 1.");
  }, 40_000);

  it("a log of the asking message goes to the agent as text; what is neither text nor picture is named", async () => {
    flow.agent.play(() => [{ do: "finish", message: "Read." }]);
    const log = await slack.share(slack.people.writer, "@openhands why does it fail?", {
      name: "build.log",
      type: "text/plain",
      bytes: Buffer.from("step 1\nError: ENOENT shop.json\n"),
    });
    await flow.waitFor(log, "Read.");
    expect(flow.told().at(-1)).toContain("ENOENT shop.json");
    expect(flow.told().at(-1)).not.toContain("Not handed over");
    const film = await slack.share(slack.people.writer, "@openhands and this?", {
      name: "screen.mp4",
      type: "video/mp4",
      bytes: new Uint8Array(1_000),
    });
    await flow.waitFor(film, "Read.");
    expect(flow.told().at(-1)).toContain("screen.mp4");
    expect(flow.told().at(-1)).toContain("Not handed over");
    expect(slack.requests.violations).toEqual([]);
  }, 40_000);

  it("a pull request that the ask opened belongs to it: a mention there goes on, and the Slack message shows it", async () => {
    const { code: github } = code;
    let pull: Spot | undefined;
    flow.agent.play((message) =>
      message.includes("rename")
        ? [{ do: "finish", message: "Renamed it." }]
        : [
            {
              do: "terminal",
              command: "gh pr create --fill",
              summary: "Open the pull request",
              run: async () => {
                pull = await github.open(github.people.writer, "pull-request", {
                  title: "Paint it",
                  text: "Blue.",
                });
                return { output: pull.url, exitCode: 0 };
              },
            },
            { do: "finish", message: "Painted." },
          ],
    );
    github.deliverTo(`http://127.0.0.1:${flow.bot().port}`);
    const spot = await slack.open(slack.people.writer, "thread", { title: "@openhands paint it", text: "" });
    await flow.waitFor(spot, "Painted.");
    await flow.until(
      "the place is joined",
      async () => (await flow.runs())[0]?.pullRequest?.url === pull?.url,
    );
    if (pull === undefined) throw new Error("there is no pull request");
    await github.comment(github.people.writer, pull, "@openhands rename the function");
    await flow.until("the answer stands at the pull request", () =>
      github.said(pull as Spot).some(({ text }) => text.includes("Renamed it.")),
    );
    expect(flow.agent.protocol.conversations.size).toBe(1);
    await flow.waitFor(spot, "Goes on at", pull.url);
    expect((await flow.runs()).map(({ place }) => place.platform)).toEqual(["github", "slack"]);
  }, 40_000);

  it("an ask without a repository waits in the store for the pick, also across a restart", async () => {
    await flow.end();
    await code.close();
    slack = await startFakeSlack();
    code = await besideCode(slack, { withoutDefault: true });
    flow = await startFlow({ subject: { ...slackSubject, start: async () => slack }, ...code.options });
    flow.agent.play(() => [{ do: "finish", message: "Picked and done." }]);
    const spot = await slack.open(slack.people.writer, "thread", {
      title: "@openhands make it faster",
      text: "",
    });
    await flow.waitFor(spot, "which repository");
    expect(flow.told()).toEqual([]);
    await flow.stop();
    await flow.start();
    await interact(flow, slack, {
      type: "block_actions",
      channel: { id: slack.channel, name: "general" },
      message: { ts: "1790000001.000100", thread_ts: spot.id },
      container: { type: "message", channel_id: slack.channel, thread_ts: spot.id },
      actions: [
        {
          type: "external_select",
          action_id: "ask-openhands:choose-repository",
          block_id: "b",
          action_ts: "1790000009.0",
          selected_option: { value: `${code.code.host}/${code.code.repository}` },
        },
      ],
    });
    await flow.waitFor(spot, "Picked and done.");
    expect(flow.told().join("\n")).toContain("make it faster");
    expect(await flow.runs()).toHaveLength(1);
  }, 60_000);
});
