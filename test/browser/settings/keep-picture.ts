import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../../artefacts/settings");

/** Keeps the page as it is now, for people who look at a run of the tests. */
export const keepPicture = async (page: Page, name: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: "disabled" });
};
