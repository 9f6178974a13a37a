import type { Page } from "playwright-core";
import type { SiteCase, SiteLook, SiteSubject } from "../../contracts/site.ts";
import type { Browser } from "./chromium.ts";

const plainHost = "https://plain.invalid";

/** Scripts of saved pages are kept from running: what remains is exactly what was saved, and every error is ours. */
const noScripts = { "content-security-policy": "script-src 'none'; style-src 'unsafe-inline' *" };

/** Notes in the page's own world when a button first stands; read back after the look. */
export const noteButton = (): void => {
  const seen = new MutationObserver(() => {
    if (document.querySelector("ask-openhands, ask-openhands-row") === null) return;
    Object.assign(window, { buttonAt: performance.now() });
    seen.disconnect();
  });
  seen.observe(document, { childList: true, subtree: true });
};

/** Milliseconds from the page's load to its first button. Needs `noteButton` as the page's init script. */
export const buttonAfter = (page: Page): Promise<number | undefined> =>
  page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const at = (window as { readonly buttonAt?: number }).buttonAt;
    return at === undefined ? undefined : Math.max(0, at - (navigation?.loadEventEnd ?? 0));
  });

const withoutOurs = (): string => {
  const copy = document.documentElement.cloneNode(true) as HTMLElement;
  for (const ours of copy.querySelectorAll("ask-openhands, ask-openhands-panel, ask-openhands-row"))
    ours.remove();
  // Chromium itself notes its reading of some elements; white space at the end depends on where parsing stopped.
  return copy.outerHTML.trimEnd();
};

const isOurs = (id: string, text: string, url: string): boolean =>
  [text, url].some((words) => words.includes(`chrome-extension://${id}`));

const settle = async (page: Page, expectsButton: boolean): Promise<void> => {
  if (expectsButton)
    await page
      .waitForFunction(() => document.querySelector("ask-openhands, ask-openhands-row") !== null, undefined, {
        timeout: 5_000,
      })
      .catch(() => undefined);
  else await page.waitForTimeout(700);
};

/** Looks at pages one after the other in two tabs: one where the extension runs, one where it does not. */
export const createSiteSubject = async (browser: Browser): Promise<SiteSubject> => {
  const bare = await browser.context.newPage();
  const page = await browser.context.newPage();
  await page.addInitScript(noteButton);
  let errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && isOurs(browser.extensionId, message.text(), message.location().url))
      errors.push(message.text());
  });

  /** A new document in front of everything, also where only the fragment differs from the one before. */
  const open = async (tab: Page, url: string): Promise<void> => {
    await tab.bringToFront();
    await tab.goto("about:blank");
    await tab.goto(url, { waitUntil: "load" });
  };

  return {
    look: async (subject: SiteCase): Promise<SiteLook> => {
      browser.pages.put(subject.url, subject.html, noScripts);
      errors = [];
      await open(page, subject.url);
      await settle(page, subject.anchor !== undefined || subject.rows !== undefined);
      const button = page.getByRole("button", { name: "Ask OpenHands", exact: true });
      const reachable = (await button.count()) === 1 && (await button.isVisible());
      const anchors = await page
        .locator("ask-openhands")
        .evaluateAll((hosts) => hosts.map((host) => host.getAttribute("data-anchor") ?? ""));
      const after = await buttonAfter(page);
      const rows = await page
        .locator("ask-openhands-row button.row")
        .evaluateAll((buttons) => buttons.map((one) => one.getAttribute("aria-label") ?? ""));
      return { anchors, rows, reachable, errors, after, rest: await page.evaluate(withoutOurs) };
    },
    plain: async (subject) => {
      const url = new URL(subject.url);
      const address = `${plainHost}${url.pathname}${url.search}${url.hash}`;
      browser.pages.put(address, subject.html, noScripts);
      await open(bare, address);
      return bare.evaluate(withoutOurs);
    },
  };
};

/** Adds a self-managed server as the options page does. */
export const addSite = async (browser: Browser, address: string, product: string): Promise<void> => {
  const options = await browser.open("options.html");
  const answer = await options.evaluate(
    (input) => chrome.runtime.sendMessage({ operation: "add-site", input }),
    { address, product },
  );
  await options.close();
  if ((answer as { readonly ok?: boolean }).ok !== true)
    throw new Error(`The site ${address} was not added: ${JSON.stringify(answer)}`);
};
