import AxeBuilder from "@axe-core/playwright";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGitLabWorld } from "../../contracts/subjects/gitlab.ts";
import { hasChromium } from "../extension/chromium.ts";
import { connectFirst } from "./fill-connection.ts";
import { enter, type SettingsWorld, sections, showSection, startSettingsWorld } from "./settings-world.ts";

describe.skipIf(!hasChromium)("the settings page as people see and use it", () => {
  let world: SettingsWorld;
  let gitlab: Awaited<ReturnType<typeof startGitLabWorld>>;
  let light: BrowserContext;
  let page: Page;

  /** What is folded away counts too. */
  const unfold = (on: Page): Promise<void> =>
    on.evaluate(() => {
      for (const details of document.querySelectorAll("details")) details.open = true;
    });

  beforeAll(async () => {
    world = await startSettingsWorld();
    gitlab = await startGitLabWorld();
    light = await world.newContext();
    page = await light.newPage();
    await enter(page, world.link, "Mara");
    await connectFirst(page, gitlab);
  });
  afterAll(async () => {
    await world?.close();
    await gitlab?.close();
  });

  /** What axe finds serious or critical on the page as it stands. */
  const troubleOf = async (on: Page, colorScheme: "light" | "dark", what: string) => {
    expect(await on.locator("html").getAttribute("data-theme")).toBe(colorScheme);
    await unfold(on);
    const { violations, passes } = await new AxeBuilder({ page: on }).analyze();
    expect(passes.length, what).toBeGreaterThan(5);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${what}: ${id}: ${nodes[0]?.html.slice(0, 160)}`);
  };

  it.each(["light", "dark"] as const)(
    "has no serious trouble for axe in any section, %s",
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const found: string[] = [];
      for (const path of sections) {
        await showSection(page, path);
        found.push(...(await troubleOf(page, colorScheme, path)));
      }
      expect(found).toEqual([]);
    },
  );

  it.each(["light", "dark"] as const)(
    "has no serious trouble for axe at its doors, where nothing is, and in a dialog, %s",
    async (colorScheme) => {
      const stranger = await (await world.newContext({ dark: colorScheme === "dark" })).newPage();
      await page.emulateMedia({ colorScheme });
      const found: string[] = [];
      for (const path of ["/", "/sign-in", "/invitation#no-such-invitation", "/link#no-such-link"]) {
        await stranger.goto(path);
        await stranger.getByRole("heading", { level: 1 }).waitFor();
        await stranger.locator(".skeleton").first().waitFor({ state: "detached" });
        found.push(...(await troubleOf(stranger, colorScheme, path)));
      }
      for (const path of ["/link#no-such-link", "/nowhere"]) {
        await showSection(page, path);
        found.push(...(await troubleOf(page, colorScheme, path)));
      }
      await showSection(page, "/integrations/gitlab");
      await page
        .getByRole("button", { name: /^Remove/ })
        .last()
        .click();
      await page.getByRole("dialog").waitFor();
      found.push(...(await troubleOf(page, colorScheme, "a dialog")));
      await page.keyboard.press("Escape");
      await stranger.context().close();
      expect(found).toEqual([]);
    },
  );

  it.each([
    [360, 740],
    [1440, 900],
  ])("fits %i px without scrolling sideways", async (width, height) => {
    await page.setViewportSize({ width, height });
    const wide: string[] = [];
    for (const path of sections) {
      await showSection(page, path);
      await unfold(page);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (over > 0) wide.push(`${path}: ${over} px`);
    }
    expect(wide).toEqual([]);
  });

  it("folds the menu on a narrow screen and opens it by keyboard", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await showSection(page, "/integrations");
    const link = page.getByRole("link", { name: "Members" });
    expect(await link.isVisible()).toBe(false);
    await page.getByRole("button", { name: "Menu" }).focus();
    await page.keyboard.press("Enter");
    await link.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Members", level: 1 }).waitFor();
    expect(await link.isVisible()).toBe(false);
  });

  it("works by keyboard alone: to a section, through a form, in a dialog, and back", async () => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await showSection(page, "/integrations");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");

    const tabTo = async (name: string): Promise<void> => {
      for (let step = 0; step < 80; step += 1) {
        await page.keyboard.press("Tab");
        const here = await page.evaluate(() => {
          const element = document.activeElement;
          const label = element?.id ? document.querySelector(`label[for="${CSS.escape(element.id)}"]`) : null;
          const around = element?.closest("label");
          return `${element?.getAttribute("aria-label") ?? ""}|${element?.textContent ?? ""}|${label?.textContent ?? ""}|${around?.textContent ?? ""}`;
        });
        if (!here.includes(name)) continue;
        // Whoever comes here sees where he is.
        const outline = await page.evaluate(() => {
          const element = document.activeElement;
          if (element === null) return "none";
          return [element, element.closest("li, label")]
            .flatMap((one) => (one === null ? [] : [one]))
            .map((one) => getComputedStyle(one).outlineStyle + getComputedStyle(one, "::after").outlineStyle)
            .join();
        });
        expect(outline).toContain("solid");
        return;
      }
      throw new Error(`no Tab leads to ${name}`);
    };

    await showSection(page, "/secrets");
    await tabTo("Add a secret of the workspace");
    await page.keyboard.press("Enter");
    await tabTo("Name");
    await page.keyboard.type("KEYBOARD_SECRET");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.type("value-typed-by-keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove KEYBOARD_SECRET" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Remove KEYBOARD_SECRET" }).waitFor();
    await tabTo("Remove KEYBOARD_SECRET");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    // Nothing of the page behind can be reached; after the last button comes the browser itself (`body`), then the dialog again.
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press("Tab");
      const reached = await dialog.evaluate((element) =>
        element.contains(document.activeElement) || document.activeElement === document.body
          ? ""
          : document.activeElement?.outerHTML,
      );
      expect(reached).toBe("");
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toBe("Remove KEYBOARD_SECRET");
  });

  it("tells the start of a page that could not be loaded, and tries again on demand", async () => {
    let isRefusing = true;
    let refused = 0;
    await page.route("**/api/v1/workspaces/*/members", (route) => {
      if (!isRefusing) return route.fallback();
      refused += 1;
      return route.fulfill({
        status: 403,
        contentType: "application/problem+json",
        body: JSON.stringify({ type: "about:blank", title: "No", status: 403, detail: "Ask a maintainer." }),
      });
    });
    await page.goto("/members");
    await page.getByRole("alert").getByText("Ask a maintainer.").waitFor();
    const before = refused;
    const again = page.getByRole("button", { name: "Try again" });
    await again.click();
    await expect.poll(() => refused).toBeGreaterThan(before);
    isRefusing = false;
    const member = page.getByText("you", { exact: true });
    // News of the workspace may have it loaded anew before anybody clicks.
    await Promise.any([again.click(), member.waitFor()]);
    await member.waitFor();
    await page.unroute("**/api/v1/workspaces/*/members");
  });
});
