import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasChromium } from "../extension/chromium.ts";
import { type EmulatedGitHub, startEmulatedGitHub } from "./emulated-github.ts";
import { makeApp } from "./make-app.ts";
import { enter, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

describe.skipIf(!hasChromium)("an app made from its manifest", () => {
  let world: SettingsWorld;
  let page: Page;
  let github: EmulatedGitHub;

  beforeAll(async () => {
    world = await startSettingsWorld();
    github = await startEmulatedGitHub(world.reach);
    page = await (await world.newContext()).newPage();
    await enter(page, world.link, "Mara");
  });

  afterAll(async () => {
    await world?.close();
    await github?.close();
  });

  it("is not taken over from a server whose certificate nobody vouches for, and the page says why", async () => {
    await makeApp(page, { host: github.front.host, ca: "" });
    await page.waitForURL(/manifest\/callback/);
    await page.locator("main p", { hasText: "certificate" }).waitFor();
    await page.getByRole("link", { name: "Back to Ask OpenHands" }).click();
    await page.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
  });

  it("goes to GitHub with the manifest, comes back connected, and lists where it is installed", async () => {
    await makeApp(page, github.front);
    await page.waitForURL(/installations\/new$/);
    expect(github.manifest()).toMatchObject({
      hook_attributes: { url: `${world.url}/webhooks/github` },
      default_permissions: { contents: "write", issues: "write", pull_requests: "write" },
    });
    await page.goto(`${world.url}/integrations/github`);
    const card = page.getByRole("article").first();
    await card.getByText("Connected", { exact: true }).waitFor();
    const installations = card.getByRole("region", { name: /^Installations/ });
    await installations.getByText("acme").waitFor();
    expect(
      await installations.getByRole("link", { name: "Configure repositories" }).getAttribute("href"),
    ).toMatch(/settings\/installations\/21$/);
  });

  it("adds an installation by its id, and says when there is none", async () => {
    const installations = page.getByRole("region", { name: /^Installations/ });
    await installations.getByText("Add an installation by its id").click();
    await installations.getByLabel("Installation id").fill("999999");
    await installations.getByRole("button", { name: "Add", exact: true }).click();
    await installations.getByRole("alert").waitFor();
    await installations.getByLabel("Installation id").fill("21");
    await installations.getByRole("button", { name: "Add", exact: true }).click();
    await installations.getByText("Added: acme.").waitFor();
  });

  it("shows Slack's manifest to create the app with, and the form for its keys", async () => {
    await page.goto("/integrations/slack");
    await page.getByRole("button", { name: "Create the app at Slack" }).click();
    const manifest = JSON.parse(await page.getByLabel("Manifest", { exact: true }).inputValue());
    expect(manifest).toMatchObject({ settings: { socket_mode_enabled: true } });
    const link = await page.getByRole("link", { name: "Open Slack with this manifest" }).getAttribute("href");
    expect(new URL(link ?? "").origin).toBe("https://api.slack.com");
    expect(JSON.parse(new URL(link ?? "").searchParams.get("manifest_json") ?? "")).toEqual(manifest);
    await page.getByRole("form", { name: "Add: Slack app" }).getByLabel("App-level token").waitFor();
  });
});
