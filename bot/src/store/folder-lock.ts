import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Failure } from "@ask-openhands/core/failure.ts";

export interface FolderLock {
  release(): void;
}

const holder = (pidFile: string): string => {
  try {
    const { pid, since } = JSON.parse(readFileSync(pidFile, "utf8")) as {
      readonly pid?: unknown;
      readonly since?: unknown;
    };
    return `process ${String(pid)}, running since ${String(since)}`;
  } catch (cause) {
    return `a process that cannot be named (${cause instanceof Error ? cause.name : "unknown"})`;
  }
};

/**
 * Takes a data folder for this process alone, or throws `Failure` (bad-settings) that names the holder.
 * The lock is the operating system's lock on a SQLite file, so it vanishes with its process, however that died; the pid is only written for people.
 */
export const lockFolder = (folder: string, now: () => number = Date.now): FolderLock => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const file = join(folder, "lock");
  const pidFile = join(folder, "lock.json");
  writeFileSync(file, "", { flag: "a", mode: 0o600 });
  const held = new DatabaseSync(file, { timeout: 0 });
  try {
    held.exec("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
  } catch (cause) {
    held.close();
    throw new Failure(
      "bad-settings",
      `The data folder ${folder} is in use by ${holder(pidFile)}. Stop that process, or give this one a data folder of its own (several processes need PostgreSQL).`,
      { cause },
    );
  }
  writeFileSync(pidFile, JSON.stringify({ pid: process.pid, since: new Date(now()).toISOString() }), {
    mode: 0o600,
  });
  return {
    release: () => {
      if (!held.isOpen) return;
      rmSync(pidFile, { force: true });
      held.close();
    },
  };
};
