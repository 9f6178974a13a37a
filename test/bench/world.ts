import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualTimes } from "@ask-openhands/bot/engine/engine-deps.ts";
import { readSettings, type Settings } from "@ask-openhands/bot/settings.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { startGitHubWorld } from "../contracts/subjects/github.ts";
import { subject as slackSubject } from "../contracts/subjects/slack.ts";
import { startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { agentConnection } from "../flows/flow.ts";
import { type BotProcess, startBotProcess } from "../support/bot-process.ts";
import { gitHubRequests, type MakeRequests, slackRequests } from "./payloads.ts";

/** A loopback world to measure in: GitHub, Slack and an agent server, and bots in processes of their own. */
export interface BenchWorld {
  readonly github: Awaited<ReturnType<typeof startGitHubWorld>>;
  readonly agent: Awaited<ReturnType<typeof startFakeAgentServer>>;
  readonly gitHubSecret: string;
  readonly slackSecret: string;
  readonly mentions: MakeRequests;
  /** Comments that do not call us. */
  readonly comments: MakeRequests;
  readonly otherEvents: MakeRequests;
  readonly slackMentions: MakeRequests;
  /** A bot with a new data folder. */
  start(change?: Partial<Settings>): Promise<BotProcess>;
  end(): Promise<void>;
}

/** A key of this world only: `DATABASE_URL` wants one. */
const key = "YmVuY2gga2V5IG9mIHRlc3RzIG9ubHksIDMyIGJ5dGU=";

const secretOf = (
  world: { readonly connections: readonly { readonly secrets: Readonly<Record<string, string>> }[] },
  name: string,
): string => {
  const secret = world.connections[0]?.secrets[name];
  if (secret === undefined) throw new Error(`no ${name}`);
  return secret;
};

export const startBenchWorld = async (): Promise<BenchWorld> => {
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-bench-"));
  const [github, slack, agent] = await Promise.all([
    startGitHubWorld(),
    slackSubject.start(),
    startFakeAgentServer(),
  ]);
  const running = new Set<BotProcess>();
  const issue = await github.open(github.people.writer, "issue", {
    title: "The basket",
    text: "It is wrong.",
  });
  github.deliveries();
  await github.comment(github.people.writer, issue, "@openhands fix it");
  const [sent] = github.deliveries();
  const thread = await slack.open(slack.people.writer, "thread", {
    title: "The basket",
    text: "It is wrong.",
  });
  slack.deliveries();
  await slack.comment(slack.people.writer, thread, "@openhands fix it");
  const said = slack
    .deliveries()
    .find(({ bytes }) => Buffer.from(bytes).toString().includes('"type":"app_mention"'));
  if (sent === undefined || said === undefined) throw new Error("no deliveries to measure with");
  const gitHubSecret = secretOf(github, "webhookSecret");
  const slackSecret = secretOf(slack, "signingSecret");
  const owned = [github.connections[0], slack.connections[0]].flatMap((one) =>
    one === undefined
      ? []
      : [{ ...one, connection: { ...one.connection, owner: { kind: "workspace", id: "main" } as const } }],
  );
  let folders = 0;

  return {
    github,
    agent,
    gitHubSecret,
    slackSecret,
    mentions: gitHubRequests(sent, gitHubSecret, "@openhands fix the sum of the basket, please."),
    comments: gitHubRequests(sent, gitHubSecret, "I have seen this as well, with two vouchers."),
    otherEvents: gitHubRequests(
      { ...sent, headers: { ...sent.headers, "x-github-event": "check_run" } },
      gitHubSecret,
      "All checks have passed.",
    ),
    slackMentions: slackRequests(said, slackSecret),
    start: async (change = {}) => {
      folders += 1;
      const reading = readSettings(
        { DATA_DIR: join(folder, String(folders)), PUBLIC_URL: "https://bot.test", SECRET_KEY: key },
        catalog,
      );
      if ("problems" in reading) throw new Error(reading.problems.map(({ sentence }) => sentence).join("\n"));
      const bot = await startBotProcess(
        {
          settings: {
            ...reading.settings,
            port: 0,
            allowedHosts: ["127.0.0.1"],
            workspace: { runsPerPerson: "100000", runsPerWorkspace: "100000" },
            ...change,
            connections: [...owned, agentConnection(agent)],
          },
          times: usualTimes,
        },
        { unheard: true, profile: process.env["BENCH_PROFILE"] },
      );
      running.add(bot);
      return bot;
    },
    end: async () => {
      await Promise.all([...running].map((bot) => bot.kill()));
      await Promise.all([github.close(), slack.close(), agent.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
