import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGitLabWorld } from "../../contracts/subjects/gitlab.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { agentConnection } from "../../flows/flow.ts";
import { hasChromium } from "../extension/chromium.ts";
import { connectFirst } from "./fill-connection.ts";
import {
  enter,
  invite,
  type SettingsWorld,
  sections,
  showSection,
  startSettingsWorld,
} from "./settings-world.ts";

/** Numbers everything that the mouse can use: what the keyboard must reach too. Of a group of radio buttons Tab reaches one, arrows the others. */
const numberControls = (): number => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const usable = "a[href], button, input, select, textarea, summary";
  const controls = [...document.querySelectorAll<HTMLElement>(usable)].filter((one) => {
    const isOff = one.matches(":disabled") || !one.checkVisibility({ visibilityProperty: true });
    const isOtherRadio = one instanceof HTMLInputElement && one.type === "radio" && !one.checked;
    return !isOff && !isOtherRadio;
  });
  for (const [index, one] of controls.entries()) one.dataset["control"] = String(index);
  return controls.length;
};

/** What has the focus, and whether people see that it has. */
const whereIsFocus = (): {
  readonly control: string | undefined;
  readonly seen: boolean;
  readonly what: string;
} => {
  const element = document.activeElement as HTMLElement;
  const around = [element, element.closest("li, label")].filter((one) => one !== null);
  const outlines = around.flatMap((one) => [
    getComputedStyle(one).outlineStyle,
    getComputedStyle(one, "::after").outlineStyle,
  ]);
  return {
    control: element.dataset["control"],
    seen: outlines.includes("solid"),
    what: element.outerHTML.slice(0, 120),
  };
};

describe.skipIf(!hasChromium)("the settings page without a mouse", () => {
  let world: SettingsWorld;
  let page: Page;
  let gitlab: Awaited<ReturnType<typeof startGitLabWorld>>;
  let agent: FakeAgentServer;

  beforeAll(async () => {
    world = await startSettingsWorld();
    gitlab = await startGitLabWorld();
    agent = await startFakeAgentServer();
    page = await (await world.newContext()).newPage();
    await enter(page, world.link, "Mara");
    await connectFirst(page, gitlab);
    await invite(world, page, "Nils", "Member");
  });
  afterAll(async () => {
    await world?.close();
    await gitlab?.close();
    await agent?.close();
  });

  it.each(sections)("reaches every control of %s, and shows where it is", async (path) => {
    await showSection(page, path);
    const count = await page.evaluate(numberControls);
    expect(count).toBeGreaterThan(8);
    const reached = new Set<string>();
    const unseen: string[] = [];
    for (let step = 0; step < count + 12 && reached.size < count; step += 1) {
      await page.keyboard.press("Tab");
      const { control, seen, what } = await page.evaluate(whereIsFocus);
      if (control === undefined) continue;
      reached.add(control);
      if (!seen) unseen.push(what);
    }
    const missed = await page.evaluate(
      (numbers) =>
        [...document.querySelectorAll<HTMLElement>("[data-control]")].flatMap((one) =>
          numbers.includes(one.dataset["control"] ?? "") ? [] : one.outerHTML.slice(0, 120),
        ),
      [...reached],
    );
    expect({ missed, unseen }).toEqual({ missed: [], unseen: [] });
  });

  it("connects a back end from the menu to the answer", async () => {
    const seeded = agentConnection(agent);
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const tabTo = async (name: string): Promise<void> => {
      for (let step = 0; step < 80; step += 1) {
        await press("Tab");
        const here = await page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement | null;
          const names = [element?.textContent, element?.name, element?.getAttribute("aria-label")];
          return [...names, element?.getAttribute("href")].join("|");
        });
        if (here.includes(name)) return;
      }
      throw new Error(`no Tab leads to ${name}`);
    };
    const values = { ...seeded.connection.settings, ...seeded.secrets };
    await page.goto("/activity");
    await page.getByRole("heading", { name: "Activity", level: 1 }).waitFor();
    await tabTo("Integrations");
    await press("Enter");
    await page.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
    await page.locator(".skeleton").first().waitFor({ state: "detached" });
    await tabTo("/integrations/openhands");
    await press("Enter");
    await page.getByRole("heading", { name: "OpenHands", level: 1 }).waitFor();
    // The kinds are radio buttons: arrows go from one to the next.
    const kind = page.getByRole("radio", { checked: true });
    await page.getByRole("radio").first().waitFor();
    for (
      let step = 0;
      step < 20 && !(await kind.evaluate((one) => one === document.activeElement));
      step += 1
    )
      await press("Tab");
    const form = page.getByRole("form", { name: /^Add: .*agent server/i });
    if (!(await form.isVisible())) await press("ArrowDown");
    await form.waitFor();
    const typed = new Set<string>();
    const typeAll = async (): Promise<void> => {
      for (const control of await form.locator("input[name], select[name]").all()) {
        const key = (await control.getAttribute("name")) ?? "";
        const value = values[key];
        if (value === undefined || typed.has(key) || !(await control.isVisible())) continue;
        await tabTo(key);
        const isChoice = await control.evaluate((element) => element instanceof HTMLSelectElement);
        if (!isChoice) await press("ControlOrMeta+a");
        await page.keyboard.type(value);
        expect(await control.inputValue()).toBe(value);
        typed.add(key);
      }
    };
    await typeAll();
    await tabTo("More options");
    await press("Enter");
    await typeAll();
    expect([...typed].sort()).toEqual(Object.keys(values).sort());
    await tabTo("Check and save");
    await press("Enter");
    const approve = form.getByRole("button", { name: /^Approve/ });
    await approve
      .or(page.getByText(/is connected/))
      .first()
      .waitFor();
    if (await approve.isVisible()) {
      for (
        let step = 0;
        step < 60 && !(await approve.evaluate((one) => one === document.activeElement));
        step += 1
      )
        await press("Shift+Tab");
      await press("Enter");
    }
    await page.getByRole("article").getByText("Connected", { exact: true }).waitFor();
  });
});
