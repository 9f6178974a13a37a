import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { ownPages, ownServers, selfManaged } from "../../fixtures/pages/own-pages.ts";
import { askByKeyboard, openOwn } from "./ask-by-keyboard.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { connectDirectly } from "./pair.ts";
import { addSite, noteButton } from "./site-subject.ts";

const all = [...ownPages, ...ownServers.map(({ page }) => page)];

describe.skipIf(!hasChromium)("asking OpenHands directly on every kind of page", () => {
  let agent: FakeAgentServer;
  let browser: Browser;
  let page: Page;
  let panel: Locator;

  beforeAll(async () => {
    agent = await startFakeAgentServer({ pace: 0.2 });
    agent.play(() => [{ do: "finish", message: "Uploads are streamed now." }]);
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*", "https://*/*"] });
    for (const [address, product] of selfManaged) await addSite(browser, address, product);
    for (const { address, product } of ownServers) await addSite(browser, address, product);
    const popup = await connectDirectly(browser, {
      kind: "server",
      address: agent.fake.url,
      key: agent.key,
      modelKey: "model-key",
    });
    await popup.getByText("Connected to", { exact: false }).waitFor();
    await popup.close();
    page = await browser.context.newPage();
    await page.addInitScript(noteButton);
    panel = page.getByRole("dialog", { name: "Integration status" });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await agent?.close();
  });

  it.each(all.map((own) => [own.name, own] as const))(
    "%s: button, keyboard, ask, state in the panel",
    async (name, own) => {
      const before = agent.fake.callsTo("/api/conversations", "POST").length;
      const words = `(asked on the ${name})`;
      await openOwn(browser, page, own);
      await askByKeyboard(page, { rows: own.rows !== undefined, words, goes: "Goes straight to OpenHands" });
      const started = agent.fake.callsTo("/api/conversations", "POST").slice(before);
      expect(started).toHaveLength(1);
      const sent = JSON.stringify(started[0]?.json);
      expect(sent).toContain(words);
      // Rows ask about the ticket that their link leads to.
      expect(sent).toContain(own.rows === undefined ? own.url : `/browse/${own.label}`);
      await page.getByRole("button", { name: "Show status" }).click();
      await panel.getByText("You may ask here.").waitFor();
      const run = panel.getByRole("article").filter({ hasText: words });
      await run
        .getByText(/^(?:Starting|Working|Done)$/)
        .first()
        .waitFor();
    },
  );

  it("lists the last ten runs in the popup, and asked the agent server nothing that it does not know", async () => {
    const popup = await browser.open("popup.html");
    await popup.getByRole("tab", { name: "Runs" }).click();
    await popup.getByRole("article").first().waitFor();
    expect(await popup.getByRole("article").count()).toBe(10);
    await popup.close();
    const { violations, unrouted } = agent.fake;
    expect({ violations, unrouted }).toEqual({ violations: [], unrouted: [] });
  });
});
