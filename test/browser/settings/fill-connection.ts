import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import type { CredentialKind } from "@ask-openhands/core/connection/catalog.ts";
import type { Locator, Page } from "playwright-core";
import type { PlatformWorld, SeededConnection } from "../../contracts/platform-subject.ts";

interface Typed {
  readonly connection: Pick<SeededConnection["connection"], "platform" | "kind" | "host" | "settings">;
  readonly secrets: Readonly<Record<string, string | undefined>>;
}

const kindOf = ({ connection }: Pick<Typed, "connection">): CredentialKind => {
  const kind = catalog.find((one) => one.platform === connection.platform && one.kind === connection.kind);
  if (kind === undefined) throw new Error(`the catalog has no ${connection.platform} ${connection.kind}`);
  return kind;
};

const fill = async (control: Locator, value: string): Promise<void> => {
  const tag = await control.evaluate((element) => element.tagName);
  if (tag === "SELECT") await control.selectOption(value);
  else await control.fill(value);
};

/** Types everything that a connection needs into its form. */
const fillForm = async (form: Locator, seeded: Typed, ca: string | undefined): Promise<void> => {
  const kind = kindOf(seeded);
  await form.locator("summary", { hasText: "More options" }).click();
  if ("usual" in kind.host || "typed" in kind.host)
    await form.locator('[name="host"]').fill(seeded.connection.host);
  for (const { key } of kind.fields) {
    const value = seeded.connection.settings[key] ?? seeded.secrets[key];
    if (value !== undefined) await fill(form.locator(`[name="${key}"]`), value);
  }
  if (ca !== undefined) await form.getByLabel("Private certificate authority").fill(ca);
};

/** The form of this kind: sites are found by their address first. */
const openForm = async (page: Page, seeded: Typed, opened: boolean): Promise<Locator> => {
  const kind = kindOf(seeded);
  if (!opened) await page.goto(`/integrations/${kind.platform}`);
  if (kind.creatorOnly === true && "from" in kind.host) {
    await page
      .getByLabel(/^(Name of your site|Address of your server)/)
      .fill(seeded.connection.settings[kind.host.from] ?? "");
    await page.getByRole("button", { name: "Continue" }).click();
  }
  const radio = page.getByRole("radio", { name: new RegExp(`^${kind.name}`) });
  const form = page.getByRole("form", { name: `Add: ${kind.name}` });
  await form.or(radio).first().waitFor();
  if (await radio.isVisible()) await radio.check();
  return form;
};

interface Ways {
  /** The form is in sight already. */
  readonly opened?: boolean;
  readonly succeeds?: boolean;
  /** Authority of the server's certificate. */
  readonly ca?: string;
}

/** Connects by the form, as a maintainer who means this server of one's own. */
export const connect = async (
  page: Page,
  seeded: Typed,
  { opened = false, succeeds = true, ca }: Ways = {},
): Promise<void> => {
  const form = await openForm(page, seeded, opened);
  await fillForm(form, seeded, ca);
  await form.getByRole("button", { name: "Check and save" }).click();
  const answered = form.getByRole("alert").or(page.getByText(/ is connected/));
  await answered.first().waitFor();
  const approve = form.getByRole("button", { name: /^Approve .* and save$/ });
  if (await approve.isVisible()) {
    await approve.click();
    await approve.waitFor({ state: "detached" });
  }
  if (!succeeds) return form.getByRole("alert").waitFor();
  const refused = form.getByRole("alert");
  await Promise.race([form.waitFor({ state: "detached" }), refused.waitFor()]);
  if (await refused.isVisible()) throw new Error(`refused: ${await refused.textContent()}`);
};

/** Approves, in the workspace's section, the private addresses that a connection names besides its own host. */
export const approveHosts = async (page: Page, { connection }: Typed): Promise<void> => {
  const hosts = Object.values(connection.settings)
    .filter((value) => value.startsWith("http://"))
    .map((value) => new URL(value).host);
  await page.goto("/workspace");
  const form = page.getByRole("form", { name: "Approve a host" });
  for (const host of new Set(hosts)) {
    await form.getByLabel("Host").fill(host);
    await form.getByRole("checkbox").check();
    await form.getByRole("button", { name: "Approve host" }).click();
    await page.getByRole("button", { name: `Take back approval of ${host}` }).waitFor();
  }
};

/** Connects the connection that a fake platform is made for, its private addresses approved before. */
export const connectFirst = async (
  page: Page,
  { connections }: Pick<PlatformWorld, "connections">,
): Promise<void> => {
  const [seeded] = connections;
  if (seeded === undefined) throw new Error("the fake has no connection");
  await approveHosts(page, seeded);
  await connect(page, seeded);
};
