import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineTimes, usualTimes } from "@ask-openhands/bot/engine/engine-deps.ts";
import { readSettings, type Settings } from "@ask-openhands/bot/settings.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import type { PlatformSubject, PlatformWorld, Said, Sent, Spot } from "../contracts/platform-subject.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../fakes/openhands-server/server.ts";
import { agentConnection } from "../flows/flow.ts";
import { type BotProcess, startBotProcess } from "./bot-process.ts";

export interface ProcessWorld {
  readonly world: PlatformWorld;
  readonly agent: FakeAgentServer;
  readonly folder: string;
  start(databaseUrl?: string, change?: Partial<Settings>, clockOff?: number): Promise<BotProcess>;
  ours(spot: Spot): readonly Said[];
  until(what: string, holds: () => boolean | Promise<boolean>, seconds?: number): Promise<void>;
  end(): Promise<void>;
}

/** A key that several processes share. */
const sharedKey = "c2hhcmVkIGtleSBvZiB0ZXN0cyBvbmx5LCAzMiBieXQ=";

export const sendTo = async (port: number, { method, path, headers, bytes }: Sent): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers,
    body: new Uint8Array(bytes),
  });
  await response.text();
  return response.status;
};

/** A loopback world for bots in processes of their own: a platform's fake, an agent server's fake, a data folder. */
export const startProcessWorld = async (
  subject: PlatformSubject,
  times: Partial<EngineTimes> = {},
  unbudgeted = false,
): Promise<ProcessWorld> => {
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-processes-"));
  const world = await subject.start();
  const agent = await startFakeAgentServer();
  const running = new Set<BotProcess>();
  const [hears] = world.connections;
  if (hears === undefined) throw new Error("the world has no connection");

  const settingsFor = (databaseUrl: string | undefined, change: Partial<Settings>): Settings => {
    const reading = readSettings(
      {
        DATA_DIR: folder,
        PUBLIC_URL: "https://bot.test",
        SECRET_KEY: sharedKey,
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      },
      catalog,
    );
    if ("problems" in reading) throw new Error(reading.problems.map(({ sentence }) => sentence).join("\n"));
    return {
      ...reading.settings,
      port: 0,
      workspace: { runsPerPerson: "100", runsPerWorkspace: "100" },
      ...change,
      connections: [
        { ...hears, connection: { ...hears.connection, owner: { kind: "workspace", id: "main" } } },
        agentConnection(agent),
      ],
    };
  };

  return {
    world,
    agent,
    folder,
    start: async (databaseUrl, change = {}, clockOff = 0) => {
      const bot = await startBotProcess({
        settings: settingsFor(databaseUrl, change),
        times: { ...usualTimes, request: 1_000, lease: 3_000, unreachable: 20_000, ...times },
        clockOff,
        unbudgeted,
      });
      running.add(bot);
      return bot;
    },
    ours: (spot) => world.said(spot).filter(({ author }) => author.id === world.people.self.id),
    until: async (what, holds, seconds = 30) => {
      for (const end = Date.now() + seconds * 1_000; Date.now() < end; ) {
        if (await holds()) return;
        await new Promise((next) => setTimeout(next, 50));
      }
      throw new Error(
        `not within ${seconds} s: ${what}\n${[...running].map((bot) => bot.log().slice(-4_000)).join("\n---\n")}`,
      );
    },
    end: async () => {
      await Promise.all([...running].map((bot) => bot.kill()));
      await agent.close();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
