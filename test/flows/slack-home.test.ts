import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { brokenView } from "../support/block-kit.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";
import { interact } from "./slack-form.ts";

interface Button {
  readonly action_id: string;
  readonly value?: string;
  readonly url?: string;
}

describe("App Home", () => {
  let slack: FakeSlack;
  let code: BesideCode;
  let flow: Flow;
  beforeEach(async () => {
    slack = await startFakeSlack();
    code = await besideCode(slack, { withoutDefault: true });
    flow = await startFlow({ subject: { ...slackSubject, start: async () => slack }, ...code.options });
  });
  afterEach(async () => {
    await flow.end();
    await code.close();
  });

  const views = (): readonly unknown[] => slack.state.views.map(({ view }) => view);
  const home = (): string => JSON.stringify(views().at(-1) ?? "");
  /** Waits for the view that an event or a button brings. */
  const drawn = async (doing: Promise<unknown>): Promise<string> => {
    const before = views().length;
    await doing;
    await flow.until("Home is drawn", () => views().length > before);
    expect(brokenView(views().at(-1))).toEqual([]);
    return home();
  };
  const open = (): Promise<string> =>
    drawn(
      slack.event({ type: "app_home_opened", user: slack.people.writer.id, channel: "D0HOME", tab: "home" }),
    );
  const press = (action: Readonly<Record<string, unknown>>): Promise<string> =>
    interact(flow, slack, {
      type: "block_actions",
      container: { type: "view", view_id: "V1" },
      view: { id: "V1", type: "home" },
      actions: [{ block_id: "b", action_ts: slack.state.next(), ...action }],
    });
  const buttonOf = (actionId: string): Button | undefined => {
    const found: Button[] = [];
    const look = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      if ((value as Button).action_id === actionId) found.push(value as Button);
      for (const one of Object.values(value)) look(one);
    };
    look(views().at(-1));
    return found[0];
  };

  it("shows my accounts and keeps a default repository that requests mean until I take it away", async () => {
    flow.agent.play(() => [{ do: "finish", message: "Painted." }]);
    const { writer } = slack.people;
    const own = `${code.code.host}/${code.code.repository}`;
    expect(await open()).toContain("This Slack account is linked");
    expect(home()).toContain(`GitHub: ${code.code.people.writer.name} (${code.code.host})`);
    expect(home()).not.toContain("Missing");
    expect(home()).toContain("which one you mean");

    const chosen = await drawn(
      press({ action_id: "ask-openhands:my-repository", selected_option: { value: own } }),
    );
    expect(chosen).toContain(`"initial_option":{"text":{"type":"plain_text","text":"${own}"`);
    const spot = await slack.open(writer, "thread", { title: "@openhands paint the shop", text: "" });
    await flow.waitFor(spot, "Painted.");
    expect((await flow.runs())[0]?.repository?.name).toBe(code.code.repository);

    const cleared = await drawn(press({ action_id: "ask-openhands:no-repository-of-mine" }));
    expect(cleared).not.toContain("initial_option");
    expect(cleared).toContain("mean your last one");
    expect(cleared).toContain("paint the shop");
  }, 40_000);

  it("stops my run", async () => {
    flow.agent.play(() => [{ do: "terminal", command: "sleep 600", summary: "Begin" }, { do: "hang" }]);
    const spot = await slack.open(slack.people.writer, "thread", {
      title: `@openhands repo=${code.code.repository} paint for ever`,
      text: "",
    });
    await flow.waitFor(spot, "working on it");
    await open();
    const stop = buttonOf("ask-openhands:stop");
    expect(stop?.value).toBe(`${slack.channel}|${spot.id}`);
    await press({ action_id: "ask-openhands:stop", value: stop?.value });
    await flow.waitFor(spot, "Stopped");
  }, 40_000);

  it("unlinks my account and offers to link it again; until then I am asked to link it", async () => {
    const { writer } = slack.people;
    await open();
    expect(buttonOf("ask-openhands:unlink")).toMatchObject({ confirm: { deny: { text: "Keep it" } } });
    const unlinked = await drawn(press({ action_id: "ask-openhands:unlink" }));
    expect(unlinked).toContain("not linked yet");
    expect(unlinked).not.toContain(code.code.people.writer.name);
    expect(buttonOf("ask-openhands:link")?.url).toMatch(/^https:\/\/bot\.test\/link#/);
    await slack.open(writer, "thread", { title: "@openhands paint the shop", text: "" });
    await flow.until("the link is said to the asker alone", () =>
      (slack.state.posts.get(slack.channel) ?? []).some(
        ({ only, blocks }) => only === writer.id && JSON.stringify(blocks).includes("/link#"),
      ),
    );
    expect(flow.told()).toEqual([]);
  }, 40_000);
});
