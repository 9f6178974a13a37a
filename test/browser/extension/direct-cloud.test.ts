import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeCloud, startFakeCloud } from "../../fakes/openhands-cloud/cloud.ts";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { connectDirectly } from "./pair.ts";

const issue = gitHubPages[0]!;

describe.skipIf(!hasChromium)("asking OpenHands Cloud directly, without a bot", () => {
  let cloud: FakeCloud;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    cloud = await startFakeCloud({ pace: 0.2, lag: 300, phase: 200, limited: true });
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*"] });
    page = await browser.context.newPage();
    browser.pages.put(issue.url, issue.html);
  });
  afterAll(async () => {
    await browser?.close();
    await cloud?.close();
  });

  const connect = (key: string): Promise<Page> =>
    connectDirectly(browser, { kind: "cloud", address: cloud.fake.url, key });

  it("says at once when the key is wrong, and keeps nothing", async () => {
    const popup = await connect("wrong-key");
    await popup.getByRole("alert").waitFor();
    expect(await browser.worker.evaluate(() => chrome.storage.local.get("agent"))).toEqual({});
    await popup.close();
  });

  it("connects with address and key, and stores the key sealed", async () => {
    const popup = await connect(cloud.key);
    await popup.getByText("Connected to", { exact: false }).waitFor();
    const stored = await browser.worker.evaluate(() => chrome.storage.local.get(null));
    expect(JSON.stringify(stored)).not.toContain(cloud.key);
    await popup.close();
  });

  it("starts one conversation on the page's repository, and shows the run from its preparation to its end", async () => {
    cloud.play(() => [
      { do: "terminal", command: "npm test", summary: "Run the tests", output: "1 failed" },
      { do: "finish", message: "Uploads are streamed now." },
    ]);
    await page.bringToFront();
    await page.goto(issue.url);
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    await page.getByRole("menuitem", { name: "Fix this issue" }).click();
    await page.getByText("Goes straight to OpenHands", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("Done: Uploads are streamed now.").waitFor({ timeout: 40_000 });
    expect(cloud.starts).toBe(1);
    const [started] = cloud.fake.callsTo("/api/v1/app-conversations", "POST");
    expect(started?.json).toMatchObject({ selected_repository: "acme/shop" });
    const sent = JSON.stringify(started?.json);
    expect(sent).toContain("Fix this issue and open a pull request.");
    expect(sent).toContain(issue.url);
    const link = await page.getByRole("link", { name: "Open the conversation" }).getAttribute("href");
    expect(link?.startsWith(`${cloud.fake.url}/conversations/`)).toBe(true);
  });

  it("goes on in the same conversation from the panel, and stops it", async () => {
    await page.getByRole("button", { name: "Show status" }).click();
    const panel = page.getByRole("dialog", { name: "Integration status" });
    await panel.getByText("Done", { exact: true }).waitFor();
    cloud.play(() => [{ do: "terminal", command: "sleep", summary: "Long work" }, { do: "hang" }]);
    await panel.getByLabel("Follow-up").fill("Now the long work, please.");
    await panel.getByRole("button", { name: "Say" }).click();
    await panel.getByText("Long work", { exact: false }).first().waitFor({ timeout: 40_000 });
    expect(cloud.starts).toBe(1);
    await panel.getByRole("button", { name: "Stop" }).click();
    await panel.getByText("Stopped", { exact: true }).first().waitFor({ timeout: 40_000 });
    expect(cloud.fake.violations).toEqual([]);
    expect(cloud.fake.unrouted).toEqual([]);
  });
});
