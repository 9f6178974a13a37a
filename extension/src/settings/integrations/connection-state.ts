import type { ConnectionView } from "@ask-openhands/core/api/types.ts";
import type { Tone } from "../../ui/parts.tsx";
import { holdsClient } from "./holds-client.ts";

const soon = 14 * 86_400_000;

/** How a connection stands, as a word and its colour. */
export const connectionState = (
  connection: Pick<ConnectionView, "active" | "status" | "settings" | "secrets">,
  now = Date.now(),
): readonly [Tone, string] => {
  const { active, status } = connection;
  if (!active) return ["plain", "Switched off"];
  if (status === undefined) return ["plain", "Not checked"];
  if (!status.ok) return ["bad", "Problem"];
  const ends = status.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(status.expiresAt);
  if (ends < now) return ["bad", "Expired"];
  if (ends < now + soon) return ["warn", "Ends soon"];
  // An OAuth application: people sign in with it, itself it has no account.
  if (status.account === undefined && holdsClient(connection)) return ["good", "Ready for sign-in"];
  return status.scopes.some(({ state }) => state === "missing")
    ? ["warn", "Scopes missing"]
    : ["good", "Connected"];
};
