import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeJira, startFakeJira } from "../../fakes/jira/start.ts";
import { hasChromium } from "../extension/chromium.ts";
import { connect } from "./fill-connection.ts";
import { enter, invite, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

describe.skipIf(!hasChromium)("Jira with two people", () => {
  let world: SettingsWorld;
  let jira: FakeJira;
  let creator: Page;
  let second: Page;

  const open = async (page: Page): Promise<void> => {
    await page.goto("/integrations/jira-dc");
    await page.getByRole("article").waitFor();
  };
  const unlink = async (page: Page, confirm: string): Promise<void> => {
    await page
      .getByRole("article")
      .getByRole("button", { name: /^Unlink/ })
      .click();
    await page.getByRole("dialog").getByRole("button", { name: confirm, exact: true }).click();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  };
  /** Writes the code that the page shows as a comment on a ticket, as Jira would tell it to the bot. */
  const prove = async (page: Page): Promise<void> => {
    const code = await page.getByLabel("Comment to write there", { exact: true }).inputValue();
    const address = await page
      .locator("summary", { hasText: "Addresses to enter by hand" })
      .evaluate((element) => {
        const field = element.parentElement?.querySelector("input");
        return field?.value ?? "";
      });
    jira.deliverTo(undefined);
    const spot = await jira.open(jira.people.writer, "ticket", { title: "Hello", text: "A ticket." });
    await jira.comment(jira.people.writer, spot, code);
    for (const { headers, bytes } of jira.deliveries())
      await fetch(`http://127.0.0.1:${world.bot.port}${new URL(address).pathname}`, {
        method: "POST",
        headers,
        body: Buffer.from(bytes),
      });
  };

  beforeAll(async () => {
    world = await startSettingsWorld();
    jira = await startFakeJira("dc");
    creator = await (await world.newContext()).newPage();
    await enter(creator, world.link, "Mara");
    const [seeded] = jira.connections;
    if (seeded === undefined) throw new Error("the fake has no connection");
    await connect(creator, seeded);
    second = await invite(world, creator, "Nils", "Maintainer");
  });

  afterAll(async () => {
    await world?.close();
    await jira?.close();
  });

  it("installs the webhook with an administrator's token that is used once and kept nowhere", async () => {
    await open(creator);
    await creator.getByLabel("Administrator's token").fill(jira.adminToken);
    await creator.getByRole("button", { name: /^Install webhook/ }).click();
    await creator.getByRole("row").getByText("Installed", { exact: true }).waitFor();
    expect(await creator.getByLabel("Administrator's token").inputValue()).toBe("");
    expect(jira.requestsWith(jira.adminToken)).toBeGreaterThan(0);
  });

  it("shows the second person a site that is set up, to link to and not to edit", async () => {
    await open(second);
    expect(await second.getByRole("button", { name: /^(Edit|Switch off|Remove Jira)/ }).count()).toBe(0);
    await second.getByRole("button", { name: /^Add another/ }).click();
    await second.getByLabel("Address of your server").fill(jira.base);
    await second.getByRole("button", { name: "Continue" }).click();
    await second.getByText(/is set up by Mara/).waitFor();
  });

  it("links the second person, who proves the account by a comment", async () => {
    await open(second);
    await second.getByRole("button", { name: /^Link yourself/ }).click();
    await prove(second);
    await second.getByRole("article").getByText("You are", { exact: true }).waitFor();
  });

  it("ends only one's own link when the second person unlinks", async () => {
    await unlink(second, "Unlink");
    await second.getByRole("button", { name: /^Link yourself/ }).waitFor();
    await second.getByRole("article").getByText("Connected", { exact: true }).waitFor();
  });

  it("switches the site off for all when its creator unlinks, after saying so", async () => {
    await open(creator);
    await creator
      .getByRole("article")
      .getByRole("button", { name: /^Unlink/ })
      .click();
    await creator.getByRole("dialog").getByText("for everybody").first().waitFor();
    await creator.keyboard.press("Escape");
    await unlink(creator, "Unlink and switch off");
    await creator.getByRole("article").getByText("Switched off", { exact: true }).waitFor();
    // The other page hears of it by itself.
    await second.getByRole("article").getByText("Switched off", { exact: true }).waitFor();
  });

  it("lets only the creator switch it on again", async () => {
    expect(await second.getByRole("button", { name: "Switch on" }).count()).toBe(0);
    await second.getByRole("button", { name: /^Add another/ }).click();
    await second.getByLabel("Address of your server").fill(jira.base);
    await second.getByRole("button", { name: "Continue" }).click();
    await second.getByText(/Only Mara can switch it on again/).waitFor();
    await creator.getByRole("button", { name: "Switch on" }).click();
    await creator.getByRole("article").getByText("Connected", { exact: true }).waitFor();
    expect(world.complaints.join("\n")).toBe("");
  });
});
