import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Log } from "../log.ts";
import type { Settings } from "../settings.ts";
import { type FolderLock, lockFolder } from "../store/folder-lock.ts";
import { aloneLeads, createPostgresLeadership, type Leadership } from "../store/postgres/leadership.ts";
import { createPostgresStore } from "../store/postgres.ts";
import { createSqliteStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";

/** Left in a data folder whose content lives in PostgreSQL now. */
export const movedMark = "moved-to-postgres";

const noLock: FolderLock = { release: () => undefined };

/** Takes the data folder for this process alone. With PostgreSQL the folder holds no work, so any number of processes may share it. */
export const takeFolder = ({ dataDir, databaseUrl }: Settings): FolderLock => {
  if (databaseUrl !== undefined) return noLock;
  if (existsSync(join(dataDir, movedMark))) {
    throw new Failure(
      "bad-settings",
      `The content of the data folder ${dataDir} was moved to PostgreSQL. Set DATABASE_URL, or remove the file ${movedMark} there to go on with the old state.`,
    );
  }
  return lockFolder(dataDir);
};

/** The store that the settings ask for: PostgreSQL when they name a database, else SQLite in the data folder. */
export const openStore = (settings: Settings, lock: FolderLock): Promise<Store> =>
  settings.databaseUrl === undefined
    ? createSqliteStore({ folder: settings.dataDir, lock })
    : createPostgresStore({ url: settings.databaseUrl });

/** Who sweeps and polls: this process when it is alone, else one of those that share the database. */
export const openLeadership = ({ databaseUrl }: Settings, log: Log): Promise<Leadership> =>
  databaseUrl === undefined ? Promise.resolve(aloneLeads) : createPostgresLeadership(databaseUrl, log);
