import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium } from "../extension/chromium.ts";
import { findLeaks } from "./find-leaks.ts";
import { enter, invite, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

describe.skipIf(!hasChromium)("the sections of the settings page", () => {
  let world: SettingsWorld;
  let page: Page;

  beforeAll(async () => {
    world = await startSettingsWorld();
    page = await (await world.newContext()).newPage();
  });
  afterAll(() => world?.close());

  it("shows the door to who is not signed in, and goes on where they wanted to after the link", async () => {
    await page.goto("/members");
    await page.getByRole("heading", { name: "Welcome" }).waitFor();
    await page.goto("/sign-in#too-short");
    await page.getByText("This link is not whole").waitFor();
    await enter(page, world.link, "Mara");
    await page.goto("/nowhere");
    await page.getByText("This address leads nowhere").waitFor();
  });

  it("takes secrets in, never shows them, replaces and removes them", async () => {
    const value = "npm-value-typed-once-0123456789";
    await page.goto("/secrets");
    await page.getByText("Add a secret of the workspace").click();
    const form = page.getByRole("form", { name: "Add a secret of the workspace" });
    await form.getByLabel("Name").fill("npm token");
    expect(await form.getByLabel("Name").inputValue()).toBe("NPM_TOKEN");
    await form.getByLabel("Description").fill("Reads private packages");
    await form.getByLabel("Value").fill(value);
    await form.getByRole("button", { name: "Add secret" }).click();
    await page.getByText("Reads private packages").waitFor();
    await expect.poll(() => form.getByLabel("Value").inputValue()).toBe("");
    await form.getByLabel("Name").fill("NPM_TOKEN");
    await form.getByLabel("Value").fill("another-value-0123456789");
    await form.getByRole("button", { name: "Add secret" }).click();
    await form.getByRole("alert").waitFor();
    await page.getByRole("button", { name: "Change NPM_TOKEN" }).click();
    const change = page.getByRole("form", { name: "Change NPM_TOKEN" });
    expect(await change.getByLabel("New value").inputValue()).toBe("");
    await change.getByLabel("Description").fill("Publishes packages");
    await change.getByRole("button", { name: "Save" }).click();
    await page.getByText("Publishes packages").waitFor();
    expect(
      findLeaks([value], { answers: [await page.content()], log: world.log, folder: world.folder }),
    ).toEqual([]);
    await page.getByRole("button", { name: "Remove NPM_TOKEN" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByText("Publishes packages").waitFor({ state: "detached" });
  });

  it("invites by a link that is shown once, changes roles, removes members, and shows it live", async () => {
    const guest = await invite(world, page, "Nils", "Member");
    await page.getByText("accepted by Nils").waitFor();
    expect(await guest.getByRole("link", { name: "Audit" }).count()).toBe(0);
    await guest.goto("/members");
    await guest.getByText("Mara").first().waitFor();
    expect(await guest.getByRole("button", { name: /^Remove/ }).count()).toBe(0);
    await page.getByLabel("Role of Nils").selectOption("maintainer");
    // The other page hears of it without a reload.
    await guest.getByRole("link", { name: "Audit" }).waitFor();
    await guest.getByRole("form", { name: "New invitation" }).waitFor();
    await page.getByRole("button", { name: "Remove Nils" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await page.getByLabel("Role of Nils").waitFor({ state: "detached" });
    await guest.reload();
    await guest.getByText("You are in no workspace").waitFor();
    await guest.context().close();
  });

  it("pairs a browser by its code and revokes it", async () => {
    const answer = await fetch(`http://127.0.0.1:${world.bot.port}/api/v1/device/authorize`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ client_id: "extension", device_name: "Chromium on Linux" }),
    });
    const grant = (await answer.json()) as {
      readonly verification_uri_complete: string;
      readonly user_code: string;
      readonly device_code: string;
    };
    await page.goto(grant.verification_uri_complete);
    await page.getByText("Chromium on Linux").waitFor();
    await page.getByText(grant.user_code).waitFor();
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText(/^Approved/).waitFor();
    const token = await fetch(`http://127.0.0.1:${world.bot.port}/api/v1/device/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        device_code: grant.device_code,
        client_id: "extension",
      }),
    });
    expect(token.status).toBe(200);
    await page.getByRole("link", { name: "See your devices" }).click();
    await page.getByText("Chromium on Linux").waitFor();
    await page.getByRole("button", { name: "Revoke Chromium on Linux" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("No browser is paired").waitFor();
    await page.getByLabel("Code that the extension shows").fill("not a code");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("alert").getByText("eight letters").waitFor();
  });

  it("makes an API token, shows it this once, and revokes it", async () => {
    await page.goto("/devices");
    await page.getByText("Make a token").click();
    await page.getByRole("form", { name: "Make a token" }).getByLabel("Name").fill("Nightly report");
    await page.getByRole("button", { name: "Make token" }).click();
    const value = await page.getByLabel("Token Nightly report", { exact: true }).inputValue();
    const ask = (): Promise<Response> =>
      fetch(`http://127.0.0.1:${world.bot.port}/api/v1/me`, {
        headers: { authorization: `Bearer ${value}` },
      });
    expect((await ask()).status).toBe(200);
    await page.reload();
    await page.getByText(`…${value.slice(-4)}`).waitFor();
    expect(await page.content()).not.toContain(value);
    await page.getByRole("button", { name: "Revoke Nightly report" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await page.getByText("No tokens").waitFor();
    expect((await ask()).status).toBe(401);
  });

  it("changes settings, says what is wrong with a value, and goes back to the default", async () => {
    await page.goto("/workspace");
    const form = page.getByRole("form", { name: "Settings of the workspace" });
    const perPerson = form.getByRole("textbox", { name: "Runs per person" });
    await perPerson.fill("many");
    await form.getByRole("button", { name: "Save settings" }).click();
    await form.locator('[name="runsPerPerson"][aria-invalid="true"]').waitFor();
    await perPerson.fill("5");
    await form.getByLabel("Require linked accounts").check();
    await form.getByRole("button", { name: "Save settings" }).click();
    await form.getByText("set here").first().waitFor();
    await page.reload();
    expect(await perPerson.inputValue()).toBe("5");
    await form.getByRole("button", { name: "Reset Runs per person" }).click();
    await form.getByRole("button", { name: "Reset Runs per person" }).waitFor({ state: "detached" });
    expect(await perPerson.inputValue()).toBe("3");
    await page.getByRole("form", { name: "Name of the workspace" }).getByLabel("Workspace name").fill("Acme");
    await page.getByRole("button", { name: "Rename" }).click();
    await page.getByRole("banner").getByText("Acme").waitFor();
  });

  it("shows who did what in Audit", async () => {
    await page.goto("/audit");
    for (const words of ["Settings changed", "Secret created", "Invitation accepted"])
      await page.getByRole("row").filter({ hasText: words }).first().waitFor();
    expect(await page.getByText("tampered").count()).toBe(0);
  });

  it("keeps the chosen colours, renames its person, and signs out", async () => {
    await page.goto("/account");
    await page.getByLabel("Colours").selectOption("dark");
    await page.reload();
    await page.getByRole("heading", { name: "Your account" }).waitFor();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await page.getByRole("form", { name: "Your name" }).getByLabel("Name").fill("Mara M.");
    await page.getByRole("button", { name: "Save name" }).click();
    await page.getByRole("banner").getByText("Mara M.").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto("/members");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(world.complaints.join("\n")).toBe("");
  });
});
