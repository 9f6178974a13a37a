import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGitLabWorld } from "../../contracts/subjects/gitlab.ts";
import { type FakeAgentServer, startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { agentConnection } from "../../flows/flow.ts";
import { hasChromium } from "../extension/chromium.ts";
import { connect, connectFirst } from "./fill-connection.ts";
import { enter, invite, type SettingsWorld, startSettingsWorld } from "./settings-world.ts";

describe.skipIf(!hasChromium)("the webhook table of GitLab, and the run that it brings", () => {
  let world: SettingsWorld;
  let page: Page;
  let gitlab: Awaited<ReturnType<typeof startGitLabWorld>>;
  let agent: FakeAgentServer;

  const row = (name: string): Locator => page.getByRole("row").filter({ hasText: name });
  const status = (name: string): Promise<string | null> => row(name).locator(".chip").textContent();

  beforeAll(async () => {
    world = await startSettingsWorld();
    gitlab = await startGitLabWorld();
    agent = await startFakeAgentServer();
    gitlab.fake.state.hooks.length = 0;
    const self = gitlab.fake.state.users.find(({ id }) => String(id) === gitlab.people.self.id);
    if (self === undefined) throw new Error("the fake has no bot account");
    for (const name of ["solo/tools", "solo/notes"])
      gitlab.fake.addProject(name, { personal: true }).members.set(self.id, 40);
    // A group whose own webhook covers what is in it.
    gitlab.fake.state.groups.push({ id: 4_711, path: "team", members: new Map([[self.id, 50]]) });
    gitlab.fake.addProject("team/api").members.set(self.id, 40);
    gitlab.deliverTo(`http://127.0.0.1:${world.bot.port}`);
    page = await (await world.newContext()).newPage();
    await enter(page, world.link, "Mara");
    await connectFirst(page, gitlab);
    await row("acme/tools/shop").waitFor();
  });

  afterAll(async () => {
    await world?.close();
    await gitlab?.close();
    await agent?.close();
  });

  it("lists groups, and the projects that no group covers, none of it installed", async () => {
    expect(await row("team").count()).toBe(1);
    expect(await row("team").getByRole("cell").nth(0).textContent()).toBe("group");
    expect(await status("team")).toBe("Not installed");
    for (const name of ["acme/tools/shop", "solo/tools", "solo/notes"]) {
      expect(await status(name)).toBe("Not installed");
      expect(await row(name).getByRole("cell").nth(0).textContent()).toBe("project");
    }
  });

  it("installs one at a time: it says so, the others wait, and the list is new by itself", async () => {
    const slow = gitlab.fail({ method: "POST", path: /\/hooks$/, delayMs: 1_500, times: 1 });
    await row("acme/tools/shop")
      .getByRole("button", { name: /^Install/ })
      .click();
    await page.getByText("Installing…").waitFor();
    expect(
      await row("solo/tools")
        .getByRole("button", { name: /^Install/ })
        .isDisabled(),
    ).toBe(true);
    const second = await page.evaluate(async () => {
      const { csrfToken } = await (await fetch("/api/v1/session")).json();
      const { workspaces } = await (await fetch("/api/v1/me")).json();
      const { items } = await (await fetch(`/api/v1/workspaces/${workspaces[0].id}/connections`)).json();
      const answer = await fetch(`/api/v1/connections/${items[0].id}/hooks`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-csrf-token": csrfToken },
        body: JSON.stringify({ action: "install", resource: "project:1" }),
      });
      return { status: answer.status, ...(await answer.json()) };
    });
    expect(second).toMatchObject({ status: 409, detail: expect.stringContaining("Wait") });
    await row("acme/tools/shop").getByText("Installed", { exact: true }).waitFor();
    slow();
    const again = row("acme/tools/shop").getByRole("button", { name: /^Reinstall/ });
    expect(await again.isDisabled()).toBe(true);
    expect(
      await row("solo/tools")
        .getByRole("button", { name: /^Install/ })
        .isEnabled(),
    ).toBe(true);
    expect(gitlab.fake.state.hooks).toHaveLength(1);
  });

  it("shows a failure with its reason below the status, and the table stays usable", async () => {
    const refusing = gitlab.fail({
      method: "POST",
      path: /\/hooks$/,
      status: 403,
      times: Number.POSITIVE_INFINITY,
    });
    await row("solo/tools")
      .getByRole("button", { name: /^Install/ })
      .click();
    await row("solo/tools").getByText("Failed", { exact: true }).waitFor();
    expect((await row("solo/tools").locator(".wrong").textContent())?.length).toBeGreaterThan(15);
    refusing();
    await row("solo/tools")
      .getByRole("button", { name: /^(Install|Reinstall)/ })
      .click();
    await row("solo/tools").getByText("Installed", { exact: true }).waitFor();
  });

  it("repairs a webhook that GitLab switched off, without making a second one", async () => {
    const hooks = gitlab.fake.state.hooks.length;
    const [broken] = gitlab.fake.state.hooks;
    if (broken === undefined) throw new Error("no webhook was installed");
    broken.settings = { ...broken.settings, note_events: false };
    await page.reload();
    const repair = row("acme/tools/shop").getByRole("button", { name: /^Reinstall/ });
    await repair.waitFor();
    await expect.poll(() => repair.isEnabled()).toBe(true);
    const slow = gitlab.fail({ method: "PUT", path: /\/hooks\//, delayMs: 800, times: 1 });
    await repair.click();
    await page.getByText("Reinstalling…").waitFor();
    await row("acme/tools/shop").getByText("Installed", { exact: true }).waitFor();
    slow();
    expect(gitlab.fake.state.hooks).toHaveLength(hooks);
    expect(gitlab.fake.state.hooks[0]?.settings).toMatchObject({ note_events: true });
  });

  it("removes a webhook", async () => {
    await row("solo/tools")
      .getByRole("button", { name: /^Remove/ })
      .click();
    await row("solo/tools").getByText("Not installed", { exact: true }).waitFor();
    expect(gitlab.fake.state.hooks).toHaveLength(1);
  });

  it("lets members look and not touch", async () => {
    const guest = await invite(world, page, "Nils", "Member");
    await guest.goto("/integrations/gitlab");
    await guest.getByText("Maintainers only").first().waitFor();
    expect(await guest.getByRole("button", { name: /^(Reinstall|Install|Edit|Remove|Switch)/ }).count()).toBe(
      0,
    );
    await guest.context().close();
  });

  it("shows the run of a mention live in Activity, and its end, without a reload", async () => {
    let finish = (): void => undefined;
    const moment = new Promise<void>((resolve) => {
      finish = resolve;
    });
    agent.play(() => [
      { do: "tasks", tasks: [{ title: "Find the cause", status: "in_progress" }] },
      { do: "terminal", command: "npm test", summary: "Run the tests", output: "ok" },
      { do: "until", moment },
      { do: "finish", message: "The login works again." },
    ]);
    await connect(page, agentConnection(agent));
    await page.goto("/activity");
    await page.getByText("No runs yet").waitFor();
    const spot = await gitlab.open(gitlab.people.writer, "issue", {
      title: "Fix the login",
      text: "Broken.",
    });
    await gitlab.comment(gitlab.people.writer, spot, "@openhands please fix the login");
    const run = page.getByRole("article").first();
    await run.getByText("Working", { exact: true }).waitFor();
    await run.getByText("Find the cause").waitFor();
    expect(await run.getByRole("heading").textContent()).toContain("Fix the login");
    expect(await run.getByRole("button", { name: /^Stop/ }).isVisible()).toBe(true);
    finish();
    await run.getByText("Done", { exact: true }).waitFor();
    await run.getByText("The login works again.").waitFor();
    await page.getByLabel("State").selectOption({ label: "Failed" });
    await page.getByText("No run fits").waitFor();
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await run.getByText("Done", { exact: true }).waitFor();
    await page.getByLabel("Find").fill("no such words anywhere");
    await page.getByText("No run fits").waitFor();
    expect(world.complaints.join("\n")).toBe("");
  });

  it("stops a run from the page", async () => {
    agent.play(() => [{ do: "hang" }]);
    await page.goto("/activity");
    const spot = await gitlab.open(gitlab.people.writer, "issue", { title: "Never ends", text: "Broken." });
    await gitlab.comment(gitlab.people.writer, spot, "@openhands do something long");
    const run = page.getByRole("article").filter({ hasText: "Never ends" });
    await run.getByText("Working", { exact: true }).waitFor();
    await run.getByRole("button", { name: /^Stop/ }).click();
    await run.getByText("Stopped", { exact: true }).waitFor();
  });
});
