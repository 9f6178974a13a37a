import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { startBot } from "./compose/start-bot.ts";
import { badSettingsExit, readSettings } from "./settings.ts";

/** Longest time between the signal and the end; what is not done then is left to the leases. */
const longestStop = 35_000;

const reading = readSettings(process.env, catalog);
if ("problems" in reading) {
  for (const { sentence } of reading.problems) process.stderr.write(`${sentence}\n`);
  process.exit(badSettingsExit);
}

try {
  const bot = await startBot({ settings: reading.settings });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), longestStop).unref();
    bot.stop().then(
      () => process.exit(0),
      (cause: unknown) => {
        process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
} catch (cause) {
  if (!(cause instanceof Failure)) throw cause;
  process.stderr.write(`${cause.hint}\n`);
  process.exit(badSettingsExit);
}
