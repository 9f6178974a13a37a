import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";

let slack: FakeSlack;
let bench: PlatformBench;
let runs: Run[];

beforeEach(async () => {
  slack = await startFakeSlack();
  runs = [];
  bench = createPlatformBench(createSlack, slack.connections, {
    runsOf: async () => runs,
    searchRepositories: async () => [
      {
        platform: "github",
        host: "github.com",
        name: "acme/shop",
        url: "https://github.com/acme/shop",
        cloneUrl: "https://github.com/acme/shop.git",
      },
    ],
  });
});
afterEach(() => slack.close());

const heard = (): Mention => {
  const mention = bench.heard.at(-1);
  if (!mention) throw new Error("nothing was heard");
  return mention;
};

const command = (text: string, trigger = "t1") =>
  bench.receive(
    slack.form({
      command: "/openhands",
      text,
      team_id: slack.host,
      channel_id: slack.channel,
      channel_name: "general",
      user_id: slack.people.writer.id,
      user_name: "mira",
      trigger_id: trigger,
      response_url: "https://hooks.slack.com/commands/x",
    }),
  );

const interact = (payload: Readonly<Record<string, unknown>>) =>
  bench.receive(
    slack.form({
      payload: JSON.stringify({
        team: { id: slack.host },
        user: { id: slack.people.writer.id, username: "mira", team_id: slack.host },
        api_app_id: slack.state.app,
        trigger_id: "t9",
        ...payload,
      }),
    }),
  );

const runAt = (channel: string, thread: string): Run => ({
  id: "11111111-1111-4111-8111-111111111111",
  place: {
    platform: "slack",
    host: slack.host,
    key: `slack:${slack.host}:${channel}:${thread}`,
    kind: "thread",
    url: "https://app.slack.com/",
    label: "#general",
    connection: "slack-1",
    address: { channel, thread },
  },
  asks: [],
  state: "working",
  queuedAt: 1,
  repository: { host: "github.com", name: "acme/api" },
  tasks: [],
  steps: [],
  stepCount: 0,
  version: 1,
});

describe("the /openhands command", () => {
  it("posts the ask into the channel and works in its thread", async () => {
    expect((await command("fix the login repo=acme/shop")).status).toBe(200);
    const [posted] = slack.state.posts.get(slack.channel) ?? [];
    expect(posted?.text).toContain("fix the login");
    expect(heard()).toMatchObject({
      way: "command",
      text: "fix the login repo=acme/shop",
      place: { address: { thread: posted?.ts } },
    });
  });

  it("sends command words to this person's newest run in the channel", async () => {
    runs = [runAt(slack.channel, "1790000000.000100")];
    await command("stop");
    expect(heard()).toMatchObject({
      text: "stop",
      place: { key: `slack:${slack.host}:${slack.channel}:1790000000.000100` },
    });
    expect(slack.state.posts.get(slack.channel)).toEqual([]);
  });

  it("answers in words, to that person only, when the app is not in the channel", async () => {
    const answer = await bench.receive(
      slack.form({
        command: "/openhands",
        text: "fix it",
        team_id: slack.host,
        channel_id: "C0ELSEWHERE",
        user_id: slack.people.writer.id,
        trigger_id: "t2",
      }),
    );
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body ?? "{}")).toMatchObject({
      response_type: "ephemeral",
      text: expect.stringContaining("Invite me"),
    });
    expect(bench.heard).toEqual([]);
  });
});

describe("buttons and forms", () => {
  it("a Stop button stops the run of its thread", async () => {
    await interact({
      type: "block_actions",
      channel: { id: slack.channel, name: "general" },
      message: { ts: "1790000001.000100", thread_ts: "1790000000.000100" },
      container: {
        type: "message",
        channel_id: slack.channel,
        message_ts: "1790000001.000100",
        thread_ts: "1790000000.000100",
      },
      actions: [
        {
          action_id: "ask-openhands:stop",
          block_id: "b",
          type: "button",
          value: "run",
          action_ts: "1790000002.0",
        },
      ],
    });
    expect(heard()).toMatchObject({
      way: "button",
      text: "stop",
      place: { address: { thread: "1790000000.000100" } },
    });
  });

  it("the message shortcut opens a form, and the form asks with what was chosen", async () => {
    await interact({
      type: "message_action",
      callback_id: "ask_openhands",
      channel: { id: slack.channel },
      message: {
        type: "message",
        ts: "1790000000.000100",
        text: "The cart crashes",
        user: slack.people.reader.id,
      },
    });
    const view = slack.state.views.at(-1)?.view as { callback_id: string; private_metadata: string };
    expect(view.callback_id).toBe("ask_openhands_form");
    await interact({
      type: "view_submission",
      view: {
        id: "V1",
        callback_id: view.callback_id,
        private_metadata: view.private_metadata,
        state: {
          values: {
            text: { value: { type: "plain_text_input", value: "Find out why" } },
            repository: {
              r: { type: "external_select", selected_option: { value: "github.com/acme/shop" } },
            },
            branch: { value: { type: "plain_text_input", value: null } },
          },
        },
      },
    });
    expect(heard()).toMatchObject({
      way: "button",
      text: "Find out why",
      chosen: { repository: "github.com/acme/shop" },
      place: { address: { channel: slack.channel, thread: "1790000000.000100" } },
    });
  });

  it("the repository list has the recent ones first and is answered at once", async () => {
    runs = [runAt(slack.channel, "1")];
    const answer = await interact({
      type: "block_suggestion",
      action_id: "ask-openhands:choose-repository",
      block_id: "b",
      value: "ac",
    });
    const { options } = JSON.parse(answer.body ?? "{}") as { options: { value: string }[] };
    expect(options.map((option) => option.value)).toEqual(["github.com/acme/api"]);
  });
});

describe("deliveries that ask for nothing", () => {
  it("Slack's check of the address is answered, whatever is smuggled into it", async () => {
    const check = slack.form({
      ssl_check: "1",
      payload: JSON.stringify({ type: "block_actions", actions: [] }),
    });
    const unsigned = { ...check, headers: { "content-type": "application/x-www-form-urlencoded" } };
    expect((await bench.receive(unsigned)).status).toBe(200);
    expect(bench.heard).toEqual([]);
  });
});
