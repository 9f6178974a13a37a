import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlatformSubject, PlatformWorld } from "../../contracts/platform-subject.ts";
import { subject as bitbucketCloud } from "../../contracts/subjects/bitbucket-cloud.ts";
import { subject as bitbucketDc } from "../../contracts/subjects/bitbucket-dc.ts";
import { subject as github } from "../../contracts/subjects/github.ts";
import { subject as gitlab } from "../../contracts/subjects/gitlab.ts";
import { subject as jiraCloud } from "../../contracts/subjects/jira-cloud.ts";
import { subject as jiraDc } from "../../contracts/subjects/jira-dc.ts";
import { subject as slack } from "../../contracts/subjects/slack.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { agentConnection } from "../../flows/flow.ts";
import { hasChromium } from "../extension/chromium.ts";
import { approveHosts, connect } from "./fill-connection.ts";
import { findLeaks } from "./find-leaks.ts";
import { enter, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

const subjects: readonly PlatformSubject[] = [
  github,
  gitlab,
  bitbucketCloud,
  bitbucketDc,
  jiraCloud,
  jiraDc,
  slack,
];

describe.skipIf(!hasChromium)("Integrations, from the printed link on", () => {
  let world: SettingsWorld;
  let page: Page;
  const platforms: PlatformWorld[] = [];
  let agent: FakeAgentServer;
  const typed: string[] = [];
  const shown: string[] = [];

  beforeAll(async () => {
    world = await startSettingsWorld();
    agent = await startFakeAgentServer();
    page = await (await world.newContext()).newPage();
    page.on("response", (response) => {
      if (response.url().includes("/api/v1/"))
        response.text().then(
          (text) => shown.push(text),
          () => undefined,
        );
    });
    await enter(page, world.link, "Mara");
  });

  afterAll(async () => {
    await world?.close();
    await agent?.close();
    for (const platform of platforms) await platform.close();
  });

  it("has used the printed link up", async () => {
    const other = await (await world.newContext()).newPage();
    await other.goto(world.link);
    await other.getByText("used already").waitFor();
    await other.context().close();
  });

  it.each(subjects.map((subject) => [subject.id, subject] as const))(
    "connects %s by its form, checked live",
    async (_id, subject) => {
      const platform = await subject.start();
      platforms.push(platform);
      const [seeded] = platform.connections;
      if (seeded === undefined) throw new Error("the platform's fake has no connection");
      typed.push(...Object.values(seeded.secrets));
      await approveHosts(page, seeded);
      await connect(page, seeded);
      const card = page.getByRole("article").first();
      await card.getByText(/^(Connected|Scopes missing)$/).waitFor();
      expect(await card.getByText("Stored secrets").count()).toBe(1);
      // A check asks the server again, and the facts of the card come from there.
      await card.getByRole("button", { name: "Check now" }).click();
      await card.getByRole("button", { name: "Check now" }).waitFor();
      const account = card
        .locator("dt", { hasText: /^Account$/ })
        .locator("..")
        .locator("dd");
      expect(await account.textContent()).not.toBe("");
      await card.locator("summary", { hasText: "Scopes" }).click();
      expect(await card.getByText(/^(present|unknown)$/).count()).toBeGreaterThan(0);
    },
  );

  it("connects an agent server and asks it at once", async () => {
    const seeded = agentConnection(agent);
    typed.push(...Object.values(seeded.secrets).filter((value) => value !== undefined));
    await connect(page, seeded);
    await page.getByRole("article").getByText("Connected", { exact: true }).waitFor();
  });

  it("answers wrong credentials with what is wrong, keeps what was typed, and keeps the connection only when told to", async () => {
    const [, second] = platforms;
    const seeded = second?.connections[0];
    if (seeded === undefined) throw new Error("GitLab was not connected");
    const wrong = { ...seeded, secrets: { ...seeded.secrets, token: "glpat-wrong-wrong-wrong-wrong" } };
    typed.push(wrong.secrets.token);
    await page.goto(`/integrations/${seeded.connection.platform}`);
    await page.getByRole("button", { name: /^Add another/ }).click();
    await connect(page, wrong, { opened: true, succeeds: false });
    const trouble = page.getByRole("alert");
    expect((await trouble.textContent())?.length).toBeGreaterThan(20);
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

  it("never let a typed secret out: not in answers, pages, log, data folder, audit", async () => {
    for (const path of ["integrations", "audit", "workspace"]) {
      await page.goto(`/${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      shown.push(await page.content());
    }
    expect(typed.length).toBeGreaterThan(8);
    expect(findLeaks(typed, { answers: shown, log: world.log, folder: world.folder })).toEqual([]);
    expect(world.complaints.join("\n")).toBe("");
  });
});

const escapeId = (id: string | undefined): string => (id ?? "").replaceAll(/[^\w-]/g, "\\$&");
