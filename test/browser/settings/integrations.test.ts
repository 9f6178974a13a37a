import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlatformSubject, PlatformWorld } from "../../contracts/platform-subject.ts";
import { subject as bitbucketCloud } from "../../contracts/subjects/bitbucket-cloud.ts";
import { subject as bitbucketDc } from "../../contracts/subjects/bitbucket-dc.ts";
import { subject as gitlab } from "../../contracts/subjects/gitlab.ts";
import { subject as jiraCloud } from "../../contracts/subjects/jira-cloud.ts";
import { subject as jiraDc } from "../../contracts/subjects/jira-dc.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { agentConnection } from "../../flows/flow.ts";
import { hasChromium } from "../extension/chromium.ts";
import { type EmulatedGitHub, startEmulatedGitHub } from "./emulated-github.ts";
import { startEmulatedSlack } from "./emulated-slack.ts";
import { approveHosts, connect } from "./fill-connection.ts";
import { findLeaks } from "./find-leaks.ts";
import { keepPicture } from "./keep-picture.ts";
import { makeApp } from "./make-app.ts";
import { enter, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

/** Connected by their forms; GitHub and Slack go their own ways. */
const byForm: readonly PlatformSubject[] = [gitlab, bitbucketCloud, bitbucketDc, jiraCloud, jiraDc];

describe.skipIf(!hasChromium)("Integrations, from the printed link to a run", () => {
  let world: SettingsWorld;
  let page: Page;
  let github: EmulatedGitHub;
  let slack: Awaited<ReturnType<typeof startEmulatedSlack>>;
  let agent: FakeAgentServer;
  const platforms: PlatformWorld[] = [];
  const typed: string[] = [];
  const shown: string[] = [];

  const account = (): Promise<string | null> =>
    page
      .getByRole("article")
      .first()
      .locator("dt", { hasText: /^Account$/ })
      .locator("..")
      .locator("dd")
      .textContent();

  beforeAll(async () => {
    world = await startSettingsWorld({
      environment: async (url) => {
        slack = await startEmulatedSlack([`${url}/oauth/callback/slack/slack.com`]);
        return slack.environment;
      },
    });
    github = await startEmulatedGitHub(world.reach);
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
    await github?.close();
    await slack?.close();
    await agent?.close();
    for (const platform of platforms) await platform.close();
  });

  it("has used the printed link up", async () => {
    const other = await (await world.newContext()).newPage();
    await other.goto(world.link);
    await other.getByText("used already").waitFor();
    await other.context().close();
    await keepPicture(page, "1-first-steps");
  });

  it("connects GitHub by an App that it makes from its manifest", async () => {
    await makeApp(page, github.front);
    await page.goto(`${world.url}/integrations/github`);
    await page.getByRole("article").getByText("Connected", { exact: true }).waitFor();
    expect(await account()).toBe("ask-openhands-test[bot]");
    typed.push(...github.secrets());
    expect(github.secrets()).toHaveLength(3);
    await keepPicture(page, "2-github");
  });

  it.each(byForm.map((subject) => [subject.id, subject] as const))(
    "connects %s by its form, checked live",
    async (id, subject) => {
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
      expect(await account()).not.toBe("");
      await card.locator("summary", { hasText: "Scopes" }).click();
      expect(await card.getByText(/^(present|unknown)$/).count()).toBeGreaterThan(0);
      await keepPicture(page, `3-${id}`);
    },
  );

  it("connects Slack by installing its app to a workspace", async () => {
    typed.push(...slack.secrets);
    await page.goto("/integrations/slack");
    const card = page.getByRole("article").first();
    await card.getByRole("button", { name: "Check now" }).click();
    await card.getByText("Ready for sign-in", { exact: true }).waitFor();
    await card.getByText("Not installed yet").waitFor();
    await card.getByRole("button", { name: "Authorise at slack.com" }).click();
    await page.getByRole("button", { name: /mira/i }).click();
    await page.waitForURL(`${world.url}/integrations/slack`);
    await card.getByText("Connected", { exact: true }).waitFor();
    expect(await account()).toBe("Acme");
    await card.getByRole("button", { name: "Authorise again" }).waitFor();
    await keepPicture(page, "4-slack");
  });

  it("connects an agent server and asks it at once", async () => {
    const seeded = agentConnection(agent);
    typed.push(...Object.values(seeded.secrets).filter((value) => value !== undefined));
    await connect(page, seeded);
    await page.getByRole("article").getByText("Connected", { exact: true }).waitFor();
    await page.goto("/integrations");
    await page.getByRole("heading", { name: "Integrations", level: 1 }).waitFor();
    await keepPicture(page, "5-connected");
  });

  it("shows a run live in Activity, asked in a comment on GitHub and answered there", async () => {
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      finish = resolve;
    });
    agent.play(() => [
      { do: "until", moment: held },
      { do: "finish", message: "The cart adds up again." },
    ]);
    await page.goto("/activity");
    await page.getByText("Live", { exact: true }).waitFor();
    const issue = await github.openIssue("The cart crashes", "`total([])` throws.");
    await github.say(issue, "@openhands please fix this");
    const run = page.getByRole("article").filter({ hasText: "The cart crashes" });
    await run.getByText(/^(Starting|Working)$/).waitFor();
    await keepPicture(page, "6-activity-working");
    finish();
    await run.getByText("Done", { exact: true }).waitFor();
    await run.getByText("The cart adds up again.").waitFor();
    await keepPicture(page, "7-activity-done");
    const said = async (): Promise<string> =>
      (await github.comments(issue))
        .flatMap(({ user, body }) => (user.login.endsWith("[bot]") ? body : []))
        .join("\n");
    await expect.poll(said).toContain("The cart adds up again.");
    await page.goto("/integrations/github");
    await page.getByText("Last used").first().waitFor();
    expect(await page.getByRole("article").first().textContent()).not.toContain("Never");
  });

  it("never let a secret out: not in answers, pages, metrics, log, data folder, audit", async () => {
    for (const path of ["integrations", "audit", "workspace"]) {
      await page.goto(`/${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      shown.push(await page.content());
    }
    for (const path of ["metrics", "health", "ready", "api/v1/openapi.json"])
      shown.push(await (await fetch(world.reach(`${world.url}/${path}`))).text());
    expect(shown.some((text) => text.includes("# TYPE"))).toBe(true);
    expect(typed.length).toBeGreaterThan(12);
    expect(findLeaks(typed, { answers: shown, log: world.log, folder: world.folder })).toEqual([]);
  });
});
