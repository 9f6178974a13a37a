import type { Agent } from "@ask-openhands/core/agent/agent.ts";
import { createServerAgent } from "@ask-openhands/core/agent/server.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { GuardedFetch } from "../guarded-fetch.ts";

/** How a connection to OpenHands becomes a back end. */
export const createMakeAgent =
  ({ fetch, openSocket }: Pick<GuardedFetch, "fetch" | "openSocket">) =>
  (connection: Connection, secret: (name: string) => string | undefined): Agent =>
    createServerAgent(
      {
        id: connection.id,
        baseUrl: connection.settings["baseUrl"] ?? "",
        key: secret("sessionKey"),
        model: {
          model: connection.settings["llmModel"] ?? "",
          apiKey: secret("llmApiKey"),
          baseUrl: connection.settings["llmBaseUrl"],
        },
        workspace: connection.settings["workspaceDir"],
      },
      { fetch, openSocket },
    );
