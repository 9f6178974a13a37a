import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PlatformSubject } from "./platform-subject.ts";

const folder = fileURLToPath(new URL("../../bot/src/platforms", import.meta.url));

/** Every platform folder that there is. */
export const platformFolders: readonly string[] = readdirSync(folder, { withFileTypes: true })
  .filter((one) => one.isDirectory())
  .map(({ name }) => name)
  .toSorted();

const fileOf = (id: string): URL => new URL(`./subjects/${id}.ts`, import.meta.url);

export const hasSubject = (id: string): boolean => existsSync(fileOf(id));

/** The subjects of all folders; `PLATFORM=github` gives one alone. */
export const everySubject = async (): Promise<readonly PlatformSubject[]> => {
  const wanted = platformFolders.filter((id) => hasSubject(id) && (process.env["PLATFORM"] ?? id) === id);
  return Promise.all(
    wanted.map(
      async (id) => ((await import(fileOf(id).href)) as { readonly subject: PlatformSubject }).subject,
    ),
  );
};
