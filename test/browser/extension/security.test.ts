import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitHubPages } from "../../fixtures/pages/github.ts";
import { attacks } from "./attacks.ts";
import { type Browser, hasChromium, startBrowser } from "./chromium.ts";
import { contentWorld } from "./content-world.ts";
import { canaryToken, type FakeBot, newRun, startFakeBot } from "./fake-bot.ts";
import { forgeries } from "./forgeries.ts";
import { pair } from "./pair.ts";

const issue = gitHubPages[0]!;

describe.skipIf(!hasChromium)("what pages and strangers can reach", () => {
  let bot: FakeBot;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    bot = await startFakeBot();
    browser = await startBrowser({ allowed: ["http://127.0.0.1/*"] });
    await pair(browser, bot);
    page = await browser.context.newPage();
    browser.pages.put(issue.url, issue.html);
    await page.goto(issue.url);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await bot?.server.close();
  });

  /** Opens everything we show in a page, so that all of it can be searched. */
  const showAll = async (): Promise<void> => {
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill("Anything");
    await page.getByText("Exactly what is sent").click();
    await expect
      .poll(() => page.getByRole("region", { name: "Exactly what is sent" }).textContent())
      .toContain("Anything");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    await page.getByRole("menuitem", { name: "Integration status" }).click();
    await page.getByText("You may ask here.").waitFor();
  };

  it("keeps the token out of the page: its documents, shadow roots, globals and storage", async () => {
    await showAll();
    const found = await page.evaluate((canary) => {
      const texts = (root: Document | ShadowRoot): string =>
        [...root.querySelectorAll("*")]
          .map(
            (element) =>
              `${element.outerHTML}${element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.value : ""}${element.shadowRoot === null ? "" : texts(element.shadowRoot)}`,
          )
          .join("\n");
      const globals = Object.getOwnPropertyNames(window).map((name) => {
        try {
          return `${name}=${JSON.stringify((window as unknown as Record<string, unknown>)[name])}`;
        } catch {
          return name;
        }
      });
      const all = [
        texts(document),
        globals.join("\n"),
        JSON.stringify({ ...localStorage }),
        JSON.stringify({ ...sessionStorage }),
        document.cookie,
      ];
      return {
        holds: all.some((text) => text.includes(canary)),
        ours: texts(document).includes("You may ask here."),
        chrome: typeof (window as { chrome?: { storage?: unknown } }).chrome?.storage,
      };
    }, canaryToken);
    expect(found).toEqual({ holds: false, ours: true, chrome: "undefined" });
  });

  it("keeps the token out of the content script's world, which cannot open the storage at all", async () => {
    const world = await contentWorld(page, browser.extensionId);
    const read = await world(`(async () => {
      const say = (work) => Promise.resolve().then(work).then((value) => JSON.stringify(value ?? null), (error) => "refused: " + error.message);
      const globals = Object.getOwnPropertyNames(globalThis).map((name) => { try { return JSON.stringify(globalThis[name]); } catch { return ""; } }).join();
      return JSON.stringify({
        local: await say(() => chrome.storage.local.get(null)),
        session: await say(() => chrome.storage.session.get(null)),
        databases: await say(async () => (await indexedDB.databases()).map(({ name }) => name)),
        globals,
        overview: await say(() => chrome.runtime.sendMessage({ operation: "overview", input: {} })),
        exported: await say(() => chrome.runtime.sendMessage({ operation: "export-settings", input: {} })),
      });
    })()`);
    expect(read).not.toContain(canaryToken);
    const parts = JSON.parse(read) as Record<string, string>;
    expect(parts["local"]).toContain("refused");
    expect(parts["session"]).toContain("refused");
    expect(parts["databases"]).not.toContain("ask-openhands");
    expect(parts["overview"]).toContain('"ok":false');
    expect(parts["exported"]).toContain('"ok":false');
  });

  it("keeps the token sealed in storage, under a key that cannot be taken out", async () => {
    const stored = await browser.worker.evaluate(async () => {
      const local = JSON.stringify(await chrome.storage.local.get(null));
      const session = JSON.stringify(await chrome.storage.session.get(null));
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open("ask-openhands", 1);
        request.onsuccess = () => resolve(request.result);
      });
      const key = await new Promise<CryptoKey>((resolve) => {
        const request = database.transaction("keys").objectStore("keys").get("vault-1");
        request.onsuccess = () => resolve(request.result as CryptoKey);
      });
      const taken = await crypto.subtle.exportKey("raw", key).then(
        () => "taken",
        () => "kept",
      );
      return { local, session, extractable: key.extractable, taken };
    });
    expect(stored.local).toContain("sealed:bot-token");
    expect(stored.local).not.toContain(canaryToken);
    expect(stored.session).not.toContain(canaryToken);
    expect([stored.extractable, stored.taken]).toEqual([false, "kept"]);
  });

  it("gives no secret to its own pages either", async () => {
    const popup = await browser.open("popup.html?tab=1");
    const overview = JSON.stringify(
      await popup.evaluate(() => chrome.runtime.sendMessage({ operation: "overview", input: {} })),
    );
    const exported = JSON.stringify(
      await popup.evaluate(() => chrome.runtime.sendMessage({ operation: "export-settings", input: {} })),
    );
    expect(overview).toContain('"ok":true');
    expect(exported).toContain("ask-openhands-extension-1");
    expect(overview + exported).not.toContain(canaryToken);
    expect(overview + exported).not.toContain("device-code-canary");
    await popup.close();
  });

  it("refuses every forged message from the content script's world, with no effect", async () => {
    const world = await contentWorld(page, browser.extensionId);
    const [asks, calls] = [bot.asks.length, bot.server.calls.length];
    for (const message of forgeries) {
      const answer = await world(
        `chrome.runtime.sendMessage(${JSON.stringify(message)}).then((value) => JSON.stringify(value ?? null), (error) => "error")`,
      );
      expect([message, answer]).toEqual([message, expect.stringContaining('"ok":false')]);
    }
    expect(bot.asks).toHaveLength(asks);
    expect(bot.server.calls).toHaveLength(calls);
    const kept = await browser.worker.evaluate(() =>
      chrome.storage.local.get(["bot", "sites", "agent", "preferences"]),
    );
    expect(kept).toMatchObject({ bot: { workspace: "w1" } });
    expect(kept).not.toHaveProperty("agent");
  });

  it("lets a script on one site touch no run of another", async () => {
    const elsewhere = {
      key: "k1",
      pageUrl: "https://gitlab.com/acme/shop/-/issues/1",
      through: "bot",
      run: newRun("https://gitlab.com/acme/shop/-/issues/1", "Elsewhere", "run-elsewhere"),
    };
    await browser.worker.evaluate((kept) => chrome.storage.local.set({ runs: [kept] }), elsewhere as never);
    const world = await contentWorld(page, browser.extensionId);
    const before = bot.server.calls.filter(({ method }) => method !== "GET").length;
    for (const [operation, more] of [
      ["stop-run", {}],
      ["retry-run", {}],
      ["say-to-run", { text: "Do something else" }],
    ] as const) {
      const message = { operation, input: { url: issue.url, run: "run-elsewhere", ...more } };
      const answer = await world(
        `chrome.runtime.sendMessage(${JSON.stringify(message)}).then((value) => JSON.stringify(value))`,
      );
      expect(answer).toContain('"ok":false');
    }
    const followed = await world(
      `chrome.runtime.sendMessage(${JSON.stringify({ operation: "follow-ask", input: { url: issue.url, key: "k1" } })}).then((value) => JSON.stringify(value))`,
    );
    expect(followed).not.toContain("Elsewhere");
    expect(bot.server.calls.filter(({ method }) => method !== "GET")).toHaveLength(before);
    await browser.worker.evaluate(() => chrome.storage.local.remove("runs"));
  });

  it("cannot be spoken to by a page or another extension", async () => {
    const reached = await page.evaluate(async (id) => {
      const runtime = (
        window as {
          chrome?: { runtime?: { sendMessage?: (id: string, message: unknown) => Promise<unknown> } };
        }
      ).chrome?.runtime;
      if (runtime?.sendMessage === undefined) return "no way to speak";
      return runtime.sendMessage(id, { operation: "overview", input: {} }).then(
        () => "answered",
        () => "refused",
      );
    }, browser.extensionId);
    expect(["no way to speak", "refused"]).toContain(reached);
    const external = await browser.worker.evaluate(
      () =>
        chrome.runtime.onMessageExternal.hasListeners() || chrome.runtime.onConnectExternal.hasListeners(),
    );
    expect(external).toBe(false);
    const opened = await page.evaluate(
      (id) =>
        fetch(`chrome-extension://${id}/popup.html`).then(
          () => "read",
          () => "refused",
        ),
      browser.extensionId,
    );
    expect(opened).toBe("refused");
  });

  it("does nothing for clicks and words that a script of the page makes", async () => {
    await page.reload();
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).waitFor();
    const asks = bot.asks.length;
    await page.evaluate(() =>
      document.querySelector("ask-openhands")?.shadowRoot?.querySelector<HTMLElement>("button.main")?.click(),
    );
    expect(await page.getByLabel("What should OpenHands do?").count()).toBe(0);
    await page.getByRole("button", { name: "Ask OpenHands", exact: true }).click();
    await page.getByLabel("What should OpenHands do?").fill("What I want");
    await page.evaluate(() => {
      const root = document.querySelector("ask-openhands")?.shadowRoot;
      const text = root?.querySelector("textarea");
      if (text) text.value = "Something evil";
      root?.querySelector("form")?.requestSubmit();
      root?.querySelector<HTMLElement>("button[type=submit]")?.click();
      text?.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByText("The page changed your text, so nothing was sent.").waitFor();
    expect(await page.getByLabel("What should OpenHands do?").inputValue()).toBe("What I want");
    expect(bot.asks).toHaveLength(asks);
    await page.keyboard.press("Escape");
  });

  it("shows hostile words of pages, bot and agent as words", async () => {
    expect(attacks.length).toBeGreaterThanOrEqual(100);
    const url = "https://github.com/acme/shop/issues/43";
    const run = newRun(url, attacks.join(" "));
    const steps = attacks.map((text, index) => ({ id: `s${index}`, at: run.queuedAt, text }));
    bot.state.runs = [...attacks.entries()].map(([index, text]) => ({
      ...run,
      id: `x${index}`,
      request: text,
      steps: steps.slice(index, index + 1),
      question: text,
      conversationUrl: text,
      reportUrl: text,
      outcome: { reason: "error", hint: text, summary: text },
    }));
    const title = attacks.map((text) => text.replaceAll("<", "&lt;")).join(" ");
    browser.pages.put(url, issue.html.replaceAll("Large uploads time out", title));
    let executed = 0;
    await page.exposeFunction("executed", () => {
      executed += 1;
    });
    page.on("dialog", (dialog) => {
      executed += 1;
      void dialog.dismiss();
    });
    await page.goto(url);
    await page.getByRole("button", { name: "Ready-made asks" }).click();
    await page.getByRole("menuitem", { name: "Integration status" }).click();
    await expect.poll(() => page.locator("ask-openhands-panel article").count()).toBe(attacks.length);
    const links = await page
      .locator("ask-openhands-panel a, ask-openhands a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
    expect(links.filter((href) => !/^https?:/.test(href))).toEqual([]);
    expect(
      await page.locator("ask-openhands-panel").locator("img, iframe, script, object, embed").count(),
    ).toBe(0);
    await page.waitForTimeout(300);
    expect(executed).toBe(0);
  });
});
