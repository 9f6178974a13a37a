import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";

let slack: FakeSlack;
let bench: PlatformBench;
let stop: AbortController;
let listening: Promise<void> | undefined;

beforeEach(async () => {
  slack = await startFakeSlack({ inSocketMode: true });
  bench = createPlatformBench(createSlack, slack.connections);
  stop = new AbortController();
  listening = bench.platform.listen?.(stop.signal);
  await vi.waitFor(() => expect(slack.socket.connected).toBe(true), { timeout: 5_000 });
});
afterEach(async () => {
  stop.abort();
  await listening;
  await slack.close();
});

const open = (text: string) => slack.open(slack.people.writer, "thread", { title: text, text: "" });

describe("Socket Mode", () => {
  it("hears what is said, without any address of ours, and acknowledges when it is stored", async () => {
    await open("@openhands fix the cart");
    expect([...new Set(bench.heard.map(({ key }) => key))]).toHaveLength(1);
    expect(bench.heard[0]?.text).toContain("@openhands fix the cart");
  });

  it("does not acknowledge what could not be stored, so that Slack sends it again", async () => {
    bench.refuse(true);
    const payload = {
      type: "event_callback",
      team_id: slack.host,
      event_id: "Ev900",
      event: {
        type: "app_mention",
        channel: slack.channel,
        user: slack.people.writer.id,
        text: "<@U0OPENHANDS> fix it",
        ts: "1795000000.000100",
        event_ts: "1795000000.000100",
      },
    };
    const first = await Promise.race([
      slack.socket.deliver("events_api", payload).then(() => "acknowledged"),
      new Promise((resolve) => setTimeout(() => resolve("silence"), 300)),
    ]);
    expect(first).toBe("silence");
    bench.refuse(false);
    await slack.socket.deliver("events_api", payload);
    expect(bench.heard.map(({ key }) => key)).toEqual([
      `slack:${slack.host}:message:${slack.channel}:1795000000.000100`,
    ]);
  });

  it("connects again by itself and hears a replay as known", async () => {
    await open("@openhands once");
    slack.socket.disconnect();
    await vi.waitFor(() => expect(slack.socket.connected).toBe(true), { timeout: 10_000 });
    await open("@openhands after the reconnect");
    expect(bench.heard.some(({ text }) => text.includes("after the reconnect"))).toBe(true);
  });

  it("answers commands and searches in lists through the socket too", async () => {
    const person = { id: slack.people.writer.id, username: "mira", team_id: slack.host };
    const command = {
      command: "/openhands",
      text: "fix the cart",
      team_id: slack.host,
      channel_id: slack.channel,
      user_id: person.id,
      trigger_id: "t1",
    };
    expect(await slack.socket.deliver("slash_commands", command)).toEqual({});
    expect(bench.heard.at(-1)).toMatchObject({ way: "command", text: "fix the cart" });
    const elsewhere = await slack.socket.deliver("slash_commands", { ...command, channel_id: "C0NOWHERE" });
    expect(elsewhere).toMatchObject({ text: expect.stringContaining("Invite me") });
    const list = await slack.socket.deliver("interactive", {
      type: "block_suggestion",
      action_id: "ask-openhands:choose-repository",
      block_id: "b",
      value: "",
      team: { id: slack.host },
      user: person,
    });
    expect(list).toMatchObject({ options: [{ value: "none" }] });
    await slack.socket.deliver("interactive", {
      type: "block_actions",
      team: { id: slack.host },
      user: person,
      trigger_id: "t2",
      channel: { id: slack.channel, name: "general" },
      container: { channel_id: slack.channel, thread_ts: "1790000000.000100" },
      actions: [{ action_id: "ask-openhands:stop", block_id: "b", value: "run", action_ts: "1790000002.0" }],
    });
    expect(bench.heard.at(-1)).toMatchObject({ way: "button", text: "stop" });
  });
});
