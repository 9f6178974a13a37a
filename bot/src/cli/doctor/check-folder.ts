import { accessSync, constants, existsSync, statSync } from "node:fs";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { People } from "../../people/open-people.ts";
import type { Settings } from "../../settings.ts";
import { type Check, ok, trouble, unknown } from "./check.ts";

/** Data folder: there, ours alone, writable. Its content was read already when this is asked. */
export const checkFolder = ({ dataDir }: Settings): Check => {
  if (!existsSync(dataDir))
    return unknown("Data folder", `${dataDir} is not there yet; the first start makes it.`);
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return trouble(
      "Data folder",
      `${dataDir} cannot be written.`,
      "Give it to the user that the bot runs as.",
    );
  }
  const mode = statSync(dataDir).mode & 0o077;
  return mode === 0
    ? ok("Data folder", `${dataDir} is readable by its owner only.`)
    : trouble(
        "Data folder",
        `${dataDir} can be read by other users of this machine.`,
        `Run \`chmod 700 ${dataDir}\`.`,
      );
};

export const checkAudit = ({ audit }: People): Check =>
  audit.brokenAt === undefined
    ? ok("Audit", "The chain of entries is whole.")
    : trouble(
        "Audit",
        `Entry ${audit.brokenAt} was changed, removed or moved outside the bot.`,
        "Compare the data folder with a backup.",
      );

/** Whether the bot answers at the address that people and platforms use. */
export const checkPublicUrl = async ({ publicUrl }: Settings, ask: typeof fetch): Promise<Check> => {
  const name = "Public address";
  const { hostname, protocol } = new URL(publicUrl);
  if (hostname === "localhost" || hostname === "127.0.0.1") {
    return unknown(
      name,
      `${publicUrl} is reachable from this machine only: no webhook arrives, asks are found by polling.`,
      "Set PUBLIC_URL to the address by which others reach the bot.",
    );
  }
  if (protocol === "http:")
    return trouble(
      name,
      `${publicUrl} is not encrypted: tokens and cookies can be read on the way.`,
      "Put the bot behind a proxy with TLS and set PUBLIC_URL to its https address.",
    );
  try {
    const response = await ask(`${publicUrl}/health`, {
      signal: AbortSignal.timeout(10_000),
      redirect: "manual",
    });
    if (response.ok) return ok(name, `${publicUrl} answers.`);
    return trouble(
      name,
      `${publicUrl}/health answers ${response.status}.`,
      "Check that the bot runs and that the proxy sends this address to it.",
    );
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    const why = cause instanceof Failure ? cause.hint : "There is no answer.";
    return trouble(
      name,
      `${publicUrl} could not be reached from here. ${why}`,
      "Check that the bot runs, the name resolves, and the proxy sends this address to it.",
    );
  }
};
