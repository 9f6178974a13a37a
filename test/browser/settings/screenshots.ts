import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { subject as github } from "../../contracts/subjects/github.ts";
import { startGitLabWorld } from "../../contracts/subjects/gitlab.ts";
import { startFakeAgentServer } from "../../fakes/openhands-server/server.ts";
import { agentConnection } from "../../flows/flow.ts";
import { approveHosts, connect } from "./fill-connection.ts";
import { enter, invite, startSettingsWorld } from "./settings-world.ts";

/** Pictures of the settings page for the README, from the running bot on loopback servers. */
const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../docs/images");

const world = await startSettingsWorld();
const hub = await github.start();
const gitlab = await startGitLabWorld();
const agent = await startFakeAgentServer();

const shoot = async (page: Page, name: string): Promise<void> => {
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `settings-${name}.png`), animations: "disabled" });
  process.stdout.write(`docs/images/settings-${name}.png\n`);
};

const ready = async (page: Page, path: string): Promise<void> => {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator(".skeleton").first().waitFor({ state: "detached" });
};

/** One run that is over and one that is going on. */
const work = async (page: Page): Promise<void> => {
  gitlab.deliverTo(`http://127.0.0.1:${world.bot.port}`);
  await ready(page, "/integrations/gitlab");
  await page.getByRole("button", { name: /^Install webhook of acme/ }).click();
  await page.getByText("Installed", { exact: true }).waitFor();
  const { writer } = gitlab.people;
  agent.play(() => [
    { do: "finish", message: "The currency of a cart is kept now; opened !12 with a test for it." },
  ]);
  const first = await gitlab.open(writer, "issue", {
    title: "Cart loses its currency",
    text: "After a reload it is in dollars.",
  });
  await gitlab.comment(writer, first, "@openhands fix this and open a merge request");
  await ready(page, "/activity");
  await page.getByRole("article").getByText("Done", { exact: true }).waitFor();
  agent.play(() => [
    {
      do: "tasks",
      tasks: [
        { title: "Reproduce the failing login", status: "done" },
        { title: "Fix the session check", status: "in_progress" },
        { title: "Run the tests", status: "todo" },
      ],
    },
    {
      do: "terminal",
      command: "npm test -- login",
      summary: "Ran the tests of the login: 1 failed",
      output: "1 failed",
    },
    { do: "hang" },
  ]);
  const second = await gitlab.open(writer, "issue", {
    title: "Login fails after the update",
    text: "Since Monday.",
  });
  await gitlab.comment(writer, second, "@openhands please find out why and fix it");
  await page.getByText("Fix the session check").waitFor();
};

try {
  mkdirSync(folder, { recursive: true });
  const page = await (await world.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await enter(page, world.link, "Mara");
  gitlab.fake.state.hooks.length = 0;
  const self = gitlab.fake.state.users.find(({ id }) => String(id) === gitlab.people.self.id);
  if (self !== undefined)
    for (const name of ["solo/tools", "solo/notes"])
      gitlab.fake.addProject(name, { personal: true }).members.set(self.id, 40);
  for (const seeded of [hub.connections[0], gitlab.connections[0]]) {
    if (seeded === undefined) continue;
    await approveHosts(page, seeded);
    await connect(page, seeded);
  }
  await connect(page, agentConnection(agent));
  await (await invite(world, page, "Nils", "Maintainer")).context().close();
  await work(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [name, path] of [
      ["integrations", "/integrations"],
      ["gitlab", "/integrations/gitlab"],
      ["activity", "/activity"],
    ] as const) {
      await ready(page, path);
      if (name === "activity") await page.getByRole("article").first().waitFor();
      await shoot(page, `${name}-${colorScheme}`);
    }
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await ready(page, "/integrations");
  await shoot(page, "phone-dark");
} finally {
  await world.close();
  await hub.close();
  await gitlab.close();
  await agent.close();
}
