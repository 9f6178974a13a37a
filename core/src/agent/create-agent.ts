import type { Connection } from "../connection/connection.ts";
import { Failure } from "../failure.ts";
import type { HttpCall } from "../http/http.ts";
import type { Agent } from "./agent.ts";
import { createCloudAgent } from "./cloud.ts";
import { createServerAgent } from "./server.ts";
import type { OpenSocket } from "./server-listen.ts";
import type { ModelSettings } from "./server-start.ts";

export interface AgentDeps {
  readonly fetch: typeof fetch;
  /** Plain value of a secret of the connection. */
  readonly secret: (name: string) => string | undefined;
  /** `(url) => new WebSocket(url)` in Node and in browsers; without it back ends are polled. */
  readonly openSocket?: OpenSocket | undefined;
  readonly now?: (() => number) | undefined;
  readonly onCall?: ((call: HttpCall) => void) | undefined;
}

const filled = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === "" ? undefined : value.trim();

const number = (value: string | undefined): number | undefined => {
  const parsed = Number(filled(value));
  return Number.isInteger(parsed) && parsed > 0 ? parsed : undefined;
};

const modes = ["auto", "chat", "responses"] as const;

const modelOf = (settings: Connection["settings"], secret: AgentDeps["secret"]): ModelSettings => ({
  model: filled(settings["llmModel"]),
  baseUrl: filled(settings["llmBaseUrl"]),
  apiKey: filled(secret("llmApiKey")),
  apiMode: modes.find((mode) => mode === settings["llmApi"]),
});

const baseUrlOf = (connection: Connection): string =>
  filled(connection.settings["baseUrl"]) ?? `https://${connection.host}`;

/** By `Connection.kind`, as the catalog names them; the settings have the keys of the catalog's fields. */
const kinds: Readonly<Record<string, (connection: Connection, deps: AgentDeps) => Agent>> = {
  cloud: (connection, deps) =>
    createCloudAgent(
      {
        id: connection.id,
        baseUrl: baseUrlOf(connection),
        key: filled(deps.secret("apiKey")),
        auth: connection.settings["auth"] === "session-key" ? "session-key" : "bearer",
        orgId: filled(connection.settings["organization"]),
      },
      deps,
    ),
  server: (connection, deps) =>
    createServerAgent(
      {
        id: connection.id,
        baseUrl: baseUrlOf(connection),
        key: filled(deps.secret("sessionKey")),
        model: modelOf(connection.settings, deps.secret),
        workspace: filled(connection.settings["workspaceDir"]),
        maxSteps: number(connection.settings["maxSteps"]),
      },
      deps,
    ),
};

/** The back end of a connection whose platform is `openhands`: kinds `cloud` and `server`. */
export const createAgent = (connection: Connection, deps: AgentDeps): Agent => {
  const create = kinds[connection.kind];
  if (create === undefined)
    throw new Failure("bad-settings", `"${connection.name}" is no kind of OpenHands back end that we know.`);
  return create(connection, deps);
};
