import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { takeFolder } from "../compose/open-store.ts";
import { createLog } from "../log.ts";
import { createLowdbDirectory } from "../people/lowdb-directory.ts";
import { createPostgresDirectory } from "../people/postgres-directory.ts";
import { type Rotation, rotateKeys } from "../people/rotate-keys.ts";
import { badSettingsExit, readSettings, type Settings } from "../settings.ts";

const rotate = async (settings: Settings): Promise<Rotation> => {
  const log = createLog({ level: "warn", format: "pretty", redact: (text) => text });
  const lock = takeFolder(settings);
  try {
    const { databaseUrl } = settings;
    const directory =
      databaseUrl === undefined
        ? await createLowdbDirectory({ folder: settings.dataDir, log })
        : await createPostgresDirectory({ url: databaseUrl, log });
    try {
      return await rotateKeys(settings, directory);
    } finally {
      await directory.close();
    }
  } finally {
    lock.release();
  }
};

const describe = ({ sealed, key, old, from }: Rotation): string => {
  const gone =
    from === "file"
      ? "The old key was removed from the key file; backups made before need it still."
      : `Take the old ${old.length === 1 ? "key" : "keys"} (${old.join(", ")}) out of SECRET_KEY; backups made before need ${old.length === 1 ? "it" : "them"} still.`;
  return `${sealed} values are sealed with the key ${key} now. ${gone}\n`;
};

const reading = readSettings(process.env, catalog);
if ("problems" in reading) {
  for (const { sentence } of reading.problems) process.stderr.write(`${sentence}\n`);
  process.exit(badSettingsExit);
}
try {
  process.stdout.write(describe(await rotate(reading.settings)));
} catch (cause) {
  if (!(cause instanceof Failure)) throw cause;
  process.stderr.write(`${cause.hint}\n`);
  process.exitCode = 1;
}
