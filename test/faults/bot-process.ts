import { readFileSync } from "node:fs";
import { startBot } from "@ask-openhands/bot/compose/start-bot.ts";
import type { EngineTimes } from "@ask-openhands/bot/engine/engine-deps.ts";
import type { Settings } from "@ask-openhands/bot/settings.ts";

/** Entry of a bot in a process of its own, so that it can be killed: `bot-process.ts CONFIG.json`. Tells its parent the port when it is ready. */
export interface ProcessConfig {
  readonly settings: Settings;
  readonly times: EngineTimes;
}

const { settings, times } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as ProcessConfig;
const bot = await startBot({
  settings,
  times,
  budget: { take: async () => ({ taken: true }) },
  print: () => undefined,
});
process.send?.({ port: bot.port });
process.on("SIGTERM", () => {
  void bot.stop().then(() => process.exit(0));
});
