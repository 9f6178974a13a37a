import { isHookSecret } from "@ask-openhands/core/connection/hook-secret.ts";
import type { Owner } from "../people/records.ts";
import { fieldProblems } from "./read-connection.ts";

/** Who knows the secret of a webhook speaks as anybody of that server; maintainers are trusted with that for their workspace, nobody else is. */
export const refuseHookSecrets = (owner: Owner, secrets: Readonly<Record<string, string | null>>): void => {
  if (owner.kind === "workspace") return;
  const typed = Object.entries(secrets).flatMap(([name, value]) =>
    value !== null && value !== "" && isHookSecret(name) ? [name] : [],
  );
  if (typed.length === 0) return;
  const detail =
    "A connection of your own has no webhook, because its secret would speak for everybody: leave it out, or ask a maintainer to connect this for the workspace.";
  throw fieldProblems(typed.map((field) => ({ field, detail })));
};
