import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Script } from "@ask-openhands/bot/cli/demo-agent/script.ts";
import { type Bot, startBot } from "@ask-openhands/bot/compose/start-bot.ts";
import { type EngineTimes, usualTimes } from "@ask-openhands/bot/engine/engine-deps.ts";
import type { FixedConnection } from "@ask-openhands/bot/settings/environment-connections.ts";
import { readSettings, type Settings } from "@ask-openhands/bot/settings.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import type { Account, PlatformSubject, PlatformWorld, Said, Spot } from "../contracts/platform-subject.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { type Colleague, foundTeam } from "./team.ts";

/** Short enough for tests; the proportions are those of the real ones. */
export const quickTimes: EngineTimes = { ...usualTimes, request: 3_000, lease: 6_000, unreachable: 20_000 };

export interface FlowOptions {
  readonly subject: PlatformSubject;
  readonly script?: Script | undefined;
  readonly settings?: Partial<Settings> | undefined;
  readonly times?: Partial<EngineTimes> | undefined;
  /** Further connections: a code host beside tickets or chat. */
  readonly also?: readonly FixedConnection[] | undefined;
  /** The machine's clock as the bot sees it. */
  readonly wall?: (() => number) | undefined;
  /** Who is known to the bot before it starts; absent: nobody. */
  readonly team?: readonly Colleague[] | undefined;
  /** Without a back end, for bots that are not set up. */
  readonly withoutAgent?: boolean | undefined;
}

/** The whole bot on a loopback world: a platform's fake, an agent server's fake, a data folder that survives restarts. */
export interface Flow {
  readonly world: PlatformWorld;
  readonly agent: FakeAgentServer;
  readonly folder: string;
  readonly settings: Settings;
  bot(): Bot;
  /** Lines of the log so far. */
  readonly log: readonly string[];
  /** What was said to the operator at the start: the first sign-in link. */
  readonly printed: readonly string[];
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Our own posts at a place, oldest first. */
  ours(spot: Spot): readonly Said[];
  /** What people said to agents, oldest first in each conversation. */
  told(): readonly string[];
  /** Waits until something of ours at the place has all these words, and gives it. */
  waitFor(spot: Spot, ...words: readonly (string | RegExp)[]): Promise<Said>;
  /** Waits until the condition holds. */
  until(what: string, holds: () => boolean | Promise<boolean>, seconds?: number): Promise<void>;
  ask(spot: Spot, text: string, by?: Account): Promise<Said>;
  open(text?: string, kind?: "issue" | "pull-request"): Promise<Spot>;
  /** Runs as the API of the bot would list them; read after `stop` or while it works. */
  runs(): Promise<readonly Run[]>;
  end(): Promise<void>;
}

export const readBase = (folder: string): Settings => {
  const reading = readSettings(
    { DATA_DIR: folder, LOG_LEVEL: "debug", PUBLIC_URL: "https://bot.test" },
    catalog,
  );
  if ("problems" in reading) throw new Error(reading.problems.map(({ sentence }) => sentence).join("\n"));
  return reading.settings;
};

export const agentConnection = (agent: FakeAgentServer): FixedConnection => ({
  connection: {
    id: "agent-server",
    platform: "openhands",
    host: new URL(agent.fake.url).host,
    owner: { kind: "workspace", id: "main" },
    kind: "server",
    name: "agent server",
    settings: { baseUrl: agent.fake.url, llmModel: "test/model", workspaceDir: "/workspace" },
    secretNames: ["sessionKey", "llmApiKey"],
    active: true,
    createdAt: "2026-05-01T10:00:00.000Z",
  },
  secrets: { sessionKey: agent.key, llmApiKey: "sk-test-canary-0123456789" },
});

export const startFlow = async (options: FlowOptions): Promise<Flow> => {
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-flow-"));
  const world = await options.subject.start();
  const agent = await startFakeAgentServer();
  if (options.script !== undefined) agent.play(options.script);
  const [hears] = world.connections;
  if (hears === undefined) throw new Error("the world has no connection");
  const settings: Settings = {
    ...readBase(folder),
    port: 0,
    ...options.settings,
    connections: [
      ...[hears, ...(options.also ?? [])].map(({ connection, secrets }) => ({
        connection: { ...connection, owner: { kind: "workspace", id: "main" } as const },
        secrets,
      })),
      ...(options.withoutAgent === true ? [] : [agentConnection(agent)]),
    ],
  };
  if (options.team !== undefined) await foundTeam(settings, options.team);
  const log: string[] = [];
  const printed: string[] = [];
  let bot: Bot | undefined;

  const start = async (): Promise<void> => {
    bot = await startBot({
      settings,
      logTo: { write: (line) => void log.push(line) },
      times: { ...quickTimes, ...options.times },
      wall: options.wall,
      print: (line) => void printed.push(line),
    });
    world.deliverTo(`http://127.0.0.1:${bot.port}`);
  };
  const stop = async (): Promise<void> => {
    const running = bot;
    bot = undefined;
    await running?.stop();
  };
  const ours = (spot: Spot): readonly Said[] =>
    world.said(spot).filter(({ author }) => author.id === world.people.self.id);

  const until = async (
    what: string,
    holds: () => boolean | Promise<boolean>,
    seconds = 15,
  ): Promise<void> => {
    for (const end = Date.now() + seconds * 1_000; Date.now() < end; ) {
      if (await holds()) return;
      await new Promise((next) => setTimeout(next, 40));
    }
    throw new Error(`not within ${seconds} s: ${what}\n${log.slice(-40).join("")}`);
  };

  await start();
  return {
    world,
    agent,
    folder,
    settings,
    bot: () => {
      if (bot === undefined) throw new Error("the bot is stopped");
      return bot;
    },
    log,
    printed,
    start,
    stop,
    ours,
    until,
    told: () =>
      [...agent.protocol.conversations.values()].flatMap(({ events }) =>
        events
          .filter((event) => event["source"] === "user" && event["kind"] === "MessageEvent")
          .map((event) => JSON.stringify(event["llm_message"])),
      ),
    waitFor: async (spot, ...words) => {
      const fits = ({ text }: Said): boolean =>
        words.every((word) => (typeof word === "string" ? text.includes(word) : word.test(text)));
      await until(
        `a post with ${words.join(", ")}; there are:\n${ours(spot)
          .map(({ text }) => text)
          .join("\n---\n")}`,
        () => ours(spot).some(fits),
      );
      const found = ours(spot).find(fits);
      if (found === undefined) throw new Error("gone again");
      return found;
    },
    ask: (spot, text, by = world.people.writer) => world.comment(by, spot, text),
    open: (text = "It is broken.", kind = "issue") =>
      world.open(world.people.writer, kind, { title: "Fix the login", text }),
    runs: async () => {
      if (bot === undefined) throw new Error("the bot is stopped");
      return bot.store.runs({ limit: 1_000 });
    },
    end: async () => {
      await stop();
      await agent.close();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
