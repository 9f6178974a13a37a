import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everySubject } from "../../contracts/every-subject.ts";
import type { Spot } from "../../contracts/platform-subject.ts";
import { startFakeJira } from "../../fakes/jira/start.ts";
import { ownPages } from "../../fixtures/pages/own-pages.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { type RealBot, type SiteWorld, startRealBot } from "./real-bot.ts";
import { addSite } from "./site-subject.ts";

interface Crossing {
  readonly platform: string;
  /** Where people see a public site; a server that a person adds stands at the fake's own address. */
  readonly at?: string | undefined;
  /** Name of the page that is served there, and how its menu begins. */
  readonly page: string;
  readonly ask: string;
  readonly text: string;
}

const issue = { ask: "Fix this issue", text: "Fix this issue and open a" };
const review = { ask: "Address the review", text: "Address the open review comments on this pull request" };
const ticket = { ask: "Work on this ticket", text: "Do what this ticket asks for and open a" };

const crossings: readonly Crossing[] = [
  { platform: "github", page: "github issue", ...issue },
  { platform: "gitlab", at: "https://gitlab.com", page: "gitlab work item", ...issue },
  {
    platform: "bitbucket-cloud",
    at: "https://bitbucket.org",
    page: "bitbucket cloud pull request",
    ...review,
  },
  { platform: "bitbucket-dc", page: "bitbucket data center pull request", ...review },
  { platform: "jira-cloud", page: "jira cloud ticket", ...ticket },
  { platform: "jira-dc", page: "jira data center ticket", ...ticket },
];

/** Servers that the extension does not know by their host. */
const added = new Set(["github", "bitbucket-dc", "jira-dc"]);

const pageNamed = (name: string) => {
  const found = ownPages.find((page) => page.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

// Deliveries of Jira name their site, so the fake itself must call itself by the real one.
const startJiraCloud = () => startFakeJira("cloud", { site: "https://acme.atlassian.net" });

const subjects = (await everySubject())
  .filter(({ id }) => crossings.some(({ platform }) => platform === id))
  .map((subject) => (subject.id === "jira-cloud" ? { ...subject, start: startJiraCloud } : subject));

describe.skipIf(!hasChromium)("from the button through the bot to the site and the agent, and back", () => {
  let bot: RealBot;
  let browser: Browser;
  let page: Page;

  const siteOf = (platform: string): SiteWorld => {
    const site = bot.sites.get(platform);
    if (site === undefined) throw new Error(platform);
    return site;
  };

  beforeAll(async () => {
    bot = await startRealBot(
      subjects.map((subject) => ({
        subject,
        at: crossings.find(({ platform }) => platform === subject.id)?.at,
      })),
    );
    bot.agent.play((message) =>
      message.includes("long work")
        ? [{ do: "terminal", command: "sleep", summary: "Long work" }, { do: "hang" }]
        : [
            { do: "terminal", command: "npm test", summary: "Run the tests", output: "1 failed" },
            { do: "finish", message: "Uploads are streamed now." },
          ],
    );
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*", "https://*/*"] });
    page = await browser.context.newPage();
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await bot?.close();
  });

  it("pairs with the bot by a code", async () => {
    const popup = await browser.open("popup.html?tab=1");
    await popup.getByLabel("Address of the bot").fill(bot.url);
    await popup.getByRole("button", { name: "Pair" }).click();
    const code = await popup.locator(".code").textContent();
    await bot.approve(code ?? "");
    await popup.getByRole("heading", { name: "Your bot", exact: true }).waitFor({ timeout: 20_000 });
    expect(await popup.getByText("Mara").isVisible()).toBe(true);
    await popup.close();
  });

  describe.each(crossings)("$platform", ({ platform, page: name, ask, text }) => {
    let site: SiteWorld;
    let spot: Spot;
    let panel: Locator;

    const ours = (): readonly string[] =>
      site.world
        .said(spot)
        .filter(({ author }) => author.id === site.world.people.self.id)
        .map((said) => said.text);

    /** Conversations that this ask began. */
    const told = (): number =>
      [...bot.agent.protocol.conversations.values()].filter(({ events }) =>
        JSON.stringify(events).includes(text),
      ).length;

    it("links the account that writes the proof there", async () => {
      site = siteOf(platform);
      panel = page.getByRole("dialog", { name: "Integration status" });
      const kind = subjects.find(({ id }) => id === platform)?.kinds[0] ?? "issue";
      const { writer } = site.world.people;
      spot = await site.world.open(writer, kind, {
        title: "Large uploads time out",
        text: "Since last week.",
      });
      // Elsewhere than the ask, whose place shall show one run only.
      const aside = await site.world.open(writer, kind, { title: "My account", text: "For a proof." });
      await site.world.comment(writer, aside, await bot.proofAt(platform));
      const linked = async () => (await bot.accounts()).get(site.host);
      await expect.poll(async () => (await linked())?.accountId, { timeout: 20_000 }).toBe(writer.id);
      if (added.has(platform)) await addSite(browser, new URL(site.pageOf(spot.url)).origin, platform);
    });

    it("shows the button, opens by keyboard and asks: the report stands there, the agent got the ask", async () => {
      const url = site.pageOf(spot.url);
      const { html, anchor } = pageNamed(name);
      browser.pages.put(url, html);
      // The page server speaks TLS; a server on this machine has no certificate.
      if (url.startsWith("http:"))
        await page.route(url, (route) => route.fulfill({ contentType: "text/html", body: html }));
      await page.bringToFront();
      await page.goto(url);
      await page.locator(`ask-openhands[data-anchor="${anchor}"]`).waitFor();
      await page.getByRole("button", { name: "Ready-made asks" }).focus();
      await page.keyboard.press("ArrowDown");
      await page.getByRole("menuitem", { name: ask }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByLabel("What should OpenHands do?").waitFor();
      await page.getByText("The report appears on", { exact: false }).waitFor();
      const before = told();
      await page.keyboard.press("Control+Enter");
      await page.getByText("Done: Uploads are streamed now.").waitFor({ timeout: 30_000 });
      expect(ours().join("\n")).toContain("Uploads are streamed now");
      expect(told()).toBe(before + 1);
    });

    it("shows who asks and the run's end in the panel, goes on, stops, and the report says so", async () => {
      await page.getByRole("button", { name: "Show status" }).click();
      await panel.getByText("Done", { exact: true }).waitFor();
      expect(await panel.getByText("You may ask here.").isVisible()).toBe(true);
      const { name: account } = site.world.people.writer;
      await panel.getByText(account, { exact: true }).first().waitFor();
      await panel.getByLabel("Follow-up").first().fill("Now the long work, please.");
      await panel.getByRole("button", { name: "Say" }).first().click();
      await panel.getByText("Long work", { exact: false }).first().waitFor({ timeout: 40_000 });
      await panel.getByRole("button", { name: "Stop" }).click();
      await panel.getByText("Stopped", { exact: true }).first().waitFor({ timeout: 30_000 });
      await expect.poll(() => ours().some((said) => /stopped/i.test(said)), { timeout: 30_000 }).toBe(true);
      expect(site.world.requests.violations).toEqual([]);
    });
  });

  it("tells in the bot's words when a page is not covered", async () => {
    const url = "https://other.atlassian.net/browse/SHOP-1";
    browser.pages.put(url, pageNamed("jira cloud ticket").html);
    await page.goto(url);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill("Anything");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "No connection of this workspace covers" }).waitFor();
  });
});
