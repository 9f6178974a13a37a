import { createHmac } from "node:crypto";
import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import type { SeededConnection, Sent } from "../contracts/platform-subject.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";
import { makePlace, makeRun } from "../support/make-mention.ts";

/** The connection of a world as another workspace of the bot has it. */
const ownedBy = (world: FakeSlack, workspace: string, more: Partial<Connection> = {}): SeededConnection => {
  const [seeded] = world.connections;
  if (seeded === undefined) throw new Error("the world has no connection");
  const owner = { kind: "workspace", id: workspace } as const;
  const { team: _learnt, ...settings } = seeded.connection.settings;
  return {
    ...seeded,
    connection: { ...seeded.connection, id: `slack-${workspace}`, owner, settings, ...more },
  };
};

const backEnd = (workspace: string, name: string): SeededConnection => ({
  connection: {
    id: `agent-${workspace}-${name}`,
    platform: "openhands",
    host: "app.all-hands.dev",
    owner: { kind: "workspace", id: workspace },
    kind: "cloud",
    name: `${name} of ${workspace}`,
    settings: {},
    secretNames: [],
    active: true,
    createdAt: "2026-05-01T10:00:00.000Z",
  },
  secrets: {},
});

const atCommonAddress = (sent: Sent): Sent => ({ ...sent, path: "/webhooks/slack" });

describe("two workspaces with a Slack app each", () => {
  let one: FakeSlack;
  let other: FakeSlack;
  let bench: PlatformBench;

  beforeEach(async () => {
    one = await startFakeSlack();
    other = await startFakeSlack();
    bench = createPlatformBench(createSlack, [
      ownedBy(one, "one"),
      ownedBy(other, "other"),
      ...["one", "other"].flatMap((workspace) => ["Cloud", "Server"].map((name) => backEnd(workspace, name))),
    ]);
  });
  afterEach(async () => {
    await one.close();
    await other.close();
  });

  const command = (world: FakeSlack, team: string) =>
    atCommonAddress(
      world.form({
        command: "/openhands",
        text: "status",
        team_id: team,
        channel_id: world.channel,
        user_id: world.people.writer.id,
        trigger_id: "t1",
      }),
    );
  const interact = (world: FakeSlack, payload: Readonly<Record<string, unknown>>) =>
    bench.receive(atCommonAddress(world.form({ payload: JSON.stringify(payload) })));

  it("each speak for their own Slack workspace, and never for the other's", async () => {
    await bench.receive(command(one, one.host));
    expect(bench.heard.at(-1)).toMatchObject({ place: { host: one.host, connection: "slack-one" } });
    expect((await bench.receive(command(one, other.host))).status).toBe(200);
    expect(bench.heard.map(({ author }) => author.host)).not.toContain(other.host);
    await bench.receive(command(other, other.host));
    expect(bench.heard.at(-1)).toMatchObject({ place: { host: other.host, connection: "slack-other" } });
  });

  it("hear what happens in a channel shared with another company as their own, by somebody from outside", async () => {
    await one.event({
      type: "app_mention",
      channel: one.channel,
      user: one.people.stranger.id,
      user_team: "T0ELSEWHERE",
      text: `<@${one.people.self.id}> paint it`,
      ts: "1790000500.000100",
      event_ts: "1790000500.000100",
    });
    const sent = one.deliveries().at(-1);
    if (sent === undefined) throw new Error("nothing was sent");
    const event = JSON.parse(Buffer.from(sent.bytes).toString("utf8")) as Record<string, unknown>;
    const bytes = Buffer.from(
      JSON.stringify({ ...event, team_id: "T0ELSEWHERE", is_ext_shared_channel: true }),
    );
    const secret = bench.secret("slack-one", "signingSecret") ?? "";
    const signed = one.signedWith?.({ ...sent, bytes }, secret);
    await bench.receive(atCommonAddress(signed ?? sent));
    const [mention] = bench.heard;
    expect(mention).toMatchObject({ place: { host: one.host, connection: "slack-one" } });
    if (mention === undefined) return;
    expect(await bench.platform.mayAsk(mention.author, mention.place)).toMatchObject({ may: false });
  });

  it("offer in the form only their own back ends", async () => {
    await interact(one, {
      type: "message_action",
      callback_id: "ask_openhands",
      team: { id: one.host },
      user: { id: one.people.writer.id, team_id: one.host },
      trigger_id: "t1",
      channel: { id: one.channel },
      message: { type: "message", ts: "1790000000.000100", text: "It crashes", user: "U1" },
    });
    const shown = JSON.stringify(one.state.views.at(-1)?.view);
    expect(shown).toContain("What should be done?");
    expect(shown).toContain("Cloud of one");
    expect(shown).toContain("Server of one");
    expect(shown).not.toContain("of other");
  });

  it("are told to send again while Slack does not say which workspace the app is in", async () => {
    one.fail({ path: /auth\.test/, status: 503, times: 20 });
    other.fail({ path: /auth\.test/, status: 503, times: 20 });
    expect((await bench.receive(command(one, other.host))).status).toBe(503);
    expect(bench.heard).toEqual([]);
  });
});

it("two apps in one Slack workspace: each delivery belongs to the app that it came from", async () => {
  const slack = await startFakeSlack();
  try {
    const first = ownedBy(slack, "first");
    const second = ownedBy(slack, "second");
    const bench = createPlatformBench(createSlack, [
      { ...first, secrets: { ...first.secrets, signingSecret: "another-secret-of-another-app" } },
      second,
    ]);
    await slack.open(slack.people.writer, "thread", { title: "@openhands paint it", text: "" });
    for (const sent of slack.deliveries()) await bench.receive(atCommonAddress(sent));
    expect(bench.heard[0]?.place.connection).toBe("slack-second");
  } finally {
    await slack.close();
  }
});

it("two apps in one Slack workspace: neither speaks of or to what was asked for through the other", async () => {
  const slack = await startFakeSlack();
  try {
    const place = makePlace("slack", {
      platform: "slack",
      host: slack.host,
      connection: "slack-first",
      address: { channel: slack.channel, thread: "1772366400.000100" },
    });
    const repository = { host: "forge.test", name: "acme/private" };
    const bench = createPlatformBench(
      createSlack,
      [ownedBy(slack, "first"), ownedBy(slack, "second")].map((seeded, at) => ({
        ...seeded,
        secrets: { ...seeded.secrets, signingSecret: `secret-of-app-${at}-0123456789` },
      })),
      { runsOf: async () => [makeRun(undefined, { place, repository, state: "working" })] },
    );
    const sign = (secret: string, form: Readonly<Record<string, string>>): Sent => {
      const sent = atCommonAddress(slack.form(form));
      const at = sent.headers["x-slack-request-timestamp"] ?? "";
      const digest = createHmac("sha256", secret).update(`v0:${at}:`).update(sent.bytes).digest("hex");
      return { ...sent, headers: { ...sent.headers, "x-slack-signature": `v0=${digest}` } };
    };
    const stop = {
      command: "/openhands",
      text: "stop",
      team_id: slack.host,
      channel_id: slack.channel,
      user_id: slack.people.writer.id,
    };
    const list = {
      type: "block_suggestion",
      action_id: "ask-openhands:choose-repository",
      value: "",
      team: { id: slack.host },
      user: { id: slack.people.writer.id },
    };
    const ask = async (app: number) => {
      const secret = `secret-of-app-${app}-0123456789`;
      await bench.receive(sign(secret, { ...stop, trigger_id: `t${app}` }));
      const shown = await bench.receive(sign(secret, { payload: JSON.stringify(list) }));
      return [bench.heard.at(-1)?.place.connection, bench.heard.at(-1)?.place.key === place.key, shown.body];
    };
    expect(await ask(0)).toEqual(["slack-first", true, expect.stringContaining("acme/private")]);
    expect(await ask(1)).toEqual(["slack-second", false, expect.not.stringContaining("acme/private")]);
  } finally {
    await slack.close();
  }
});

it("a connection made on the page cannot name a Web API that is not Slack's: it would say itself which workspace it is", async () => {
  const slack = await startFakeSlack();
  try {
    const bench = createPlatformBench(createSlack, [ownedBy(slack, "one", { fixed: false })]);
    expect(await bench.platform.inspect("slack-one")).toMatchObject({
      ok: false,
      problem: expect.stringContaining("none of Slack's"),
    });
    expect(slack.requestsWith("auth.test")).toBe(0);
  } finally {
    await slack.close();
  }
});

describe("several apps by Socket Mode", () => {
  it("one with a wrong token does not keep the others from hearing, and a mended one is taken up", async () => {
    const one = await startFakeSlack({ inSocketMode: true });
    const other = await startFakeSlack({ inSocketMode: true });
    const right = ownedBy(other, "other");
    const bench = createPlatformBench(createSlack, [
      ownedBy(one, "one"),
      { ...right, secrets: { ...right.secrets, appToken: "xapp-wrong" } },
    ]);
    const stop = new AbortController();
    const listening = bench.platform.listen?.(stop.signal);
    try {
      await vi.waitFor(() => expect(one.socket.connected).toBe(true), { timeout: 5_000 });
      await one.open(one.people.writer, "thread", { title: "@openhands paint it", text: "" });
      expect(bench.heard.at(-1)?.place.host).toBe(one.host);
      expect(other.socket.connected).toBe(false);
      await bench.renew("slack-other", { secrets: { appToken: right.secrets["appToken"] ?? "" } });
      await vi.waitFor(() => expect(other.socket.connected).toBe(true), { timeout: 5_000 });
      await other.open(other.people.writer, "thread", { title: "@openhands paint it too", text: "" });
      expect(bench.heard.at(-1)?.place.host).toBe(other.host);
    } finally {
      stop.abort();
      await listening;
      await one.close();
      await other.close();
    }
  });
});
