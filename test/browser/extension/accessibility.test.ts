import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { jiraPages } from "../../fixtures/pages/jira.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { type FakeBot, newRun, startFakeBot } from "./fake-bot.ts";
import { pair } from "./pair.ts";

const issue = gitHubPages[0]!;
const themes = ["light", "dark"] as const;

describe.skipIf(!hasChromium)("accessibility", () => {
  let bot: FakeBot;
  let browser: Browser;

  beforeAll(async () => {
    bot = await startFakeBot();
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*"] });
    await pair(browser, bot);
  });
  afterAll(async () => {
    await browser?.close();
    await bot?.server.close();
  });

  const setTheme = async (theme: (typeof themes)[number]): Promise<void> => {
    const options = await browser.open("options.html");
    await options.evaluate((input) => chrome.runtime.sendMessage({ operation: "save-preferences", input }), {
      theme,
    });
    await options.close();
  };

  /** Serious and critical findings of axe inside what is ours. */
  const findings = async (page: Page, within: string): Promise<readonly string[]> => {
    const builder = new AxeBuilder({ page }).include(within);
    // A page of its own per check is opened by the builder otherwise, which a browser with an extension does not allow.
    const { violations } = await builder.setLegacyMode(true).analyze();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  };

  const openIssue = async (theme: (typeof themes)[number]): Promise<Page> => {
    await setTheme(theme);
    bot.state.runs = [
      newRun(issue.url, "Fix this issue"),
      {
        ...newRun(issue.url, "Explain", "run-2"),
        state: "failed",
        outcome: { reason: "error", hint: "The model refused." },
        may: { stop: false, retry: true, say: true },
      },
    ];
    bot.state.hook = "failed";
    const page = await browser.context.newPage();
    browser.pages.put(
      issue.url,
      theme === "dark" ? issue.html.replace('data-color-mode="light"', 'data-color-mode="dark"') : issue.html,
    );
    await page.goto(issue.url);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).waitFor();
    return page;
  };

  it.each(themes)("of button, menu, box and panel has no serious finding in the %s theme", async (theme) => {
    const page = await openIssue(theme);
    expect(await findings(page, "ask-openhands")).toEqual([]);
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    expect(await findings(page, "ask-openhands")).toEqual([]);
    await page.getByRole("menuitem", { name: "Fix this issue" }).click();
    await page.getByText("Goes to your bot", { exact: false }).waitFor();
    expect(await findings(page, "ask-openhands")).toEqual([]);
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("Working: Ran the tests: 1 failed").waitFor();
    expect(await findings(page, "ask-openhands")).toEqual([]);
    await page.getByRole("button", { name: "Show status" }).click();
    await page.getByText("You may ask here.").waitFor();
    expect(await findings(page, "ask-openhands-panel")).toEqual([]);
    await page.close();
  });

  it.each(themes)("of a row's button, menu and box has no serious finding in the %s theme", async (theme) => {
    await setTheme(theme);
    const list = jiraPages.find(({ name }) => name === "jira cloud list")!;
    const mode = `data-color-mode="${theme}"`;
    browser.pages.put(list.url, list.html.replace('data-color-mode="light"', mode));
    const page = await browser.context.newPage();
    await page.goto(list.url);
    await page.getByRole("button", { name: "Ask OpenHands about SHOP-43" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menu").waitFor();
    expect(await findings(page, "ask-openhands-row")).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByText("The report appears on SHOP-43", { exact: false }).waitFor();
    expect(await findings(page, "ask-openhands-row")).toEqual([]);
    await page.close();
  });

  it.each(themes)("of popup and options has no serious finding in the %s theme", async (theme) => {
    await setTheme(theme);
    const popup = await browser.open("popup.html");
    for (const tab of ["Ask", "Runs", "Connect"]) {
      await popup.getByRole("tab", { name: tab }).click();
      for (const summary of await popup.locator("summary").all()) await summary.click();
      expect([tab, await findings(popup, "main")]).toEqual([tab, []]);
    }
    await popup.close();
    const options = await browser.open("options.html");
    await options.getByRole("heading", { name: "Sites" }).waitFor();
    expect(await findings(options, "main")).toEqual([]);
    await options.close();
  });

  it("lets the keyboard reach and leave everything in a page, with a focus that can be seen", async () => {
    const page = await openIssue("light");
    const focus = () =>
      page.evaluate(() => {
        const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
        const style = inner === null ? undefined : getComputedStyle(inner);
        return {
          name: inner?.getAttribute("aria-label") ?? inner?.textContent ?? "",
          outline: style === undefined ? "" : `${style.outlineStyle} ${style.outlineWidth}`,
        };
      });
    for (let n = 0; n < 20 && (await focus()).name !== "Ask OpenHands"; n += 1)
      await page.keyboard.press("Tab");
    expect(await focus()).toEqual({ name: "Ask OpenHands", outline: "solid 2px" });
    await page.keyboard.press("Tab");
    expect((await focus()).name).toBe("Ready-made asks");
    await page.keyboard.press("Enter");
    expect((await focus()).name).toBe("Fix this issue");
    await page.keyboard.press("End");
    expect((await focus()).name).toBe("Connections and settings");
    await page.keyboard.press("ArrowDown");
    expect((await focus()).name).toBe("Fix this issue");
    await page.keyboard.press("e");
    expect((await focus()).name).toBe("Explain the cause");
    await page.keyboard.press("Escape");
    expect((await focus()).name).toBe("Ready-made asks");
    expect(await page.getByRole("menu").count()).toBe(0);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("i");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Integration status" }).waitFor();
    await page.getByText("You may ask here.").waitFor();
    await page.keyboard.press("Tab");
    expect((await focus()).name).toBe("Refresh");
    await page.keyboard.press("Escape");
    expect(await page.locator("ask-openhands-panel").count()).toBe(0);
    await page.close();
  });

  it("keeps single letters typed into the box away from the page's own shortcuts", async () => {
    const page = await openIssue("light");
    await page.evaluate(() => {
      Object.assign(window, { heard: 0 });
      document.addEventListener("keydown", () =>
        Object.assign(window, { heard: (window as unknown as { heard: number }).heard + 1 }),
      );
    });
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.keyboard.type("st/g");
    expect(await page.evaluate(() => (window as unknown as { heard: number }).heard)).toBe(0);
    await page.close();
  });
});
