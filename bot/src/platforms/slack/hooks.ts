import { Failure } from "@ask-openhands/core/failure.ts";
import type { HookResource, Hooks } from "../platform.ts";
import type { SlackRooms } from "./connect.ts";
import { missingScopes } from "./inspect.ts";

const byManifest =
  "Slack lets only the app's own settings change what it sends: paste the manifest there (npx pnpm@12 -s slack:manifest).";

/** One row per workspace: Slack has no webhooks to install, the app's manifest says what it sends. */
export const createSlackHooks = (rooms: SlackRooms): Hooks => {
  const describe = async (connectionId: string): Promise<HookResource> => {
    const connection = rooms.byId(connectionId);
    const self = await rooms.self(connection);
    const missing = missingScopes(self.scopes);
    return {
      id: self.team,
      type: "app",
      name: self.teamName,
      url: `https://app.slack.com/client/${self.team}`,
      state: missing.length === 0 ? "installed" : "failed",
      ...(missing.length === 0
        ? {}
        : { error: `The app lacks ${missing.join(", ")}.`, missingRight: byManifest }),
    };
  };
  const refuse = async (): Promise<never> => {
    throw new Failure("not-allowed", byManifest);
  };
  return {
    list: async (connectionId) => [await describe(connectionId)],
    install: refuse,
    repair: refuse,
    remove: refuse,
  };
};
