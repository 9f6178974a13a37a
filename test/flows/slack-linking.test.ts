import { afterEach, describe, expect, it, vi } from "vitest";
import { Browser } from "../api/browser.ts";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";

const publicUrl = "https://bot.test";

describe("somebody whom the bot does not know yet", () => {
  let slack: FakeSlack;
  let code: BesideCode;
  let flow: Flow;
  afterEach(async () => {
    vi.restoreAllMocks();
    await flow.end();
    await code.close();
  });

  it("gets a link that nobody else sees; once the account is linked, the waiting ask goes on by itself", async () => {
    const printed: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => printed.push(String(text)) > 0);
    slack = await startFakeSlack();
    code = await besideCode(slack, false);
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      script: () => [{ do: "finish", message: "Painted." }],
    });
    const { writer } = slack.people;
    const spot = await slack.open(writer, "thread", { title: "@openhands paint the shop", text: "" });
    const only = (): readonly string[] =>
      (slack.state.posts.get(slack.channel) ?? [])
        .filter((post) => post.only === writer.id)
        .map(({ blocks }) => JSON.stringify(blocks));
    await flow.until("the link was said to the asker alone", () => only().length > 0);
    expect(only()).toHaveLength(1);
    expect(flow.ours(spot).filter((post) => post.only === undefined)).toEqual([]);
    expect(flow.told()).toEqual([]);
    const link = /https:\/\/bot\.test\/link#([\w.~-]+)/.exec(only()[0] ?? "")?.[1] ?? "";
    const signIn = /\/sign-in#([\w-]+)/.exec(printed.join(""))?.[1] ?? "";

    const toBot = (url: URL, init: RequestInit) =>
      fetch(`http://127.0.0.1:${flow.bot().port}${url.pathname}${url.search}`, init);
    const browser = new Browser(
      { request: toBot } as unknown as ConstructorParameters<typeof Browser>[0],
      publicUrl,
    );
    await browser.call("signIn", { body: { token: signIn, name: "Mira" } });
    await browser.refresh();
    expect(await browser.call("linkAccount", { body: { token: link } })).toMatchObject({ linked: true });

    await flow.waitFor(spot, "Painted.", `<@${writer.id}>`);
    expect(flow.told().join("\n")).toContain("paint the shop");
    expect(await flow.runs()).toHaveLength(1);
  }, 40_000);
});
