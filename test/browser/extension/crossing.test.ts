import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { type RealBot, startRealBot } from "./real-bot.ts";
import { addSite } from "./site-subject.ts";

/** A page of GitHub Enterprise Server with the classic header, standing at the fake forge's own address. */
const html = gitHubPages[0]!.html;

describe.skipIf(!hasChromium)("from the button through the bot to the forge and the agent, and back", () => {
  let bot: RealBot;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    bot = await startRealBot();
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*"] });
    await addSite(browser, `http://${bot.world.host}`, "github");
    page = await browser.context.newPage();
    await page.route(bot.issue.url, (route) => route.fulfill({ contentType: "text/html", body: html }));
  }, 60_000);
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

  it("asks on the issue: the report stands there, the agent got the ask, the panel shows the run to its end", async () => {
    bot.agent.play(() => [
      { do: "terminal", command: "npm test", summary: "Run the tests", output: "1 failed" },
      { do: "finish", message: "Uploads are streamed now." },
    ]);
    await page.bringToFront();
    await page.goto(bot.issue.url);
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    await page.getByRole("menuitem", { name: "Fix this issue" }).click();
    await page.getByText("The report appears on", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("Done: Uploads are streamed now.").waitFor({ timeout: 30_000 });
    const said = bot.world.said(bot.issue).filter(({ author }) => author.id === bot.world.people.self.id);
    expect(said.some(({ text }) => text.includes("Uploads are streamed now."))).toBe(true);
    const told = JSON.stringify([...bot.agent.protocol.conversations.values()].map(({ events }) => events));
    expect(told).toContain("Fix this issue and open a pull request.");
    await page.getByRole("button", { name: "Show status" }).click();
    const panel = page.getByRole("dialog", { name: "Integration status" });
    await panel.getByText("Done", { exact: true }).waitFor();
    expect(await panel.getByText("You may ask here.").isVisible()).toBe(true);
    expect(await panel.getByText("mara", { exact: true }).first().isVisible()).toBe(true);
  });

  it("steers and stops from the panel, and the report says so", async () => {
    bot.agent.play(() => [{ do: "terminal", command: "sleep", summary: "Long work" }, { do: "hang" }]);
    const panel = page.getByRole("dialog", { name: "Integration status" });
    await panel.getByLabel("Follow-up").first().fill("Now the tests, please.");
    await panel.getByRole("button", { name: "Say" }).first().click();
    await expect.poll(() => panel.getByRole("button", { name: "Stop" }).count(), { timeout: 20_000 }).toBe(1);
    await panel.getByRole("button", { name: "Stop" }).click();
    await panel.getByText("Stopped", { exact: true }).first().waitFor({ timeout: 30_000 });
    await expect
      .poll(() => bot.world.said(bot.issue).some(({ text }) => /stopped/i.test(text)), { timeout: 20_000 })
      .toBe(true);
    expect(bot.world.requests.violations).toEqual([]);
  });

  it("tells in the bot's words when a page is not covered", async () => {
    const url = "https://github.com/acme/unknown/issues/1";
    browser.pages.put(url, html);
    await page.goto(url);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill("Anything");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "No connection of this workspace covers" }).waitFor();
  });
});
