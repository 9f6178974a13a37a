import { readEnvFile } from "../settings/env-file.ts";
import { badSettingsExit } from "../settings.ts";

// Imported before what reads settings, by `bot/start.js` and by the scripts of package.json; so what runs a program by itself, as tests do, reads no file by accident.
const reading = readEnvFile(process.cwd());
if ("problem" in reading) {
  process.stderr.write(`${reading.problem}\n`);
  process.exit(badSettingsExit);
}
if (reading.warning !== undefined) process.stderr.write(`${reading.warning}\n`);
for (const [name, value] of Object.entries(reading.values)) process.env[name] ??= value;
