import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { type FakeBot, startFakeBot } from "./fake-bot.ts";
import { pair } from "./pair.ts";

const pageOf = (name: string) => {
  const found = gitHubPages.find((page) => page.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

describe.skipIf(!hasChromium)("asking through the bot", () => {
  let bot: FakeBot;
  let browser: Browser;
  let page: Page;

  const open = async (name: string): Promise<void> => {
    const own = pageOf(name);
    browser.pages.put(own.url, own.html);
    await page.bringToFront();
    await page.goto(own.url);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).waitFor();
  };

  beforeAll(async () => {
    bot = await startFakeBot();
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*"] });
    page = await browser.context.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await bot?.server.close();
  });

  it("says what to do when nothing is connected", async () => {
    await open("github issue");
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByText("OpenHands is not connected yet").waitFor();
    expect(await page.getByRole("button", { name: "Connect first" }).isVisible()).toBe(true);
  });

  it("pairs by a code that is approved on the bot's page", async () => {
    await pair(browser, bot);
  });

  it("opens by keyboard, shows exactly what is sent, asks, and shows the run's state with its links", async () => {
    await open("github issue");
    await page.getByRole("button", { name: "Ready-made asks" }).focus();
    await page.keyboard.press("ArrowDown");
    const menu = page.getByRole("menu");
    await menu.waitFor();
    expect(await page.getByRole("menuitem").allTextContents()).toContain("Fix this issue");
    await page.keyboard.press("Enter");
    const box = page.getByLabel("What should OpenHands do?");
    await box.waitFor();
    expect(await box.inputValue()).toBe("Fix this issue and open a pull request.");
    await page.keyboard.type(" Keep it small.");
    const preview = page.getByRole("region", { name: "Exactly what is sent" });
    await expect.poll(() => preview.textContent()).toContain("Keep it small.");
    const shown = await preview.textContent();
    await page.keyboard.press("Control+Enter");
    await page.getByText("Working: Ran the tests: 1 failed").waitFor();
    expect(bot.asks).toHaveLength(1);
    expect(JSON.parse(shown?.slice(shown.indexOf("{")) ?? "")).toEqual(bot.asks[0]);
    expect(await page.getByRole("link", { name: "Open the conversation" }).getAttribute("href")).toBe(
      "https://app.example.com/conversations/7",
    );
    await page.keyboard.press("Escape");
    expect(
      await page.evaluate(() =>
        document.activeElement?.shadowRoot?.activeElement?.getAttribute("aria-label"),
      ),
    ).toBe("Ask OpenHands");
  });

  it("shows the run in the panel, installs the webhook, steers and stops", async () => {
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    await page.getByRole("menuitem", { name: "Integration status" }).click();
    const panel = page.getByRole("dialog", { name: "Integration status" });
    await panel.getByText("You may ask here.").waitFor();
    expect(await panel.getByText("openhands-bot").isVisible()).toBe(true);
    expect(await panel.getByText("missing", { exact: true }).isVisible()).toBe(true);
    await panel.getByRole("button", { name: "Install" }).click();
    await panel.getByText("Installed", { exact: true }).waitFor();
    await panel.getByText("Stream the upload in parts").waitFor();
    await panel.getByLabel("Follow-up").fill("Add a test, too.");
    await panel.getByRole("button", { name: "Say" }).click();
    await expect.poll(() => bot.server.callsTo("/api/v1/runs/:run/say", "POST").length).toBe(1);
    bot.state.runs = bot.state.runs.map((run) => ({
      ...run,
      steps: [{ id: "s2", at: run.queuedAt, text: "Wrote src/upload.js" }],
    }));
    await panel.getByText("Working: Wrote src/upload.js").waitFor({ timeout: 10_000 });
    await panel.getByRole("button", { name: "Stop" }).click();
    await panel.getByText("Stopped by kim.").waitFor();
    await panel.getByRole("button", { name: "Close" }).click();
    expect(await page.locator("ask-openhands-panel").count()).toBe(0);
  });

  it("lets the selection, the lines and the failed job go along", async () => {
    await open("github file with lines");
    await page.getByText("return await work();").selectText();
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByText("Lines 2 to 4 of retry.js").waitFor();
    await page.getByLabel("What should OpenHands do?").fill("Write tests");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await expect
      .poll(() => bot.asks.at(-1)?.context?.map((item) => item.kind))
      .toEqual(["selection", "lines"]);
    expect(bot.asks.at(-1)?.context?.[0]?.text).toContain("return await work();");
    await open("github failed run");
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    await page.getByRole("menuitem", { name: "Fix what failed" }).click();
    await page.getByText("Failed job: unit tests", { exact: true }).waitFor();
    await page.keyboard.press("Control+Enter");
    await expect
      .poll(() => bot.asks.at(-1)?.context?.[0])
      .toMatchObject({ kind: "job", title: "Failed job: unit tests" });
  });

  it("keeps what was written when the bot does not answer, and sends it once afterwards", async () => {
    await open("github issue");
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill("Try this once");
    const before = bot.asks.length;
    bot.server.fail({ path: "/api/v1/workspaces/w1/asks", status: 503, times: 1 });
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: /./ }).waitFor();
    expect(await page.getByLabel("What should OpenHands do?").inputValue()).toBe("Try this once");
    bot.server.recover();
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("Working: Ran the tests: 1 failed").waitFor();
    expect(bot.asks.length).toBe(before + 1);
  });
});
