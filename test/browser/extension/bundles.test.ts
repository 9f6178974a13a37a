import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { describe, expect, it } from "vitest";
import { ensureBuilt, findBroken, targets } from "../../../extension/scripts/build.ts";
import { ownPages, selfManaged } from "../../fixtures/pages/own-pages.ts";
import { hasChromium, startBrowser } from "./chromium.ts";
import { addSite } from "./site-subject.ts";

const firefoxPath = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";

const scriptsOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));

describe.each(targets)("the build for %s", (target) => {
  it("keeps its promises about permissions, hosts and size", () => {
    expect(findBroken(ensureBuilt(target))).toEqual([]);
  });

  it("runs no text as code and loads no code from elsewhere", () => {
    const folder = ensureBuilt(target);
    for (const name of scriptsOf(folder)) {
      const text = readFileSync(join(folder, name), "utf8");
      expect([name, text.match(/\beval\(|new Function\(|importScripts\(|import\(\s*["'`]https?:/g)]).toEqual([
        name,
        null,
      ]);
    }
    for (const page of ["popup.html", "options.html"]) {
      expect(readFileSync(join(folder, page), "utf8")).not.toMatch(/<script[^>]+src="?https?:/);
    }
  });
});

describe.skipIf(!hasChromium)("in Chromium, every bundle loads without an error", () => {
  it("background, popup, options, panel and the content script of each site", async () => {
    const browser = await startBrowser({ allowed: ["https://*/*"] });
    const errors: string[] = [];
    try {
      browser.context.on("weberror", (error) => errors.push(error.error().message));
      browser.context.on("console", (message) => {
        if (message.type() === "error" && message.location().url.includes(browser.extensionId))
          errors.push(message.text());
      });
      for (const [address, product] of selfManaged) await addSite(browser, address, product);
      for (const path of ["popup.html", "options.html", "popup.html?tab=1"] as const) {
        const page = await browser.open(path);
        await page.getByRole("heading").first().waitFor();
        await page.close();
      }
      const page = await browser.context.newPage();
      for (const prefix of [
        "github",
        "gitlab",
        "bitbucket cloud",
        "bitbucket data",
        "jira cloud",
        "jira data",
      ]) {
        const own = ownPages.find(({ name }) => name.startsWith(prefix))!;
        browser.pages.put(own.url, own.html);
        await page.goto(own.url);
        await page.getByRole("button", { name: "Ready-made asks" }).click();
        await page.getByRole("menuitem", { name: "Integration status" }).click();
        await page.getByRole("heading", { name: "Integration status" }).waitFor();
      }
      const worker = await browser.worker.evaluate(() => chrome.runtime.getManifest().name);
      expect(worker).toBe("Ask OpenHands");
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});

describe.skipIf(!existsSync(firefoxPath))("in Firefox, every bundle loads without an error", () => {
  it("background, popup and options", { timeout: 120_000 }, async () => {
    const folder = ensureBuilt("firefox-mv3");
    const uuid = crypto.randomUUID();
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: firefoxPath,
      headless: true,
      // Without it Firefox lets nobody see an extension's pages from outside.
      args: ["--remote-allow-system-access"],
      extraPrefsFirefox: {
        "extensions.webextensions.uuids": JSON.stringify({ "ask-openhands@extension": uuid }),
      },
    });
    try {
      await browser.installExtension(folder);
      // The options show their sections only after the background has answered: it runs, reads its storage and its vault.
      for (const [path, shown] of [
        ["popup.html", "Straight to OpenHands"],
        ["options.html", "Add your own servers here."],
      ] as const) {
        const page = await browser.newPage();
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(String(error)));
        // Firefox tells no end of loading for such a page, so its content says when it is there.
        void page.goto(`moz-extension://${uuid}/${path}`, { timeout: 0 }).catch(() => undefined);
        const text = () => page.evaluate(() => document.body?.textContent ?? "").catch(() => "");
        await expect.poll(text, { timeout: 20_000, interval: 200 }).toContain(shown);
        expect(errors).toEqual([]);
      }
    } finally {
      await browser.close();
    }
  });
});
