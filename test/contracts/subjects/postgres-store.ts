import { createPostgresStore } from "@ask-openhands/bot/store/postgres.ts";
import type { Store } from "@ask-openhands/bot/store/store.ts";
import { startPostgres } from "../../support/postgres.ts";
import type { StoreSubject } from "../store.ts";

/** A real PostgreSQL, started once for all tests of this process; every test has a database of its own. */
const server = startPostgres();

/** @public Loaded by name. */
export const subject: StoreSubject = {
  name: "postgres",
  open: async (now) => {
    const { url, drop } = await (await server).createDatabase();
    let store: Store = await createPostgresStore({ url, now, connections: 3 });
    return {
      store,
      reopen: async () => {
        await store.close();
        store = await createPostgresStore({ url, now, connections: 3 });
        return store;
      },
      remove: drop,
    };
  },
};
