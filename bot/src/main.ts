import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { startBot } from "./compose/start-bot.ts";
import { giveBack } from "./give-back.ts";
import { badSettingsExit, readSettings } from "./settings.ts";

/** Milliseconds that a stop may take beyond STOP_TIMEOUT; what is not done then is left to the leases. */
const stopMargin = 15_000;

const complain = (cause: unknown): void => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
};

const reading = readSettings(process.env, catalog);
if ("problems" in reading) {
  for (const { sentence } of reading.problems) process.stderr.write(`${sentence}\n`);
  process.exit(badSettingsExit);
}

const { settings } = reading;
const starting = startBot({ settings });

// Listened to from the first moment: a signal that comes while the bot starts must not kill it in the middle of something.
let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), settings.stopTimeout + stopMargin).unref();
  try {
    await (await starting).stop();
    process.exit(0);
  } catch (cause) {
    complain(cause);
    process.exit(1);
  }
};
process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());

try {
  const bot = await starting;
  giveBack();
  bot.tellTroubles().catch(complain);
} catch (cause) {
  if (!(cause instanceof Failure)) throw cause;
  process.stderr.write(`${cause.hint}\n`);
  process.exit(badSettingsExit);
}
