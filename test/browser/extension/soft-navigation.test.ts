import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";

const views = {
  "/acme/shop/issues/42":
    '<h1>Large uploads</h1><div data-component="PH_Actions"><div class="d-flex"><button>Edit</button></div></div>',
  "/acme/shop/pull/57":
    '<h1>Stream uploads</h1><div data-component="PH_Actions"><div class="d-flex"><button>Code</button></div></div>',
  "/acme/shop/issues": "<h1>Issues</h1><ul><li>Large uploads</li></ul>",
} as const;

type Path = keyof typeof views;

const headings: Readonly<Record<Path, string>> = {
  "/acme/shop/issues/42": "Large uploads",
  "/acme/shop/pull/57": "Stream uploads",
  "/acme/shop/issues": "Issues",
};

/** A small page that navigates like the real one: the address first, then the content, with elements thrown away and made anew. */
const app = `<!doctype html><html data-color-mode="light"><head><meta property="og:site_name" content="GitHub"></head><body><main></main><script>
  const views = ${JSON.stringify(views)};
  const show = () => { document.querySelector("main").outerHTML = "<main>" + (views[location.pathname] ?? "") + "</main>"; };
  window.go = (path) => { history.pushState({}, "", path); setTimeout(show, 5); };
  addEventListener("popstate", () => setTimeout(show, 5));
  show();
</script></body></html>`;

interface Counts {
  readonly nodes: number;
  readonly jsEventListeners: number;
  /** Bytes of the page's own world and of ours. */
  readonly heap: number;
}

/** What 50 rounds may leave in the engine's own tables and caches; one button kept by each round would be far more. */
const noise = 512 * 1024;

const count = async (session: CDPSession): Promise<Counts> => {
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return { nodes, jsEventListeners, heap: usedSize };
};

describe.skipIf(!hasChromium)("in-page navigation", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await startBrowser();
    for (const path of Object.keys(views)) browser.pages.put(`https://github.com${path}`, app);
    page = await browser.context.newPage();
    await page.goto("https://github.com/acme/shop/issues/42");
  });
  afterAll(() => browser?.close());

  const expectButton = async (path: Path, on: boolean): Promise<void> => {
    await page.waitForFunction(
      ([want, heading]) =>
        location.pathname === want && document.querySelector("h1")?.textContent === heading,
      [path, headings[path]] as const,
    );
    await expect
      .poll(() => page.locator('ask-openhands[data-anchor="header-actions"]').count(), { interval: 10 })
      .toBe(on ? 1 : 0);
    expect(await page.locator("ask-openhands").count()).toBe(on ? 1 : 0);
  };

  const go = (path: Path): Promise<void> =>
    page.evaluate((to) => (window as unknown as { go(path: string): void }).go(to), path);

  const round = async (): Promise<void> => {
    await go("/acme/shop/pull/57");
    await expectButton("/acme/shop/pull/57", true);
    await go("/acme/shop/issues");
    await expectButton("/acme/shop/issues", false);
    await page.evaluate(() => history.back());
    await expectButton("/acme/shop/pull/57", true);
    await page.evaluate(() => history.back());
    await expectButton("/acme/shop/issues/42", true);
  };

  it("keeps exactly one button on each page that has one and none elsewhere, 50 times round, and leaves nothing behind", {
    timeout: 120_000,
  }, async () => {
    const session = await browser.context.newCDPSession(page);
    await expectButton("/acme/shop/issues/42", true);
    for (let n = 0; n < 5; n += 1) await round();
    const before = await count(session);
    for (let n = 0; n < 50; n += 1) await round();
    const after = await count(session);
    expect(after.jsEventListeners).toBeLessThanOrEqual(before.jsEventListeners + 2);
    expect(after.nodes).toBeLessThanOrEqual(before.nodes + 20);
    expect(after.heap).toBeLessThanOrEqual(before.heap + noise);
  });

  it("asks for the page that is shown now, not for the one before", async () => {
    await go("/acme/shop/pull/57");
    await expectButton("/acme/shop/pull/57", true);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByRole("heading", { name: "Ask OpenHands #57" }).waitFor();
  });

  it("puts the button back when the page throws its header away, and floats when there is none", async () => {
    await page.evaluate(() => {
      const main = document.querySelector("main");
      if (main !== null) main.innerHTML = "<h1>Nothing we know</h1>";
    });
    await page.locator('ask-openhands[data-anchor="floating"]').waitFor();
    await page.evaluate((html) => {
      const main = document.querySelector("main");
      if (main !== null) main.innerHTML = html;
    }, views["/acme/shop/pull/57"]);
    await page.locator('ask-openhands[data-anchor="header-actions"]').waitFor();
    expect(await page.locator("ask-openhands").count()).toBe(1);
  });

  it("follows the page's theme", async () => {
    const theme = () => page.locator("ask-openhands").getAttribute("data-theme");
    await page.evaluate(() => document.documentElement.setAttribute("data-color-mode", "dark"));
    await expect.poll(theme).toBe("dark");
    await page.evaluate(() => document.documentElement.setAttribute("data-color-mode", "light"));
    await expect.poll(theme).toBe("light");
  });
});
