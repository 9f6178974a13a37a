import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Log } from "../log.ts";
import type { Settings } from "../settings.ts";
import type { SteadyClock } from "../steady-clock.ts";
import { type FolderLock, lockFolder } from "../store/folder-lock.ts";
import { aloneLeads, type Leadership } from "../store/leadership.ts";
import { createSqliteStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";
import { keepTime } from "./keep-time.ts";

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

/** PostgreSQL's client takes 4 MB: only a bot that has a database pays. */
const loadPostgres = () => import("../store/postgres.ts");

export interface OpenedStore {
  readonly store: Store;
  /** The time that the store's times are of. */
  readonly clock: SteadyClock;
  close(): Promise<void>;
}

/** The store that the settings ask for: PostgreSQL when they name a database, else SQLite in the data folder. Its clock is the database's or this machine's. */
export const openStore = async (
  { dataDir, databaseUrl }: Settings,
  lock: FolderLock,
  wall: () => number,
): Promise<OpenedStore> => {
  let now = wall;
  const store =
    databaseUrl === undefined
      ? await createSqliteStore({ folder: dataDir, lock, now: () => now() })
      : await (await loadPostgres()).createPostgresStore({ url: databaseUrl, now: () => now() });
  try {
    const kept = await keepTime(store, wall);
    now = kept.clock.now;
    return {
      store,
      clock: kept.clock,
      close: async () => {
        await kept.stop();
        await store.close();
      },
    };
  } catch (cause) {
    await store.close();
    throw cause;
  }
};

/** Who sweeps and polls: this process when it is alone, else one of those that share the database. */
export const openLeadership = async ({ databaseUrl }: Settings, log: Log): Promise<Leadership> => {
  if (databaseUrl === undefined) return aloneLeads;
  const { createPostgresLeadership } = await import("../store/postgres/leadership.ts");
  return createPostgresLeadership(databaseUrl, log);
};
