import { existsSync } from "node:fs";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, findBroken, zipOf } from "../../../extension/scripts/build.ts";
import { bitbucketPages } from "../../fixtures/pages/bitbucket.ts";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { gitLabPages } from "../../fixtures/pages/gitlab.ts";
import { jiraPages } from "../../fixtures/pages/jira.ts";
import { type PageServer, startPageServer } from "./page-server.ts";

const firefoxPath = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";

const first = [gitHubPages[0]!, gitLabPages[0]!, bitbucketPages[0]!, jiraPages[0]!];

describe.skipIf(!existsSync(firefoxPath))("Firefox", () => {
  let browser: Browser;
  let pages: PageServer;
  let page: Page;

  beforeAll(async () => {
    const folder = ensureBuilt("firefox-mv3");
    expect(findBroken(folder)).toEqual([]);
    pages = await startPageServer();
    browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: firefoxPath,
      headless: true,
      acceptInsecureCerts: true,
      extraPrefsFirefox: {
        // Every host answers from our page server: a proxy that is a plain forward to loopback.
        "network.dns.forceResolve": "127.0.0.1",
        "network.socket.forcePort": `443=${pages.port}`,
        "network.proxy.type": 0,
        "network.stricttransportsecurity.preloadlist": false,
        "security.cert_pinning.enforcement_level": 0,
      },
    });
    await browser.installExtension(folder);
    page = await browser.newPage();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });

  it("has a package to install", () => {
    expect(existsSync(zipOf("firefox-mv3"))).toBe(true);
  });

  it.each(first.map((own) => [own.name, own] as const))(
    "shows the button on a page: %s",
    async (_name, own) => {
      pages.put(own.url, own.html, { "content-security-policy": "default-src 'none'" });
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      // The set-up page of a first start stands in front; a page that nobody sees gets no button.
      await page.bringToFront();
      await page.goto(own.url);
      const host = await page.waitForSelector("ask-openhands", { timeout: 10_000 });
      expect(await host?.evaluate((element) => element.getAttribute("data-anchor"))).toBe(own.anchor);
      const box = await host?.boundingBox();
      expect(box?.height ?? 0).toBeGreaterThan(20);
      const color = await host?.evaluate((element) => {
        const main = element.shadowRoot?.querySelector(".main");
        return main ? getComputedStyle(main).backgroundColor : "";
      });
      // Our style sheet counts although the page's policy allows none.
      expect(color).toBe("rgb(242, 239, 253)");
      expect(errors.filter((text) => !text.includes("Content-Security-Policy"))).toEqual([]);
    },
  );

  it("opens menu and panel, whose bundle comes into the page only now", async () => {
    await page.bringToFront();
    await page.goto(first[0]!.url);
    const more = await page.waitForSelector("ask-openhands >>> button.more", { timeout: 10_000 });
    await more?.click();
    const status = await page.waitForSelector(
      "ask-openhands >>> .menu button[role=menuitem]:nth-last-child(2)",
      { timeout: 5_000 },
    );
    expect(await status?.evaluate((item) => item.textContent)).toBe("Integration status");
    await status?.click();
    await expect
      .poll(
        () =>
          page.evaluate(
            () =>
              document.querySelector("ask-openhands-panel")?.shadowRoot?.querySelector(".body")?.textContent,
          ),
        { timeout: 10_000 },
      )
      .toContain("OpenHands is not connected yet.");
  });
});
