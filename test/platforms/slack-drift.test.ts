import { createSlack } from "@ask-openhands/bot/platforms/slack/index.ts";
import { neededScopes, slackManifest } from "@ask-openhands/bot/platforms/slack/manifest.ts";
import { afterEach, describe, expect, it } from "vitest";
import { createPlatformBench, type PlatformBench } from "../contracts/platform-bench.ts";
import { makeMessage } from "../contracts/platform-tools.ts";
import { type FakeSlack, type FakeSlackOptions, startFakeSlack } from "../fakes/slack/start.ts";

const publicUrl = "https://bot.example";
const byHttp = () => slackManifest({ name: "OpenHands", publicUrl });
const bySocket = () => slackManifest({ name: "OpenHands" });

let slack: FakeSlack;
let bench: PlatformBench;
afterEach(() => slack.close());

const begin = async (options: FakeSlackOptions & { readonly token?: string } = {}): Promise<void> => {
  slack = await startFakeSlack(options);
  const configToken = options.token ?? slack.state.configToken;
  bench = createPlatformBench(
    createSlack,
    slack.connections.map((one) => ({
      ...one,
      secrets: { ...one.secrets, ...(configToken === "" ? {} : { configToken }) },
    })),
    { publicUrl },
  );
};
const row = async () => (await bench.platform.hooks?.list("slack-1"))?.[0];
const status = () => bench.platform.inspect("slack-1");

describe("the app's settings at Slack", () => {
  it.each([
    { way: "HTTP", inSocketMode: false, manifest: byHttp },
    { way: "Socket Mode", inSocketMode: true, manifest: bySocket },
  ])("are as they should be with the manifest that we print for $way", async ({ inSocketMode, manifest }) => {
    await begin({ inSocketMode });
    slack.state.manifest = manifest();
    expect(await row()).toMatchObject({ state: "installed" });
    expect(await status()).toMatchObject({ ok: true });
    expect((await status()).notes).toBeUndefined();
  });

  it("that have drifted are told one by one, with the cure", async () => {
    await begin();
    const { features, settings, ...rest } = byHttp();
    slack.state.manifest = {
      ...rest,
      features: { app_home: { ...features.app_home, home_tab_enabled: false }, bot_user: features.bot_user },
      settings: {
        ...settings,
        event_subscriptions: {
          bot_events: ["app_mention"],
          request_url: "https://old.example/webhooks/slack",
        },
        interactivity: { is_enabled: false },
      },
    };
    const { state, error, missingRight } = (await row()) ?? {};
    expect(state).toBe("failed");
    for (const words of [
      "agent_session_stopped",
      "message.im",
      "no command /openhands",
      "no message shortcut",
      "interactivity is off",
      "the Home tab is off",
      "not declared as an agent",
      "events go to https://old.example/webhooks/slack",
    ])
      expect(error).toContain(words);
    expect(error).not.toContain("app_mention,");
    expect(missingRight).toContain("slack:manifest");
  });

  it("deliver to nobody when Socket Mode is on and the bot waits at its address, or the other way round", async () => {
    await begin();
    slack.state.manifest = bySocket();
    expect((await row())?.error).toContain("Socket Mode is on");
    await slack.close();
    await begin({ inSocketMode: true });
    slack.state.manifest = byHttp();
    expect((await row())?.error).toContain("Socket Mode is off");
  });

  it("cannot be seen without a configuration token, or with one that has ended: that is said, with what to do", async () => {
    await begin({ token: "" });
    expect((await status()).notes?.join()).toMatch(/cannot be seen without.*SLACK_CONFIG_TOKEN/s);
    expect(await status()).toMatchObject({ ok: true });
    expect(slack.requestsWith("apps.manifest.export")).toBe(0);
    await slack.close();
    await begin({ token: "xoxe.xoxp-from-yesterday" });
    expect((await status()).notes?.join()).toMatch(/does not accept.*12 hours/s);
    expect(await row()).toMatchObject({ state: "installed" });
  });

  it("may lack what only shows work more nicely; it is told, and nothing is wrong", async () => {
    await begin({ token: "" });
    slack.state.scopes = neededScopes.map(({ name }) => name).filter((name) => name !== "assistant:write");
    expect(await status()).toMatchObject({
      ok: true,
      scopes: expect.arrayContaining([
        expect.objectContaining({ name: "assistant:write", state: "missing" }),
      ]),
    });
    slack.state.scopes = slack.state.scopes.filter((name) => name !== "im:history");
    expect(await status()).toMatchObject({ ok: false, problem: expect.stringContaining("im:history") });
  });

  it("that lack a scope at work: what could not be done names the scope and the cure, and nothing else is lost", async () => {
    await begin({ token: "" });
    await slack.open(slack.people.writer, "thread", { title: "@openhands go", text: "" });
    for (const sent of slack.deliveries()) await bench.receive(sent);
    const [mention] = bench.heard;
    if (mention === undefined) throw new Error("nothing was heard");
    const without = (...names: readonly string[]): void => {
      slack.state.scopes = neededScopes.map(({ name }) => name).filter((name) => !names.includes(name));
    };
    const post = () => bench.platform.post(mention.place, makeMessage("r1.abc"), { reply: mention.reply });
    without("chat:write");
    await expect(post()).rejects.toMatchObject({
      kind: "not-allowed",
      passing: false,
      hint: "Slack asks for the scope chat:write: add it to the app and install it again.",
    });
    without("channels:history", "groups:history", "im:history", "mpim:history");
    await expect(bench.platform.thread(mention)).rejects.toMatchObject({
      kind: "not-allowed",
      hint: expect.stringMatching(/scope \w+:history/),
    });
    without();
    expect((await post()).id).toMatch(/^\d+\.\d+$/);
  });
});
