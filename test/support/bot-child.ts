import { startBot } from "@ask-openhands/bot/compose/start-bot.ts";
import { giveBack } from "@ask-openhands/bot/give-back.ts";
import type { BotStart } from "./bot-process.ts";

/** A bot in a process of its own: settings come over the channel, its port goes back; SIGTERM stops it as in production. */
const ready = async ({ settings, times, clockOff = 0, unbudgeted = false }: BotStart): Promise<void> => {
  const bot = await startBot({
    settings,
    times,
    wall: () => Date.now() + clockOff,
    ...(unbudgeted ? { budget: { take: async () => ({ taken: true as const }) } } : {}),
    print: () => undefined,
  });
  giveBack();
  process.on("SIGTERM", () => {
    bot.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
  process.on("message", (asked) => {
    if (asked !== "weigh") return;
    giveBack();
    const { heapUsed, external } = process.memoryUsage();
    process.send?.({ kept: heapUsed + external });
  });
  process.send?.({ port: bot.port });
};

process.once("message", (start) => {
  ready(start as BotStart).catch((cause: unknown) => {
    process.stderr.write(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
    process.exit(78);
  });
});
// The test that started it is gone.
process.once("disconnect", () => process.exit(0));
