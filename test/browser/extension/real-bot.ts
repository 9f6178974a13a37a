import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBot } from "@ask-openhands/bot/compose/start-bot.ts";
import { readSettings } from "@ask-openhands/bot/settings.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import type { Spot } from "../../contracts/platform-subject.ts";
import { startGitHubWorld } from "../../contracts/subjects/github.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { agentConnection, quickTimes } from "../../flows/flow.ts";

/** The whole bot with a fake forge and a fake agent, and one person signed in whose account there is linked. */
export interface RealBot {
  readonly url: string;
  readonly world: Awaited<ReturnType<typeof startGitHubWorld>>;
  readonly agent: FakeAgentServer;
  readonly issue: Spot;
  readonly log: readonly string[];
  /** The person approves a code on the bot's page. */
  approve(code: string): Promise<void>;
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

export const startRealBot = async (): Promise<RealBot> => {
  const folder = await mkdtemp(join(tmpdir(), "ask-openhands-crossing-"));
  const world = await startGitHubWorld();
  const agent = await startFakeAgentServer({ pace: 0.2 });
  const reading = readSettings(
    { DATA_DIR: folder, LOG_LEVEL: "debug", PUBLIC_URL: "https://bot.test" },
    catalog,
  );
  const [hears] = world.connections;
  if ("problems" in reading || hears === undefined) throw new Error("The settings of the test are wrong.");
  const [log, printed]: [string[], string[]] = [[], []];
  const bot = await startBot({
    settings: {
      ...reading.settings,
      port: 0,
      connections: [
        { ...hears, connection: { ...hears.connection, owner: { kind: "workspace", id: "main" } } },
        agentConnection(agent),
      ],
    },
    logTo: { write: (line) => void log.push(line) },
    times: quickTimes,
    print: (line) => void printed.push(line),
  });
  const url = `http://127.0.0.1:${bot.port}`;
  world.deliverTo(url);
  const link = /https:\/\/\S+/.exec(printed.find((line) => line.includes("sign-in#")) ?? "")?.[0];
  if (link === undefined) throw new Error(`The bot printed no sign-in link: ${printed.join("\n")}`);
  const call = await signIn(url, link);
  const writer = world.github.state.users.find(({ id }) => String(id) === world.people.writer.id);
  if (writer === undefined) throw new Error("The fake has no writer.");
  const token = `ghp_${"w".repeat(36)}`;
  world.github.access.tokens.set(token, { kind: "token", user: writer, scopes: "repo" });
  await call("POST", "/me/connections", {
    platform: "github",
    kind: "token",
    host: world.host,
    settings: { apiUrl: `${world.github.http.url}/api/v3` },
    secrets: { token },
  });
  const issue = await world.open(world.people.writer, "issue", {
    title: "Large uploads time out",
    text: "Since last week.",
  });
  return {
    url,
    world,
    agent,
    issue,
    log,
    approve: async (code) => void (await call("POST", `/device/pairings/${code}`, { approve: true })),
    close: async () => {
      await bot.stop();
      await agent.close();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
