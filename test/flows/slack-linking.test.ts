import { afterEach, describe, expect, it } from "vitest";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { brokenView } from "../support/block-kit.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";
import { linkCodeHost, linkOwner } from "./link-owner.ts";
import { sendForm } from "./slack-form.ts";

describe("somebody whom the bot does not know yet", () => {
  let slack: FakeSlack;
  let code: BesideCode;
  let flow: Flow;
  afterEach(async () => {
    await flow.end();
    await code.close();
  });

  const saidOnlyTo = (id: string): readonly string[] =>
    (slack.state.posts.get(slack.channel) ?? [])
      .filter((post) => post.only === id)
      .map(({ blocks }) => JSON.stringify(blocks));

  /** Slack, then the code host: the owner is known on both. */
  const linkBoth = async (id: string): Promise<void> => {
    await flow.until("the link was said to the asker alone", () => saidOnlyTo(id).length > 0);
    const browser = await linkOwner(flow, saidOnlyTo(id)[0] ?? "");
    await flow.until("the other link was said", () => saidOnlyTo(id).length > 1);
    expect(saidOnlyTo(id)[1]).toContain(`Link your account on ${code.code.host}`);
    expect(saidOnlyTo(id)[1]).toContain("https://bot.test/integrations/github");
    expect(flow.told()).toEqual([]);
    await linkCodeHost(flow, browser, code.code);
  };

  it("gets a link that nobody else sees, then one for the code host; once both are used, the waiting ask goes on by itself", async () => {
    slack = await startFakeSlack();
    code = await besideCode(slack, { strangers: true });
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      script: () => [{ do: "finish", message: "Painted." }],
    });
    const { writer } = slack.people;
    const spot = await slack.open(writer, "thread", { title: "@openhands paint the shop", text: "" });
    await linkBoth(writer.id);
    await flow.waitFor(spot, "Painted.", `<@${writer.id}>`);
    expect(saidOnlyTo(writer.id)).toHaveLength(2);
    expect(
      flow.ours(spot).filter((post) => post.only === undefined && post.text.includes("account")),
    ).toEqual([]);
    expect(flow.told().join("\n")).toContain("paint the shop");
    expect(await flow.runs()).toHaveLength(1);
  }, 40_000);

  it("needs no other link with the operator's own token of a workspace that has nobody else", async () => {
    slack = await startFakeSlack();
    code = await besideCode(slack, { strangers: true });
    const [, token] = code.code.connections;
    if (token === undefined) throw new Error("the code host has no token");
    const { connection, secrets } = token;
    const own = { ...connection, fixed: true, settings: { ...connection.settings, account: "person" } };
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      also: [{ connection: own, secrets }],
      script: () => [{ do: "finish", message: "Painted." }],
    });
    const { writer } = slack.people;
    const spot = await slack.open(writer, "thread", { title: "@openhands paint the shop", text: "" });
    await flow.until("the link was said to the asker alone", () => saidOnlyTo(writer.id).length > 0);
    await linkOwner(flow, saidOnlyTo(writer.id)[0] ?? "");
    await flow.waitFor(spot, "Painted.", `<@${writer.id}>`);
    expect(saidOnlyTo(writer.id)).toHaveLength(1);
  }, 40_000);

  it("as a maintainer sets the channel's repository with `/openhands config`, and asks there mean it; others only read", async () => {
    slack = await startFakeSlack();
    code = await besideCode(slack, { strangers: true, withoutDefault: true });
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      script: () => [{ do: "finish", message: "Painted." }],
    });
    const { writer } = slack.people;
    const send = (fields: Readonly<Record<string, string>>): Promise<string> => sendForm(flow, slack, fields);
    const config = (id: string): Promise<string> =>
      send({
        command: "/openhands",
        text: "config",
        team_id: slack.host,
        channel_id: slack.channel,
        channel_name: "general",
        user_id: writer.id,
        trigger_id: id,
        response_url: slack.responseUrl,
      });
    const submit = (user: string): Promise<string> =>
      send({
        payload: JSON.stringify({
          type: "view_submission",
          team: { id: slack.host },
          user: { id: user, team_id: slack.host },
          view: {
            id: "V1",
            callback_id: "ask_openhands_config",
            private_metadata: slack.channel,
            state: {
              values: {
                repository: {
                  r: {
                    type: "external_select",
                    selected_option: { value: `${code.code.host}/${code.code.repository}` },
                  },
                },
              },
            },
          },
        }),
      });

    await slack.open(writer, "thread", { title: "@openhands help me link", text: "" });
    await flow.until("the link was said", () => saidOnlyTo(writer.id).length > 0);
    expect(await submit(writer.id)).toContain("Only a maintainer");
    expect(slack.state.views).toEqual([]);
    await linkCodeHost(flow, await linkOwner(flow, saidOnlyTo(writer.id)[0] ?? ""), code.code);

    await config("t1");
    await flow.until("the form is open", () => slack.state.views.length > 0);
    expect(brokenView(slack.state.views[0]?.view)).toEqual([]);
    await flow.until("the settings are told in words", () =>
      JSON.stringify(slack.state.responses).includes("These settings count here"),
    );
    expect(await submit(writer.id)).toBe("");
    const spot = await slack.open(writer, "thread", { title: "@openhands paint the shop", text: "" });
    await flow.waitFor(spot, "Painted.");
    expect((await flow.runs())[0]?.repository?.name).toBe(code.code.repository);

    await config("t2");
    await flow.until("the form shows it", () =>
      JSON.stringify(slack.state.views.at(-1)?.view).includes(code.code.repository ?? "-"),
    );
  }, 40_000);
});
