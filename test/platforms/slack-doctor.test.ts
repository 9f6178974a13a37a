import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Check } from "@ask-openhands/bot/cli/doctor/check.ts";
import { slackManifest } from "@ask-openhands/bot/platforms/slack/manifest.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeSlack, startFakeSlack } from "../fakes/slack/start.ts";

const program = fileURLToPath(new URL("../../bot/src/cli/doctor.ts", import.meta.url));

let folder: string;
let slack: FakeSlack;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slack-doctor-"));
  slack = await startFakeSlack();
});
afterEach(async () => {
  await slack.close();
  await rm(folder, { recursive: true, force: true });
});

const checksWith = async (more: Readonly<Record<string, string>>): Promise<readonly Check[]> => {
  const api = `${slack.connections[0]?.connection.settings["apiUrl"]}`;
  const child = spawn(process.execPath, [program, "--json"], {
    env: {
      PATH: process.env["PATH"] ?? "",
      DATA_DIR: join(folder, "data"),
      ALLOWED_HOSTS: new URL(api).host,
      PUBLIC_URL: "https://bot.example",
      SLACK_API_URL: api,
      SLACK_BOT_TOKEN: slack.state.botToken,
      SLACK_SIGNING_SECRET: slack.connections[0]?.secrets["signingSecret"] ?? "",
      ...more,
    },
  });
  let text = "";
  child.stdout.on("data", (part) => {
    text += String(part);
  });
  await new Promise((resolve) => child.on("close", resolve));
  const { checks } = JSON.parse(text) as { readonly checks: readonly Check[] };
  return checks.filter(({ name }) => name.includes("Slack"));
};

describe("doctor at Slack", () => {
  it("says which events and commands the app lacks, and what to do; without a configuration token, that they cannot be seen", async () => {
    const { features, settings, ...rest } = slackManifest({
      name: "OpenHands",
      publicUrl: "https://bot.example",
    });
    slack.state.manifest = {
      ...rest,
      features: { ...features, slash_commands: [] },
      settings: {
        ...settings,
        event_subscriptions: { ...settings.event_subscriptions, bot_events: ["app_mention"] },
      },
    };
    const seen = await checksWith({ SLACK_CONFIG_TOKEN: slack.state.configToken });
    const problem = seen.find(({ state }) => state === "problem");
    expect(problem?.detail).toContain("does not subscribe to message.im");
    expect(problem?.detail).toContain("no command /openhands");
    expect(problem?.cure).toContain("slack:manifest");

    const unseen = await checksWith({});
    expect(unseen.filter(({ state }) => state === "problem")).toEqual([]);
    expect(unseen.map(({ detail }) => detail).join("\n")).toMatch(
      /cannot be seen without.*SLACK_CONFIG_TOKEN/,
    );
  }, 60_000);
});
