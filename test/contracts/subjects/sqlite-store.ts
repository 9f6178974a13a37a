import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteStore } from "@ask-openhands/bot/store/sqlite.ts";
import type { Store } from "@ask-openhands/bot/store/store.ts";
import type { StoreSubject } from "../store.ts";

export const subject: StoreSubject = {
  name: "sqlite",
  open: async (now) => {
    const folder = await mkdtemp(join(tmpdir(), "ask-openhands-store-"));
    let store: Store = await createSqliteStore({ folder, now });
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await createSqliteStore({ folder, now });
        return store;
      },
      remove: () => rm(folder, { recursive: true, force: true }),
    };
  },
};
