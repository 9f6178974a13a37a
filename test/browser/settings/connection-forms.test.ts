import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SeededConnection } from "../../contracts/platform-subject.ts";
import { startGitLabWorld } from "../../contracts/subjects/gitlab.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { agentConnection } from "../../flows/flow.ts";
import { hasChromium } from "../extension/chromium.ts";
import { approveHosts, connect } from "./fill-connection.ts";
import { findLeaks } from "./find-leaks.ts";
import { enter, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

const escapeId = (id: string | undefined): string => (id ?? "").replaceAll(/[^\w-]/g, "\\$&");

describe.skipIf(!hasChromium)("the forms of connections", () => {
  let world: SettingsWorld;
  let page: Page;
  let gitlab: Awaited<ReturnType<typeof startGitLabWorld>>;
  let agent: FakeAgentServer;
  const leaks: string[] = [];

  const first = (): SeededConnection =>
    gitlab.connections[0] ?? expect.fail("the fake of GitLab has no connection");

  beforeAll(async () => {
    world = await startSettingsWorld();
    gitlab = await startGitLabWorld();
    agent = await startFakeAgentServer();
    page = await (await world.newContext()).newPage();
    await enter(page, world.link, "Mara");
    await approveHosts(page, first());
    await connect(page, first());
    await connect(page, agentConnection(agent));
  });

  afterAll(async () => {
    await world?.close();
    await gitlab?.close();
    await agent?.close();
  });

  it("answers wrong credentials with what is wrong, keeps what was typed, and keeps the connection only when told to", async () => {
    const seeded = first();
    const wrong = { ...seeded, secrets: { ...seeded.secrets, token: "glpat-wrong-wrong-wrong-wrong" } };
    await page.goto(`/integrations/${seeded.connection.platform}`);
    await page.getByRole("button", { name: /^Add another/ }).click();
    await connect(page, wrong, { opened: true, succeeds: false });
    const trouble = page.getByRole("alert");
    expect((await trouble.textContent())?.length).toBeGreaterThan(20);
    leaks.push(wrong.secrets.token);
    expect(await page.locator('[name="token"]').inputValue()).toBe(wrong.secrets.token);
    await page.getByRole("button", { name: "Keep it, switched off" }).click();
    await page.getByText(/is kept, switched off/).waitFor();
    await page.getByText("Switched off", { exact: true }).waitFor();
  });

  it("says which value is missing or wrong, at the value", async () => {
    await page.goto("/integrations/gitlab");
    await page.getByRole("button", { name: /^Add another/ }).click();
    const form = page.getByRole("form", { name: /^Add:/ });
    await form.locator('[name="token"]').fill("short");
    await form.getByRole("button", { name: "Check and save" }).click();
    const field = form.locator('[name="token"][aria-invalid="true"]');
    await field.waitFor();
    const described = (await field.getAttribute("aria-describedby"))?.split(" ").at(-1);
    expect(await page.locator(`#${escapeId(described)}`).textContent()).not.toBe("");
  });

  it("changes, switches off and on, and removes a connection, and asks before it removes", async () => {
    await page.goto("/integrations/openhands");
    const card = page.getByRole("article").first();
    await card.getByRole("button", { name: /^Edit/ }).click();
    const form = page.getByRole("form", { name: /^Change:/ });
    expect(await form.locator('[name="sessionKey"]').inputValue()).toBe("");
    await form.locator("summary", { hasText: "More options" }).click();
    await form.locator('[name="llmModel"]').fill("test/other-model");
    await form.getByRole("button", { name: "Check and save" }).click();
    await page.getByText("Saved and checked.").waitFor();
    await card.getByText("test/other-model").waitFor();
    await card.getByRole("button", { name: "Switch off" }).click();
    await card.getByText("Switched off", { exact: true }).waitFor();
    await card.getByRole("button", { name: "Switch on" }).click();
    await card.getByText("Connected", { exact: true }).waitFor();
    await card.getByRole("button", { name: /^Remove/ }).click();
    const dialog = page.getByRole("dialog");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await card.getByRole("button", { name: /^Remove/ }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    await card.waitFor({ state: "detached" });
    await page.getByText("Connect OpenHands").first().waitFor();
  });

  it("let no value out that was refused", () => {
    expect(leaks).toHaveLength(1);
    expect(findLeaks(leaks, { answers: [], log: world.log, folder: world.folder })).toEqual([]);
  });
});
