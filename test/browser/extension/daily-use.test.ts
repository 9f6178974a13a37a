import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { type FakeBot, startFakeBot } from "./fake-bot.ts";
import { pair } from "./pair.ts";

const issue = gitHubPages[0]!;

/**
 * A headless browser draws no notification, menu or toolbar and hears no keys of its own. What it would do is done by its own events
 * (`onClicked`, `onCommand`, `onAlarm`) in the extension's worker; what it was told is read back from it.
 */
describe.skipIf(!hasChromium)("daily use", () => {
  let bot: FakeBot;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    bot = await startFakeBot();
    browser = await startBrowser({
      allowed: ["http://127.0.0.1/*", "https://*/*"],
      given: ["notifications"],
    });
    await pair(browser, bot);
    page = await browser.context.newPage();
    browser.pages.put(issue.url, issue.html);
    await page.goto(issue.url);
  });
  afterAll(async () => {
    await browser?.close();
    await bot?.server.close();
  });

  const badge = () => browser.worker.evaluate(() => chrome.action.getBadgeText({}));

  /** The alarm that wakes the worker, without waiting half a minute for it. */
  const wake = () =>
    browser.worker.evaluate(() => {
      const { onAlarm } = chrome.alarms as unknown as {
        readonly onAlarm: { dispatch(alarm: { readonly name: string }): void };
      };
      onAlarm.dispatch({ name: "runs" });
    });

  const endRuns = (): void => {
    bot.state.runs = bot.state.runs.map((run) => ({
      ...run,
      state: "done",
      endedAt: run.queuedAt,
      outcome: { reason: "finished", summary: "Uploads are streamed." },
      may: { stop: false, retry: false, say: true },
    }));
  };

  const ask = async (text: string): Promise<void> => {
    await page.bringToFront();
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill(text);
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("Working: Ran the tests: 1 failed").waitFor();
    await page.keyboard.press("Escape");
  };

  /** Ids of the notifications that stand now. */
  const notices = () =>
    browser.worker.evaluate(
      () =>
        new Promise<string[]>((told) => chrome.notifications.getAll((all) => told(Object.keys(all).sort()))),
    );

  const notify = async (on: boolean): Promise<void> => {
    const options = await browser.open("options.html");
    await options.getByLabel("Tell me when a run that I asked for ends").click();
    await expect
      .poll(
        async () =>
          (await browser.worker.evaluate(() => chrome.storage.local.get("preferences")))["preferences"],
      )
      .toMatchObject({ notify: on });
    await options.close();
  };

  it("counts live runs on the toolbar, and stops counting and looking when they have ended", async () => {
    await ask("Fix it");
    await expect.poll(badge).toBe("1");
    expect(await browser.worker.evaluate(() => chrome.alarms.get("runs"))).toMatchObject({ name: "runs" });
    endRuns();
    await wake();
    await expect.poll(badge).toBe("");
    expect(await browser.worker.evaluate(() => chrome.alarms.get("runs"))).toBeUndefined();
    const [kept] = (await browser.worker.evaluate(() => chrome.storage.local.get("runs")))["runs"] as {
      readonly told?: boolean;
    }[];
    expect(kept?.told).toBe(true);
  });

  it("tells once that a run has ended, and a click on that opens its place", async () => {
    expect(await notices()).toEqual(["run-run-1"]);
    await wake();
    await expect.poll(notices).toEqual(["run-run-1"]);
    const opened = browser.context.waitForEvent("page");
    await browser.worker.evaluate(() => {
      const { onClicked } = chrome.notifications as unknown as {
        readonly onClicked: { dispatch(id: string): void };
      };
      onClicked.dispatch("run-run-1");
    });
    const place = await opened;
    expect(place.url()).toBe(issue.url);
    await place.close();
    await expect.poll(notices).toEqual([]);
  });

  it("tells nothing when the person switched that off in the options", async () => {
    await notify(false);
    await ask("Fix it again");
    endRuns();
    await wake();
    await expect.poll(badge).toBe("");
    expect(await notices()).toEqual([]);
    await notify(true);
  });

  it("has its items in the context menu, and a shortcut that the browser knows", async () => {
    const known = await browser.worker.evaluate(async () => {
      // There is no list of items to read; only one that exists can be updated.
      const exists = (id: string) =>
        new Promise<boolean>((told) =>
          chrome.contextMenus.update(id, {}, () => told(chrome.runtime.lastError === undefined)),
        );
      return {
        selection: await exists("ask-about-selection"),
        link: await exists("ask-about-link"),
        other: await exists("no-such-item"),
        keys: (await chrome.commands.getAll()).find(({ name }) => name === "open-ask")?.shortcut,
      };
    });
    expect(known).toEqual({ selection: true, link: true, other: false, keys: "Alt+Shift+O" });
  });

  it("opens the box from the context menu and from the keyboard shortcut", async () => {
    const tabId = await browser.worker.evaluate(
      async (url) => (await chrome.tabs.query({ url }))[0]?.id,
      `${issue.url}*`,
    );
    const open = page.getByLabel("What should OpenHands do?");
    await browser.worker.evaluate((id) => {
      const { onClicked } = chrome.contextMenus as unknown as {
        readonly onClicked: { dispatch(info: object, tab: object): void };
      };
      onClicked.dispatch({ menuItemId: "ask-about-selection" }, { id });
    }, tabId);
    await open.waitFor();
    await page.keyboard.press("Escape");
    await browser.worker.evaluate((id) => {
      const { onCommand } = chrome.commands as unknown as {
        readonly onCommand: { dispatch(command: string, tab: object): void };
      };
      onCommand.dispatch("open-ask", { id });
    }, tabId);
    await open.waitFor();
    await page.keyboard.press("Escape");
  });

  it("opens what a link leads to, with the box open", async () => {
    const opened = browser.context.waitForEvent("page");
    await browser.worker.evaluate((linkUrl) => {
      const { onClicked } = chrome.contextMenus as unknown as {
        readonly onClicked: { dispatch(info: object, tab: object): void };
      };
      onClicked.dispatch({ menuItemId: "ask-about-link", linkUrl }, {});
    }, `${issue.url}?from=board`);
    const next = await opened;
    await next.getByLabel("What should OpenHands do?").waitFor();
    await next.close();
  });

  it("shows in the options how the bot's connections stand, and leads to each section of its settings page", async () => {
    const options = await browser.open("options.html");
    const rows = options.getByRole("list", { name: "Connections" }).getByRole("listitem");
    await rows.first().waitFor();
    expect(await rows.allTextContents()).toEqual([
      "GitHub github.com as openhands-botConnectedOpen acme",
      "Jira Cloud acme.atlassian.netProblemOpen ticketsThe server does not accept this token. Enter a new one.",
    ]);
    expect(await rows.getByRole("link").last().getAttribute("href")).toBe(
      `${bot.server.url}/integrations/jira-cloud`,
    );
    const links = await options
      .getByRole("list", { name: "Sections" })
      .getByRole("link")
      .evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
    const routes = readFileSync(new URL("../../../extension/src/settings/app.tsx", import.meta.url), "utf8");
    expect(links).toHaveLength(7);
    for (const path of links) expect(routes).toContain(`<Route path="${path}"`);
    await options.close();
  });

  it("adds and removes a server, and takes settings along without secrets", async () => {
    const options = await browser.open("options.html");
    await options.getByLabel("Address of the server").fill("gitlab.example.com");
    await options.getByLabel("What runs there").selectOption("gitlab");
    await options.getByRole("button", { name: "Add site" }).click();
    await options.getByText("https://gitlab.example.com").waitFor();
    const [exported] = await Promise.all([
      options.waitForEvent("download"),
      options.getByRole("button", { name: "Export" }).click(),
    ]);
    const path = await exported.path();
    const text = readFileSync(path, "utf8");
    expect(JSON.parse(text)).toMatchObject({
      format: "ask-openhands-extension-1",
      bot: bot.server.url,
      sites: [{ address: "https://gitlab.example.com", product: "gitlab" }],
    });
    expect(text).not.toContain("canary");
    await options.getByRole("button", { name: "Remove https://gitlab.example.com" }).click();
    await expect.poll(() => options.getByText("https://gitlab.example.com").count()).toBe(0);
    expect(
      await browser.worker.evaluate(
        async () => (await chrome.scripting.getRegisteredContentScripts()).length,
      ),
    ).toBe(0);
    await options
      .getByLabel("Import a file")
      .setInputFiles({ name: "settings.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await options.getByText("https://gitlab.example.com").waitFor();
    await options
      .getByLabel("Import a file")
      .setInputFiles({ name: "x.json", mimeType: "application/json", buffer: Buffer.from('{"bot":1}') });
    await options.getByText("holds no settings of this extension", { exact: false }).waitFor();
    await options.close();
  });

  it("forgets the bot here and there", async () => {
    const popup = await browser.open("popup.html?tab=1");
    await popup.getByRole("button", { name: "Unpair" }).click();
    await popup.getByLabel("Address of the bot").waitFor();
    expect(bot.server.callsTo("/api/v1/me/devices/d1", "DELETE")).toHaveLength(1);
    expect(JSON.stringify(await browser.worker.evaluate(() => chrome.storage.local.get(null)))).not.toContain(
      "sealed:",
    );
    await popup.close();
  });
});
