import { Failure } from "@ask-openhands/core/failure.ts";
import { listed } from "@ask-openhands/core/render/words.ts";
import type { PlatformDeps } from "../deps.ts";
import type { HookResource, Hooks } from "../platform.ts";
import type { SlackRooms } from "./connect.ts";

import { missingScopes } from "./inspect.ts";
import { seeSettings } from "./read-manifest.ts";

const byManifest =
  "Slack lets only the app's own settings change what it sends: paste the manifest (npx pnpm@12 -s slack:manifest) at api.slack.com/apps → App Manifest, then install the app again.";

/** One row per workspace: Slack has no webhooks to install, the app's manifest says what it sends. */
export const createSlackHooks = (deps: PlatformDeps, rooms: SlackRooms): Hooks => {
  const describe = async (connectionId: string): Promise<HookResource> => {
    const connection = rooms.byId(connectionId);
    const self = await rooms.self(connection);
    const missing = missingScopes(self.scopes);
    const seen = await seeSettings(deps, rooms, connection);
    const wrong = [
      ...(missing.length === 0 ? [] : [`the app lacks ${listed(missing)}`]),
      ...("drift" in seen ? seen.drift : []),
    ];
    return {
      id: self.team,
      type: "app",
      name: self.teamName,
      url: `https://app.slack.com/client/${self.team}`,
      state: wrong.length === 0 ? "installed" : "failed",
      ...(wrong.length === 0 ? {} : { error: `${wrong.join("; ")}.`, missingRight: byManifest }),
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
