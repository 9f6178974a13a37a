import { afterEach, describe, expect, it } from "vitest";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { brokenOptions } from "../support/block-kit.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";
import { interact } from "./slack-form.ts";

interface Option {
  readonly value: string;
  readonly text: { readonly text: string };
}

describe("the list of repositories below a question", () => {
  let slack: FakeSlack;
  let code: BesideCode;
  let flow: Flow;
  afterEach(async () => {
    await flow.end();
    await code.close();
  });

  const optionsFor = async (value: string): Promise<readonly Option[]> => {
    const answer = await interact(flow, slack, {
      type: "block_suggestion",
      action_id: "ask-openhands:choose-repository",
      block_id: "b",
      value,
    });
    const { options } = JSON.parse(answer) as { options: readonly Option[] };
    expect(brokenOptions(options)).toEqual([]);
    return options;
  };

  it("has the repositories of the asker and “No repository”, with which the waiting ask goes on without one; after that the recent one comes first", async () => {
    slack = await startFakeSlack();
    code = await besideCode(slack, { withoutDefault: true });
    flow = await startFlow({ subject: { ...slackSubject, start: async () => slack }, ...code.options });
    flow.agent.play(() => [{ do: "finish", message: "Explained." }]);
    const { writer } = slack.people;
    const spot = await slack.open(writer, "thread", { title: "@openhands what is a monad?", text: "" });
    const asked = await flow.waitFor(spot, "which repository");
    const own = `${code.code.host}/${code.code.repository}`;
    const all = await optionsFor("");
    expect(all.map(({ text }) => text.text)).toContain("No repository");
    expect(all.map(({ value }) => value)).toContain(own);
    expect((await optionsFor("no repo")).map(({ value }) => value)).toEqual(["none"]);

    const pick = (thread: string, value: string, at: string): Promise<string> =>
      interact(flow, slack, {
        type: "block_actions",
        channel: { id: slack.channel, name: "general" },
        message: { ts: asked.id, thread_ts: thread },
        container: { type: "message", channel_id: slack.channel, thread_ts: thread },
        actions: [
          {
            type: "external_select",
            action_id: "ask-openhands:choose-repository",
            block_id: "b",
            action_ts: at,
            selected_option: { value },
          },
        ],
      });
    await pick(spot.id, "none", "1790000009.0");
    await flow.waitFor(spot, "Explained.");
    expect(flow.told().join("\n")).toContain("what is a monad?");
    expect((await flow.runs())[0]?.repository).toBeUndefined();

    const other = await slack.open(writer, "thread", { title: "@openhands paint the shop", text: "" });
    await flow.waitFor(other, "which repository");
    await pick(other.id, own, "1790000010.0");
    await flow.waitFor(other, "Explained.");
    expect((await flow.runs())[0]?.repository?.name).toBe(code.code.repository);
    expect((await optionsFor("")).slice(0, 2).map(({ value }) => value)).toEqual([own, "none"]);
  }, 60_000);

  it("is not shown where the ask names one, the channel has one, or the person's last one counts: in this order", async () => {
    slack = await startFakeSlack();
    code = await besideCode(slack);
    const { github } = code.code;
    const [shop] = github.state.repositories;
    if (shop === undefined) throw new Error("the code host has no repository");
    for (const name of ["tools", "site"]) {
      const more = github.addRepository(shop.owner, name, []);
      for (const [user, role] of shop.roles) more.roles.set(user, role);
    }
    const room = (defaultRepositories: string) => ({
      ...code.options.settings,
      workspace: { defaultRepositories },
    });
    const ask = async (title: string): Promise<string | undefined> => {
      const spot = await slack.open(slack.people.writer, "thread", { title, text: "" });
      await flow.waitFor(spot, "Explained.");
      expect(flow.ours(spot).filter(({ text }) => text.includes("which repository"))).toEqual([]);
      return (await flow.runs())[0]?.repository?.name;
    };
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      settings: room(`${slack.room}=acme/shop`),
      script: () => [{ do: "finish", message: "Explained." }],
    });
    expect(await ask("@openhands explain acme/tools")).toBe("acme/tools");
    expect(await ask(`@openhands explain <${github.state.base}/acme/site>`)).toBe("acme/site");
    expect(await ask("@openhands repo=acme/tools explain it")).toBe("acme/tools");
    expect(await ask("@openhands explain it")).toBe("acme/shop");
    await flow.end();

    slack = await startFakeSlack();
    await code.close();
    code = await besideCode(slack, { withoutDefault: true });
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      script: () => [{ do: "finish", message: "Explained." }],
    });
    expect(await ask("@openhands explain acme/shop")).toBe("acme/shop");
    expect(await ask("@openhands explain it")).toBe("acme/shop");
  }, 60_000);
});
