import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { connectDirectly } from "./pair.ts";

const issue = gitHubPages[0]!;

describe.skipIf(!hasChromium)("asking OpenHands directly, without a bot", () => {
  let agent: FakeAgentServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    agent = await startFakeAgentServer({ pace: 0.2 });
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*"] });
    page = await browser.context.newPage();
    browser.pages.put(issue.url, issue.html);
  });
  afterAll(async () => {
    await browser?.close();
    await agent?.close();
  });

  const connect = (key: string): Promise<Page> =>
    connectDirectly(browser, { kind: "server", address: agent.fake.url, key, modelKey: "model-key-canary" });

  it("says at once when the key is wrong, and keeps nothing", async () => {
    const popup = await connect("wrong-key");
    await popup.getByRole("alert").waitFor();
    expect(await browser.worker.evaluate(() => chrome.storage.local.get("agent"))).toEqual({});
    await popup.close();
  });

  it("connects with address, key and model", async () => {
    const popup = await connect(agent.key);
    await popup.getByText("Connected to", { exact: false }).waitFor();
    expect(await popup.getByText("Direct", { exact: true }).isVisible()).toBe(true);
    expect(JSON.stringify(await browser.worker.evaluate(() => chrome.storage.local.get(null)))).not.toMatch(
      /fake-session-key|model-key-canary/,
    );
    await popup.close();
  });

  it("starts a conversation with what the preview showed, and shows the run from start to end", async () => {
    await page.bringToFront();
    await page.goto(issue.url);
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    await page.getByRole("menuitem", { name: "Fix this issue" }).click();
    await page.getByText("Goes straight to OpenHands", { exact: false }).waitFor();
    const preview = page.getByRole("region", { name: "Exactly what is sent" });
    await expect.poll(() => preview.textContent()).toContain("https://github.com/acme/shop/issues/42");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("Done", { exact: false }).first().waitFor({ timeout: 20_000 });
    const [started] = agent.fake.callsTo("/api/conversations", "POST");
    const sent = JSON.stringify(started?.json);
    expect(sent).toContain("Fix this issue and open a pull request.");
    expect(sent).toContain("https://github.com/acme/shop/issues/42");
    expect(agent.fake.violations).toEqual([]);
  });

  it("shows the run in the panel and goes on in the same conversation", async () => {
    const before = agent.fake.callsTo("/api/conversations", "POST").length;
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    await page.getByRole("menuitem", { name: "Integration status" }).click();
    const panel = page.getByRole("dialog", { name: "Integration status" });
    await panel.getByText("You may ask here.").waitFor();
    await panel.getByText("Done", { exact: true }).waitFor();
    agent.play(() => [{ do: "finish", message: "Added the test." }]);
    await panel.getByLabel("Follow-up").fill("Add a test.");
    await panel.getByRole("button", { name: "Say" }).click();
    await panel.getByText("Added the test.", { exact: false }).waitFor({ timeout: 20_000 });
    expect(agent.fake.callsTo("/api/conversations", "POST")).toHaveLength(before);
    await panel.getByRole("button", { name: "Close" }).click();
  });

  it("tells in words that OpenHands does not answer, and keeps the run", async () => {
    agent.fake.fail({ drop: true, times: Number.POSITIVE_INFINITY });
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill("Anything");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("Failed:", { exact: false }).waitFor({ timeout: 45_000 });
    agent.fake.recover();
  });
});
