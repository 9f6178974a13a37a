import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGitLabWorld } from "../../contracts/subjects/gitlab.ts";
import { hasChromium } from "../extension/chromium.ts";
import { connectFirst } from "./fill-connection.ts";
import { enter, invite, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

describe.skipIf(!hasChromium)("projects and channels mapped to repositories", () => {
  let world: SettingsWorld;
  let page: Page;
  let gitlab: Awaited<ReturnType<typeof startGitLabWorld>>;

  const map = (on: Page = page): Locator => on.getByRole("group", { name: "Default repositories" });
  const room = (at: number): Locator => map().getByRole("textbox", { name: "Project or channel" }).nth(at);
  const repository = (of: string): Locator =>
    map().getByRole("combobox", { name: `Repository of ${of}`, exact: true });
  const save = (): Promise<void> => page.getByRole("button", { name: "Save settings" }).click();
  const focused = (): Promise<string | null> =>
    page.evaluate(
      () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
    );
  const stored = (): Promise<string> =>
    page.evaluate(async () => {
      const { workspaces } = await (await fetch("/api/v1/me")).json();
      const { items } = await (await fetch(`/api/v1/workspaces/${workspaces[0].id}/settings`)).json();
      return items.find(({ key }: { key: string }) => key === "defaultRepositories").value;
    });

  beforeAll(async () => {
    world = await startSettingsWorld();
    gitlab = await startGitLabWorld();
    page = await (await world.newContext()).newPage();
    await enter(page, world.link, "Mara");
    await connectFirst(page, gitlab);
    await page.goto("/workspace");
  });
  afterAll(async () => {
    await world?.close();
    await gitlab?.close();
  });

  it("are added by keyboard alone, with a repository that a search finds", async () => {
    await map().getByRole("button", { name: "Add a row" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("Project or channel");
    await page.keyboard.type("ABC");
    await page.keyboard.press("Tab");
    await expect.poll(focused).toBe("Repository of ABC");
    await page.keyboard.type("shop");
    await page.getByRole("option", { name: /acme\/tools\/shop/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await repository("ABC").inputValue()).toBe(`${gitlab.host}/acme/tools/shop`);
    await save();
    await page.getByText("Saved.").waitFor();
    expect(await stored()).toBe(`ABC=${gitlab.host}/acme/tools/shop`);
  });

  it("take a repository that no search finds, say so, and say what is wrong where it is wrong", async () => {
    await map().getByRole("button", { name: "Add a row" }).click();
    await room(1).fill("X Y");
    await map().getByText("A key has no spaces").waitFor();
    await room(1).fill("abc");
    await repository("abc").fill("nowhere");
    await page.getByText("No connected server shows such a repository").waitFor();
    expect(await repository("abc").getAttribute("aria-invalid")).toBeNull();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    await map().getByText("Write it as owner/name").waitFor();
    expect(await repository("abc").getAttribute("aria-invalid")).toBe("true");
    await repository("abc").fill("elsewhere/site");
    await page.keyboard.press("Escape");
    await save();
    await map()
      .getByText(/names .*abc.* twice/)
      .waitFor();
    await room(1).fill("XYZ");
    await save();
    await page.getByText("Saved.").waitFor();
    expect(await stored()).toBe(`ABC=${gitlab.host}/acme/tools/shop,XYZ=elsewhere/site`);
  });

  it("lose nothing of what is being typed when the list is read anew, and go row by row", async () => {
    await page.reload();
    await map().getByRole("button", { name: "Add a row" }).click();
    await room(2).fill("HALF");
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    expect(await room(2).inputValue()).toBe("HALF");
    await map().getByRole("button", { name: "Remove HALF" }).click();
    await expect.poll(() => room(1).evaluate((element) => element === document.activeElement)).toBe(true);
    await map().getByRole("button", { name: "Remove ABC" }).click();
    expect(await room(0).inputValue()).toBe("XYZ");
    await save();
    await page.getByText("Saved.").waitFor();
    expect(await stored()).toBe("XYZ=elsewhere/site");
  });

  it("are shown, not offered for change, to members", async () => {
    const guest = await invite(world, page, "Nils", "Member");
    await guest.goto("/workspace");
    await map(guest).getByText("elsewhere/site").waitFor();
    expect(await map(guest).getByRole("button").count()).toBe(0);
  });
});
