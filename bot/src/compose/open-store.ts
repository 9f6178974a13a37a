import type { Log } from "../log.ts";
import type { Settings } from "../settings.ts";
import type { FolderLock } from "../store/folder-lock.ts";
import { createSqliteStore } from "../store/sqlite.ts";
import type { Store } from "../store/store.ts";

/** The store that the settings ask for. */
export const openStore = async (settings: Settings, lock: FolderLock, _log: Log): Promise<Store> =>
  createSqliteStore({ folder: settings.dataDir, lock });
