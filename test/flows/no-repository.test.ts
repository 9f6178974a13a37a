import { afterEach, describe, expect, it } from "vitest";
import type { PlatformSubject } from "../contracts/platform-subject.ts";
import { subject as github } from "../contracts/subjects/github.ts";
import { subject as jira } from "../contracts/subjects/jira-cloud.ts";
import { subject as slack } from "../contracts/subjects/slack.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

const answer = [{ do: "finish", message: "Forty-two." }] as const;

describe("an ask without a repository", () => {
  let flow: Flow;
  let code: BesideCode | undefined;
  afterEach(async () => {
    await flow.end();
    await code?.close();
    code = undefined;
  });

  /** A room of chat or tickets beside a code host; `open`: people may ask there without a link. */
  const beside = async (subject: PlatformSubject, open: boolean): Promise<void> => {
    const world = await subject.start();
    code = await besideCode(world, { strangers: true, withoutDefault: true });
    const workspace = open ? { openChannels: `${world.room}=${code.code.repository}` } : {};
    flow = await startFlow({
      subject: { ...subject, start: async () => world },
      also: code.options.also,
      settings: { ...code.options.settings, workspace },
      script: () => answer,
    });
  };
  const started = () => [...flow.agent.protocol.conversations.values()];
  /** Everything that was sent to the back end. */
  const orders = (): string => flow.agent.fake.calls.map((call) => JSON.stringify(call)).join("\n");

  it.each([
    ["thread", slack],
    ["ticket", jira],
  ] as const)(
    "runs in a %s where it says so, without clone and token, and goes on without asking again",
    async (kind, subject) => {
      await beside(subject, true);
      const text = "@openhands repo=none how many are there?";
      const spot = await flow.world.open(flow.world.people.writer, kind, { title: text, text });
      await flow.waitFor(spot, "Forty-two.");
      await flow.waitFor(spot, "no repository");
      expect(flow.told()[0]).toContain("Repository: none");
      expect(flow.told()[0]).toContain("how many are there?");
      expect(orders()).not.toMatch(/GITHUB_TOKEN|git .*clone/);
      expect((await flow.runs())[0]?.repository).toBeUndefined();

      await flow.ask(spot, "@openhands are you sure?");
      await flow.until("the follow-up was said", () => flow.told().length === 2);
      expect(started()).toHaveLength(1);

      await flow.ask(spot, `@openhands repo=${code?.code.repository} write it down`);
      await flow.until("the repository was cloned", () => started().length === 2);
      expect(orders()).toMatch(/git .*clone/);
      expect(flow.told()[2]).toContain(`Repository: \`${code?.code.repository}\``);
    },
    40_000,
  );

  it("needs a link where nobody opened the room", async () => {
    await beside(slack, false);
    const spot = await flow.world.open(flow.world.people.writer, "thread", {
      title: "@openhands repo=none how many are there?",
      text: "",
    });
    await flow.until("the link was said", () => flow.ours(spot).some(({ text }) => text.includes("/link#")));
    expect(flow.told()).toEqual([]);
    expect(await flow.runs()).toEqual([]);
  }, 40_000);

  it("runs at an issue too, though the issue has a repository", async () => {
    flow = await startFlow({ subject: github, script: () => answer });
    const issue = await flow.open("How does this work?");
    await flow.ask(issue, "@openhands repo=none what do they mean?");
    await flow.waitFor(issue, "closing-", "Forty-two.");
    expect(flow.told()[0]).toContain("Repository: none");
    expect(orders()).not.toMatch(/GITHUB_TOKEN|git .*clone/);
  }, 40_000);
});
