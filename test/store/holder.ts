import { createSqliteStore } from "@ask-openhands/bot/store/sqlite.ts";

/** Entry of a process that holds a data folder until it is killed: `holder.ts FOLDER`. */
await createSqliteStore({ folder: process.argv[2] ?? "" });
process.send?.("holding");
setInterval(() => undefined, 60_000);
