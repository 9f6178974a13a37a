import type { Page } from "playwright-core";
import type { Front } from "./front.ts";

/** Makes the GitHub App from its manifest, as a maintainer who means this server of one's own, until the browser is away from the form. */
export const makeApp = async (page: Page, { host, ca }: Pick<Front, "host" | "ca">): Promise<void> => {
  await page.goto("/integrations/github");
  const form = page.getByRole("form", { name: "Create the app at GitHub" });
  await form.getByLabel("Host").fill(host);
  if (ca !== "") {
    await form.locator("summary", { hasText: "More options" }).click();
    await form.getByLabel("Private certificate authority").fill(ca);
  }
  await form.getByRole("button", { name: "Create the app at GitHub" }).click();
  const approve = form.getByRole("button", { name: /^Approve .* and save$/ });
  const away = page.waitForURL((url) => !url.pathname.startsWith("/integrations"));
  await Promise.race([approve.waitFor(), away]);
  if (await approve.isVisible()) await approve.click();
  await away;
};
