import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { OwnPage } from "../../fixtures/pages/own-page.ts";
import type { Browser } from "./chromium.ts";
import { buttonAfter } from "./site-subject.ts";

/** Milliseconds within which the button has to stand. */
const soon = 500;

/** Opens a page written for this project: its button stands at its anchor, soon. `page` needs `noteButton` as its init script. */
export const openOwn = async (browser: Browser, page: Page, own: OwnPage): Promise<void> => {
  browser.pages.put(own.url, own.html);
  // The page server speaks TLS; a server on this machine has no certificate.
  if (own.url.startsWith("http:")) {
    await page.unrouteAll();
    await page.route(own.url.replace(/#.*$/, ""), (route) =>
      route.fulfill({ contentType: "text/html; charset=utf-8", body: own.html }),
    );
  }
  await page.bringToFront();
  // Where only the fragment differs, the browser would stay on the page.
  await page.goto("about:blank");
  await page.goto(own.url);
  const button =
    own.anchor === undefined ? "ask-openhands-row" : `ask-openhands[data-anchor="${own.anchor}"]`;
  await page.locator(button).first().waitFor();
  expect(await buttonAfter(page)).toBeLessThan(soon);
};

/** Asks the first ready-made ask of the page, with words added, without a mouse; the run's state shows. */
export const askByKeyboard = async (
  page: Page,
  { rows, words, goes }: { readonly rows: boolean; readonly words: string; readonly goes: string },
): Promise<void> => {
  const opener = rows
    ? page.locator("ask-openhands-row button.row").first()
    : page.getByRole("button", { name: "Ready-made asks" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Enter");
  await page.getByLabel("What should OpenHands do?").waitFor();
  await page.keyboard.insertText(` ${words}`);
  await page.getByText(goes, { exact: false }).waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator('[role="status"] .state').waitFor({ timeout: 20_000 });
};
