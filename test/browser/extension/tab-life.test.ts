import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { gitLabPages } from "../../fixtures/pages/gitlab.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { contentWorld } from "./content-world.ts";
import { measureScripts } from "./trace.ts";

const issue = gitHubPages[0]!;
const workItem = gitLabPages[0]!;

/** What our script is told of the tab: a headless browser hides none. */
const hide = (hidden: boolean): string =>
  `Object.defineProperty(document, "hidden", { configurable: true, get: () => ${hidden} }); document.dispatchEvent(new Event("visibilitychange")); ""`;

describe.skipIf(!hasChromium)("a tab that stays open", () => {
  let browser: Browser;
  let page: Page;
  let other: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
    browser.pages.put(issue.url, issue.html);
    browser.pages.put(workItem.url, workItem.html);
    other = await browser.context.newPage();
    await other.goto(workItem.url);
    await other.locator("ask-openhands").waitFor();
    page = await browser.context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(issue.url);
    await page.locator("ask-openhands").waitFor();
  });
  afterAll(() => browser?.close());

  /** The page throws its header away and makes another one. */
  const changeHeader = (): Promise<void> =>
    page.evaluate(() => {
      const header = document.querySelector('[data-component="PH_Actions"]');
      if (header !== null)
        header.outerHTML = '<div data-component="PH_Actions"><div class="d-flex"></div></div>';
    });

  it("costs nothing while it is hidden, whatever its page does, and has its button when it is seen again", async () => {
    const world = await contentWorld(page, browser.extensionId);
    await world(hide(true));
    await page.waitForTimeout(500);
    const { calls } = await measureScripts(page, browser.extensionId, async () => {
      await changeHeader();
      await page.waitForTimeout(600);
    });
    expect(calls).toBe(0);
    expect(await page.locator("ask-openhands").count()).toBe(0);
    await world(hide(false));
    await page.locator('ask-openhands[data-anchor="header-actions"]').waitFor();
    expect(await page.locator("ask-openhands").count()).toBe(1);
  });

  it("gets its own site's script when the extension is updated, and still has one button", async () => {
    const injected = await browser.worker.evaluate(async () => {
      const { scripting } = chrome;
      const real = scripting.executeScript.bind(scripting);
      const seen: string[] = [];
      Object.assign(scripting, {
        executeScript: async (injection: chrome.scripting.ScriptInjection<unknown[], unknown>) => {
          const { url } = await chrome.tabs.get(injection.target.tabId);
          seen.push(`${new URL(url ?? "").host} ${"files" in injection ? injection.files : ""}`);
          return real(injection as never);
        },
      });
      const { onInstalled } = chrome.runtime as unknown as {
        readonly onInstalled: { dispatch(details: { readonly reason: string }): void };
      };
      onInstalled.dispatch({ reason: "update" });
      await new Promise((done) => setTimeout(done, 1_000));
      Object.assign(scripting, { executeScript: real });
      return seen.sort();
    });
    expect(injected).toEqual([
      expect.stringMatching(/^github\.com github\.\w+\.js$/),
      expect.stringMatching(/^gitlab\.com gitlab\.\w+\.js$/),
    ]);
    for (const tab of [page, other]) expect(await tab.locator("ask-openhands").count()).toBe(1);
  });

  // A browser that was given its extension on the command line does not start it again, so this is the end of it here.
  it("loses its button without a word when the extension goes away under it", async () => {
    await browser.worker.evaluate(() => void setTimeout(() => chrome.runtime.reload(), 50));
    await expect.poll(() => browser.context.serviceWorkers().length, { timeout: 20_000 }).toBe(0);
    await changeHeader();
    await expect.poll(() => page.locator("ask-openhands").count(), { timeout: 10_000 }).toBe(0);
    await changeHeader();
    await page.waitForTimeout(400);
    expect(await page.locator("ask-openhands").count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
