import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import type { OwnPage } from "../../fixtures/pages/own-page.ts";
import { ownPages, selfManaged } from "../../fixtures/pages/own-pages.ts";
import { type Browser, startBrowser } from "./chromium.ts";
import { newRun, startFakeBot } from "./fake-bot.ts";
import { pair } from "./pair.ts";
import { addSite } from "./site-subject.ts";

/** Pictures for README and stores, taken from the running extension on pages written for this project. */
const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../docs/images");

/** One page of each site, named after its picture. */
const sites: readonly (readonly [picture: string, page: string])[] = [
  ["github", "github pull request"],
  ["gitlab", "gitlab merge request"],
  ["bitbucket-cloud", "bitbucket cloud pull request"],
  ["bitbucket-data-center", "bitbucket data center pull request"],
  ["jira-cloud", "jira cloud ticket"],
  ["jira-data-center", "jira data center ticket"],
];

const pageNamed = (name: string): OwnPage => {
  const found = ownPages.find((page) => page.name === name);
  if (found === undefined) throw new Error(`There is no page named ${name}.`);
  return found;
};

const shoot = async (
  page: Page,
  name: string,
  clip?: { x: number; y: number; width: number; height: number },
): Promise<void> => {
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled", ...(clip && { clip }) });
  process.stdout.write(`docs/images/${name}.png\n`);
};

const open = async (browser: Browser, page: Page, own: OwnPage): Promise<void> => {
  browser.pages.put(own.url, own.html);
  await page.goto(own.url);
  await page.getByRole("button", { name: "Ask OpenHands", exact: true }).waitFor();
};

const setTheme = async (browser: Browser, theme: "light" | "dark"): Promise<void> => {
  const options = await browser.open("options.html");
  await options.evaluate((input) => chrome.runtime.sendMessage({ operation: "save-preferences", input }), {
    theme,
  });
  await options.close();
};

/** Room for the panel beside the page, so that one picture shows both. */
const makeRoom = (page: Page) => page.addStyleTag({ content: "main { margin: 0; max-width: 790px; }" });

/** Button and panel on one page of a site, and the popup beside it. */
const shootSite = async (browser: Browser, page: Page, picture: string, own: OwnPage): Promise<void> => {
  await open(browser, page, own);
  await makeRoom(page);
  await page.getByRole("button", { name: "Ready-made asks" }).click();
  await page.getByRole("menuitem", { name: "Integration status" }).click();
  await page.getByText("You may ask here.").waitFor();
  await shoot(page, `site-${picture}`, { x: 0, y: 0, width: 1280, height: 440 });
  const popup = await browser.open("popup.html");
  await popup.setViewportSize({ width: 400, height: 600 });
  // The popup speaks of the tab in front, which is the site's page when a person opens it from the toolbar.
  await page.bringToFront();
  await popup.reload();
  await popup.getByText("You may ask here.").waitFor();
  await popup.bringToFront();
  await shoot(popup, `popup-${picture}`);
  await popup.close();
};

/** The small buttons in a list's rows. */
const shootRows = async (browser: Browser, page: Page): Promise<void> => {
  const own = pageNamed("jira cloud list");
  browser.pages.put(own.url, own.html);
  await page.goto(own.url);
  await page.getByRole("button", { name: "Ask OpenHands about SHOP-42" }).click();
  await page.getByRole("menu").waitFor();
  await shoot(page, "rows-jira-cloud", { x: 0, y: 0, width: 1280, height: 440 });
};

const parts = async (browser: Browser, page: Page, theme: "light" | "dark"): Promise<void> => {
  await setTheme(browser, theme);
  const own = pageNamed("github issue");
  const html =
    theme === "dark" ? own.html.replace('data-color-mode="light"', 'data-color-mode="dark"') : own.html;
  await open(browser, page, { ...own, html });
  const clip = { x: 0, y: 0, width: 1280, height: 560 };
  await page.getByRole("button", { name: "Ready-made asks" }).click();
  await shoot(page, `menu-${theme}`, clip);
  await page.getByRole("menuitem", { name: "Fix this issue" }).click();
  await page.getByText("Goes to your bot", { exact: false }).waitFor();
  await shoot(page, `ask-${theme}`, clip);
  await page.keyboard.press("Escape");
  await makeRoom(page);
  await page.getByRole("button", { name: "Ready-made asks" }).click();
  await page.getByRole("menuitem", { name: "Integration status" }).click();
  await page.getByText("You may ask here.").waitFor();
  await shoot(page, `panel-${theme}`);
};

const ownSurfaces = async (browser: Browser, theme: "light" | "dark"): Promise<void> => {
  for (const name of ["Runs", "Connect"]) {
    const popup = await browser.open("popup.html");
    await popup.setViewportSize({ width: 400, height: 600 });
    await popup.getByRole("tab", { name }).click();
    await popup.waitForTimeout(300);
    await shoot(popup, `popup-${name.toLowerCase()}-${theme}`);
    await popup.close();
  }
  const options = await browser.open("options.html");
  await options.getByRole("list", { name: "Connections" }).waitFor();
  await shoot(options, `options-${theme}`);
  await options.close();
};

const bot = await startFakeBot();
const browser = await startBrowser({ allowed: ["http://127.0.0.1/*", "https://*/*"] });
try {
  mkdirSync(folder, { recursive: true });
  // A name instead of a port that is another one each time.
  browser.pages.forward("bot.example.com", bot.server.url);
  await pair(browser, bot, "https://bot.example.com");
  for (const [address, product] of selfManaged) await addSite(browser, address, product);
  const page = await browser.context.newPage();
  const issue = gitHubPages[0];
  if (issue !== undefined) {
    await open(browser, page, issue);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill("Fix this issue and open a pull request.");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("Working: Ran the tests: 1 failed").waitFor();
    bot.state.runs = [newRun(issue.url, "Fix this issue and open a pull request.")];
  }
  bot.state.hook = "missing";
  await setTheme(browser, "light");
  for (const [picture, name] of sites) await shootSite(browser, page, picture, pageNamed(name));
  await shootRows(browser, page);
  for (const theme of ["light", "dark"] as const) {
    await parts(browser, page, theme);
    await ownSurfaces(browser, theme);
  }
} finally {
  await browser.close();
  await bot.server.close();
}
