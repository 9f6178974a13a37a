import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createLog } from "../log.ts";
import { badSettingsExit, readSettings } from "../settings.ts";
import { moveToPostgres } from "./move-to-postgres.ts";

const usage = "Use: DATABASE_URL=postgres://… DATA_DIR=… pnpm -s migrate:to-postgres, with the bot stopped.";

const fail = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = badSettingsExit;
};

const move = async (): Promise<void> => {
  const reading = readSettings(process.env, catalog);
  if ("problems" in reading) return fail(reading.problems.map(({ sentence }) => sentence).join("\n"));
  const { dataDir, databaseUrl } = reading.settings;
  if (databaseUrl === undefined) return fail(`DATABASE_URL is not set. ${usage}`);
  const log = createLog({
    level: "warn",
    format: "pretty",
    redact: (text) => text.replaceAll(databaseUrl, "…"),
  });
  const { rows } = await moveToPostgres(dataDir, databaseUrl, log);
  for (const [table, count] of Object.entries(rows)) console.log(`${table.padEnd(10)} ${count}`);
  console.log(
    `Moved. Start the bot with DATABASE_URL and the same key: SECRET_KEY, SECRET_KEY_FILE, or ${dataDir}/secret.key.`,
  );
};

try {
  await move();
} catch (cause) {
  if (!(cause instanceof Failure)) throw cause;
  fail(cause.hint);
}
