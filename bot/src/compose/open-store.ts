import type { Settings } from "../settings.ts";
import type { FolderLock } from "../store/folder-lock.ts";
import { createPostgresStore } from "../store/postgres.ts";
import { createSqliteStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";

/** The store that the settings ask for: PostgreSQL when they name a database, else SQLite in the data folder. */
export const openStore = (settings: Settings, lock: FolderLock): Promise<Store> =>
  settings.databaseUrl === undefined
    ? createSqliteStore({ folder: settings.dataDir, lock })
    : createPostgresStore({ url: settings.databaseUrl });
