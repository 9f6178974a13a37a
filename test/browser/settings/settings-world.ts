import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bot, startBot } from "@ask-openhands/bot/compose/start-bot.ts";
import { readSettings } from "@ask-openhands/bot/settings.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { ensurePage } from "../../../extension/scripts/build-page.ts";
import { chromiumPath } from "../extension/chromium.ts";
import { freePort } from "./free-port.ts";

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

interface ViewOptions {
  readonly dark?: boolean | undefined;
  readonly viewport?: Viewport | undefined;
}

interface WorldOptions {
  /** Further variables that an operator sets; `url` is the bot's own address. */
  readonly environment?: (url: string) => Promise<Readonly<Record<string, string>>>;
}

export interface SettingsWorld {
  readonly bot: Bot;
  readonly url: string;
  readonly browser: Browser;
  readonly folder: string;
  /** The first sign-in link, as the bot printed it. */
  readonly link: string;
  /** Lines of the log so far. */
  readonly log: readonly string[];
  /** What our pages said on the console as errors: broken scripts, and everything that the content policy stopped. `close` throws when there are any. */
  readonly complaints: string[];
  /** The bot's address as this machine reaches it, where only its name is known. */
  reach(address: string): string;
  /** A browser of its own: other cookies, other person. */
  newContext(options?: ViewOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** Addresses of the page: every section, and of the integrations one of each look. */
export const sections = [
  "/integrations",
  "/integrations/github",
  "/integrations/gitlab",
  "/integrations/bitbucket-cloud",
  "/integrations/bitbucket-dc",
  "/integrations/jira-cloud",
  "/integrations/jira-dc",
  "/integrations/openhands",
  "/integrations/slack",
  "/activity",
  "/secrets",
  "/members",
  "/devices",
  "/workspace",
  "/audit",
  "/account",
  "/pair",
];

/** Refused requests are part of the tests and are told by the page itself; the opener policy counts only under https. */
const isExpected = (text: string): boolean =>
  text.startsWith("Failed to load resource") ||
  text.startsWith("The Cross-Origin-Opener-Policy header has been ignored");

/** The real bot with its built page and an empty data folder, and Debian's Chromium. */
export const startSettingsWorld = async ({
  environment = async () => ({}),
}: WorldOptions = {}): Promise<SettingsWorld> => {
  await ensurePage();
  const folder = mkdtempSync(join(tmpdir(), "ask-openhands-settings-"));
  const port = await freePort();
  // A name of its own: real servers refuse webhooks to loopback addresses. It is no secure context, as behind many company proxies.
  const url = `http://bot.test:${port}`;
  const reading = readSettings(
    {
      ...(await environment(url)),
      DATA_DIR: folder,
      LOG_LEVEL: "info",
      PUBLIC_URL: url,
      HOST: "127.0.0.1",
      PORT: String(port),
    },
    catalog,
  );
  if ("problems" in reading) throw new Error(reading.problems.map(({ sentence }) => sentence).join("\n"));
  const log: string[] = [];
  const printed: string[] = [];
  const bot = await startBot({
    settings: reading.settings,
    logTo: { write: (line) => void log.push(line) },
    print: (line) => void printed.push(line),
  });
  const link = /https?:\S+/.exec(printed.join("\n"))?.[0];
  if (link === undefined) throw new Error("the bot printed no sign-in link");
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP bot.test 127.0.0.1"],
  });
  const complaints: string[] = [];
  return {
    bot,
    url,
    browser,
    folder,
    link,
    log,
    complaints,
    reach: (address) => address.replace(url, `http://127.0.0.1:${port}`),
    newContext: async ({ dark, viewport } = {}) => {
      const context = await browser.newContext({
        baseURL: url,
        ignoreHTTPSErrors: true,
        colorScheme: dark === true ? "dark" : "light",
        viewport: viewport ?? { width: 1280, height: 900 },
      });
      context.setDefaultTimeout(15_000);
      context.on("console", (message) => {
        const isOurs = message.location().url === "" || message.location().url.startsWith(url);
        if (message.type() === "error" && isOurs && !isExpected(message.text()))
          complaints.push(message.text());
      });
      context.on("weberror", (error) => complaints.push(error.error().message));
      return context;
    },
    close: async () => {
      await browser.close();
      await bot.stop();
      rmSync(folder, { recursive: true, force: true });
      if (complaints.length > 0) throw new Error(`The pages complained:\n${complaints.join("\n")}`);
    },
  };
};

/** A second person of the workspace, by an invitation that the first one makes on the page. */
export const invite = async (
  world: SettingsWorld,
  host: Page,
  name: string,
  role: "Member" | "Maintainer",
): Promise<Page> => {
  await host.goto("/members");
  const form = host.getByRole("form", { name: "New invitation" });
  await form.getByLabel("For whom").fill(name);
  await form.getByLabel("Role").selectOption({ label: role });
  await form.getByRole("button", { name: "Make an invitation link" }).click();
  const link = await host.getByLabel("Invitation link", { exact: true }).inputValue();
  const guest = await (await world.newContext()).newPage();
  await enter(guest, link, name);
  return guest;
};

/** A section with its content; who opens as many in as short a time as tests do is asked to wait now and then, which is no section. */
export const showSection = async (page: Page, path: string): Promise<void> => {
  for (let tries = 0; tries < 10; tries += 1) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator(".skeleton").first().waitFor({ state: "detached" });
    if ((await page.getByText("Too many requests").count()) === 0) break;
    await page.waitForTimeout(3_000);
  }
  await page.locator("main#content h1").waitFor();
};

/** Opens the printed link as a newcomer and goes in. */
export const enter = async (page: Page, link: string, name: string): Promise<void> => {
  await page.goto(link);
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
};
