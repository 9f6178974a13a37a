import { constants, existsSync } from "node:fs";
import { copyFile, link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Adapter } from "lowdb";
import type { Log } from "../log.ts";

const syncPath = async (path: string): Promise<void> => {
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);

/**
 * A JSON file for lowdb that is on disk when `write` resolves, whole at every moment, and readable by its owner only.
 * lowdb's own adapters neither fsync nor set a mode. The state before the last write stays beside it as `.bak`.
 */
export const createDurableFile = <T>(
  folder: string,
  name: string,
  isValid: (value: unknown) => value is T,
  log: Log,
): Adapter<T> => {
  const path = join(folder, name);
  const backup = `${path}.bak`;
  const next = `${path}.tmp`;

  const readOne = async (from: string): Promise<T | undefined> => {
    try {
      const value: unknown = JSON.parse(await readFile(from, "utf8"));
      if (isValid(value)) return value;
      log.error({ file: from }, "A data file has an unknown format");
    } catch (cause) {
      if (codeOf(cause) === "ENOENT") return undefined;
      if (!(cause instanceof SyntaxError))
        throw new Failure(
          "bad-settings",
          `The data file ${from} cannot be read (${codeOf(cause)}). Check its owner and permissions.`,
          { cause },
        );
      log.error({ file: from }, "A data file is damaged");
    }
    return undefined;
  };

  const read = async (): Promise<T | null> => {
    const value = await readOne(path);
    if (value !== undefined) return value;
    const earlier = await readOne(backup);
    if (earlier !== undefined) {
      log.warn(
        { file: backup },
        "The data file was missing or damaged; the copy of its last good state is used",
      );
      if (existsSync(path)) await copyFile(path, `${path}.damaged`);
      return earlier;
    }
    if (existsSync(path) || existsSync(backup)) {
      throw new Failure(
        "bad-settings",
        `The data file ${path} and its copy ${backup} are damaged. Restore the data folder from a backup.`,
      );
    }
    return null;
  };

  const write = async (data: T): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rm(next, { force: true });
    const handle = await open(next, "wx", 0o600);
    try {
      await handle.writeFile(JSON.stringify(data));
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (existsSync(path)) {
      await rm(backup, { force: true });
      await link(path, backup);
    }
    await rename(next, path);
    // The new name itself is only durable once the folder is.
    await syncPath(folder);
  };

  return { read, write };
};
