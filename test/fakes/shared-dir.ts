import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Folder with specifications and recorded payloads that are not part of the project: `SHARED_DIR`, else `../shared` beside the repository. */
export const sharedDir: string = resolve(root, process.env["SHARED_DIR"] ?? "../shared");

/** Path of a file or folder in `sharedDir`, or `undefined` when it is not there: callers then skip with one clear line. */
export const sharedPath = (...parts: readonly string[]): string | undefined => {
  const path = join(sharedDir, ...parts);
  return existsSync(path) ? path : undefined;
};
