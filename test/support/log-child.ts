import { createLog } from "@ask-openhands/bot/log.ts";

/** Writes to its log without end, and tells its parent that it lives. */
const log = createLog({ level: "info", format: "json", redact: (text) => text });
setInterval(() => {
  for (let line = 0; line < 20; line += 1) log.info({ text: "x".repeat(500) }, "line");
  process.send?.("alive");
}, 50);
process.once("disconnect", () => process.exit(0));
