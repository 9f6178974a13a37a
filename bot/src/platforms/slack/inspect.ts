import type { ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { PlatformDeps } from "../deps.ts";
import type { SlackRooms } from "./connect.ts";
import { neededScopes, optionalScopes } from "./manifest.ts";
import { seeSettings } from "./read-manifest.ts";

/** Needed scopes of the token that are missing, by what Slack says with every answer. */
export const missingScopes = (granted: readonly string[]): readonly string[] =>
  granted.length === 0
    ? []
    : neededScopes
        .map((scope) => scope.name)
        .filter((name) => !granted.includes(name) && !optionalScopes.includes(name));

const install =
  "Add the scopes to the app (npx pnpm@12 -s slack:manifest prints them all) and install it to the workspace again.";

/** Who the token is and what it may; never throws for what Slack itself says is wrong. */
export const inspectSlack = async (
  deps: PlatformDeps,
  rooms: SlackRooms,
  connectionId: string,
): Promise<ConnectionStatus> => {
  const connection = rooms.byId(connectionId);
  const checkedAt = new Date(deps.now()).toISOString();
  const tokenKind = connection.secretNames.includes("appToken") ? "bot token (Socket Mode)" : "bot token";
  try {
    const self = await rooms.refresh(connection);
    const missing = missingScopes(self.scopes);
    const seen = await seeSettings(deps, rooms, connection);
    return {
      ok: missing.length === 0,
      account: { id: self.user, name: self.teamName, url: `https://app.slack.com/client/${self.team}` },
      tokenKind,
      scopes: neededScopes.map((scope) => ({
        ...scope,
        state: ((): "present" | "missing" | "unknown" => {
          if (self.scopes.length === 0) return "unknown";
          return self.scopes.includes(scope.name) ? "present" : "missing";
        })(),
      })),
      checkedAt,
      ...("unseen" in seen ? { notes: [seen.unseen] } : {}),
      ...(missing.length === 0 ? {} : { problem: `The app lacks ${missing.join(", ")}.`, cure: install }),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      ok: false,
      tokenKind,
      scopes: neededScopes.map((scope) => ({ ...scope, state: "unknown" })),
      problem: error.hint,
      ...(error.passing
        ? {}
        : { cure: "Install the app to the workspace again and save its new bot token here." }),
      checkedAt,
    };
  }
};
