import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bot, startBot } from "@ask-openhands/bot/compose/start-bot.ts";
import { readSettings } from "@ask-openhands/bot/settings.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Browser } from "../api/browser.ts";
import { everyConnection, partsOf } from "./canaries.ts";
import { echoes, type Mirror, startMirror } from "./mirror.ts";

const publicUrl = "https://bot.test";

let folder: string;
let mirror: Mirror;
let bot: Bot;
let browser: Browser;
let canaries: readonly string[];
let connections: readonly { readonly id: string; readonly platform: string }[];
const lines: string[] = [];

const signIn = async (printed: string): Promise<Browser> => {
  const toBot = (url: URL, init: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${bot.port}${url.pathname}${url.search}`, init);
  const made = new Browser(
    { request: toBot } as unknown as ConstructorParameters<typeof Browser>[0],
    publicUrl,
  );
  await made.call("signIn", { body: { token: /\/sign-in#([\w-]+)/.exec(printed)?.[1] ?? "", name: "Mira" } });
  await made.refresh();
  return made;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "echo-"));
  mirror = await startMirror();
  const every = everyConnection(mirror.url);
  canaries = every.canaries;
  const reading = readSettings(
    {
      DATA_DIR: folder,
      PUBLIC_URL: publicUrl,
      LOG_LEVEL: "debug",
      POLL_EVERY: "5s",
      ALLOWED_HOSTS: new URL(mirror.url).host,
      ...every.variables,
    },
    catalog,
  );
  if ("problems" in reading) throw new Error(reading.problems.map(({ sentence }) => sentence).join("\n"));
  connections = reading.settings.connections.map(({ connection }) => connection);
  let printed = "";
  bot = await startBot({
    settings: { ...reading.settings, port: 0 },
    logTo: { write: (line) => void lines.push(line) },
    print: (line) => {
      printed += line;
    },
  });
  browser = await signIn(printed);
});
afterAll(async () => {
  await bot.stop();
  await mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a person who looks at the page's connections makes the bot ask and show. */
const lookAtAll = async (): Promise<string> => {
  const ask = async (method: string, path: string): Promise<string> =>
    (await browser.request(method, `/api/v1${path}`)).text;
  const answers = await Promise.all(
    connections.map(async ({ id }) =>
      [
        await ask("POST", `/connections/${id}/check`),
        await ask("GET", `/connections/${id}/hooks`),
        await ask("GET", `/connections/${id}/installations`),
        await ask("GET", `/connections/${id}`),
      ].join("\n"),
    ),
  );
  return answers.join("\n");
};

const stored = (): string =>
  readdirSync(folder)
    .filter((name) => name !== "secret.key")
    .map((name) => readFileSync(join(folder, name), "latin1"))
    .join("\n");

const leaks = (text: string): readonly string[] => {
  const found = canaries.flatMap((canary) => partsOf(canary, text));
  return found.slice(0, 3).map((part) => {
    const at = text.indexOf(part);
    return text.slice(Math.max(0, at - 200), at + 60);
  });
};

describe("a server that says back what it was sent", () => {
  it("is asked with every kind of credentials there is", () => {
    expect(connections.length).toBeGreaterThan(11);
    expect(canaries.length).toBeGreaterThan(30);
  });

  it.each(Object.entries(echoes))(
    "makes no secret appear in log, answers and files: %s",
    async (_, how) => {
      mirror.echo(how);
      lines.length = 0;
      const before = mirror.asked();
      await bot.tellTroubles();
      const answers = await lookAtAll();
      expect(mirror.asked() - before).toBeGreaterThan(connections.length);
      expect(leaks(lines.join("")), "the log").toEqual([]);
      expect(leaks(answers), "the answers").toEqual([]);
      expect(leaks(stored()), "the data folder").toEqual([]);
    },
    60_000,
  );
});
