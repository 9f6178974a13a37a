import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBot } from "@ask-openhands/bot/compose/start-bot.ts";
import { readSettings } from "@ask-openhands/bot/settings.ts";
import type { LinkView } from "@ask-openhands/core/api/types.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import type { PlatformSubject, PlatformWorld, SeededConnection } from "../../contracts/platform-subject.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { agentConnection, quickTimes } from "../../flows/flow.ts";

/** A platform's fake that a bot talks to as the server at `at`: pages stand there, the API's own address is the fake's. */
export interface Site {
  readonly subject: PlatformSubject;
  /** Address of the site; what the fake says of itself when absent. */
  readonly at?: string | undefined;
}

export interface SiteWorld {
  readonly world: PlatformWorld;
  /** Host with context path, as the bot's connection names it. */
  readonly host: string;
  /** The address at which people see what the fake calls `url`. */
  pageOf(url: string): string;
}

/** The whole bot with a fake of every site and a fake agent, and one person signed in. */
export interface RealBot {
  readonly url: string;
  /** By the platform's id. */
  readonly sites: ReadonlyMap<string, SiteWorld>;
  readonly agent: FakeAgentServer;
  readonly log: readonly string[];
  /** The person approves a code on the bot's page. */
  approve(code: string): Promise<void>;
  /** The text that proves an account at this site, when the account writes it there as a comment. */
  proofAt(platform: string): Promise<string>;
  /** Accounts that are proven to be the person's, by host. */
  accounts(): Promise<ReadonlyMap<string, LinkView>>;
  close(): Promise<void>;
}

/** A person's browser on the bot's own page, as far as the API sees it. */
const signIn = async (url: string, link: string) => {
  const response = await fetch(`${url}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token: new URL(link).hash.slice(1), name: "Mara" }),
  });
  const session = (await response.json()) as { readonly csrfToken?: string; readonly detail?: string };
  if (!response.ok) throw new Error(`Signing in: ${session.detail}`);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return async (method: string, path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", cookie, "x-csrf-token": session.csrfToken ?? "" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
};

const startSite = async ({ subject, at }: Site): Promise<SiteWorld> => {
  const world = await subject.start();
  const own = `http://${world.host}`;
  const address = at ?? own;
  return {
    world,
    host: address.replace(/^https?:\/\//, ""),
    pageOf: (url) => url.replace(own, address),
  };
};

const firstConnection = ({ world, host }: SiteWorld): SeededConnection => {
  const [hears] = world.connections;
  if (hears === undefined) throw new Error("The fake has no connection.");
  const { connection, secrets } = hears;
  return { connection: { ...connection, host, owner: { kind: "workspace", id: "main" } }, secrets };
};

const hostsOf = ({ connections }: PlatformWorld): readonly string[] =>
  connections
    .flatMap(({ connection }) => Object.values(connection.settings))
    .flatMap((value) => (URL.canParse(value) ? [new URL(value).host] : []));

/** Tickets name no repository: their project's is the first code host's. */
const roomsOf = (sites: readonly SiteWorld[]): string => {
  const code = sites.find(({ world }) => world.repository !== undefined);
  // With its host: several code hosts may have a repository of this name.
  const repository = `${code?.host}/${code?.world.repository}`;
  const rooms = new Set(sites.flatMap(({ world }) => world.room ?? []));
  return [...rooms].map((room) => `${room}=${repository}`).join(", ");
};

export const startRealBot = async (asked: readonly Site[]): Promise<RealBot> => {
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-crossing-"));
  const sites = new Map<string, SiteWorld>();
  for (const site of asked) sites.set(site.subject.id, await startSite(site));
  const agent = await startFakeAgentServer({ pace: 0.2 });
  const reading = readSettings(
    { DATA_DIR: folder, LOG_LEVEL: "debug", PUBLIC_URL: "https://bot.test" },
    catalog,
  );
  if ("problems" in reading) throw new Error("The settings of the test are wrong.");
  const rooms = roomsOf([...sites.values()]);
  const [log, printed]: [string[], string[]] = [[], []];
  const bot = await startBot({
    settings: {
      ...reading.settings,
      port: 0,
      // A site's real address is elsewhere in a test.
      allowedHosts: [...sites.values()].flatMap(({ world }) => hostsOf(world)),
      workspace: { defaultRepositories: rooms, openChannels: rooms },
      connections: [...[...sites.values()].map(firstConnection), agentConnection(agent)],
    },
    logTo: { write: (line) => void log.push(line) },
    times: quickTimes,
    print: (line) => void printed.push(line),
  });
  const url = `http://127.0.0.1:${bot.port}`;
  for (const { world } of sites.values()) world.deliverTo(url);
  const link = /https:\/\/\S+/.exec(printed.find((line) => line.includes("sign-in#")) ?? "")?.[0];
  if (link === undefined) throw new Error(`The bot printed no sign-in link: ${printed.join("\n")}`);
  const call = await signIn(url, link);
  return {
    url,
    sites,
    agent,
    log,
    approve: async (code) => void (await call("POST", `/device/pairings/${code}`, { approve: true })),
    proofAt: async (platform) => {
      const id = sites.get(platform)?.world.connections[0]?.connection.id;
      const answer = (await call("POST", `/connections/${id}/link`, undefined)) as { readonly code: string };
      return answer.code;
    },
    accounts: async () => {
      const { links } = (await call("GET", "/me", undefined)) as { readonly links: readonly LinkView[] };
      return new Map(links.map((one) => [one.host, one]));
    },
    close: async () => {
      await bot.stop();
      await agent.close();
      for (const { world } of sites.values()) await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
