import { afterEach, describe, expect, it, vi } from "vitest";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { brokenView } from "../support/block-kit.ts";
import { type BesideCode, besideCode } from "./beside-code.ts";
import { type Flow, startFlow } from "./flow.ts";
import { linkOwner } from "./link-owner.ts";

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
    expect(await linkOwner(flow, printed.join(""), only()[0] ?? "")).toMatchObject({ linked: true });

    await flow.waitFor(spot, "Painted.", `<@${writer.id}>`);
    expect(flow.told().join("\n")).toContain("paint the shop");
    expect(await flow.runs()).toHaveLength(1);
  }, 40_000);

  it("as a maintainer sets the channel's repository with `/openhands config`, and asks there mean it; others only read", async () => {
    const printed: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => printed.push(String(text)) > 0);
    slack = await startFakeSlack();
    code = await besideCode(slack, false, false);
    flow = await startFlow({
      subject: { ...slackSubject, start: async () => slack },
      ...code.options,
      script: () => [{ do: "finish", message: "Painted." }],
    });
    const { writer } = slack.people;
    const send = async (fields: Readonly<Record<string, string>>): Promise<string> => {
      const { method, path, headers, bytes } = slack.form(fields);
      const answer = await fetch(`http://127.0.0.1:${flow.bot().port}${path}`, {
        method,
        headers,
        body: Buffer.from(bytes),
      });
      expect(answer.status).toBe(200);
      return answer.text();
    };
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
    const only = (): readonly string[] =>
      (slack.state.posts.get(slack.channel) ?? [])
        .filter((post) => post.only === writer.id)
        .map(({ blocks }) => JSON.stringify(blocks));
    await flow.until("the link was said", () => only().length > 0);
    expect(await submit(writer.id)).toContain("Only a maintainer");
    expect(slack.state.views).toEqual([]);
    expect(await linkOwner(flow, printed.join(""), only()[0] ?? "")).toMatchObject({ linked: true });

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
