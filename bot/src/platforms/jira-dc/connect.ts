import { createHmac } from "node:crypto";
import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { createHttp, type Http } from "@ask-openhands/core/http/http.ts";
import type { PlatformDeps } from "../deps.ts";
import { inspectJira, rightProbe } from "../jira-inspect.ts";
import type { JiraSites } from "../jira-sites.ts";

export const baseOfConnection = (connection: Connection): string =>
  connection.settings["baseUrl"]?.replace(/\/+$/, "") || `https://${connection.host}`;

/** Client of a site with its context path. Basic authentication is off by default from Jira 11 on, so tokens go as Bearer. */
export const createDcConnect = (deps: PlatformDeps) => ({
  http(connection: Connection, oneTimeToken?: string): Http {
    const token = oneTimeToken ?? deps.connections.secret(connection, "token") ?? "";
    return createHttp({
      fetch: deps.fetch,
      baseUrl: baseOfConnection(connection),
      name: "Jira",
      headers: { authorization: `Bearer ${token}` },
      secrets: [token],
      timeout: 10_000,
      now: deps.now,
    });
  },
});

/** 128 bits in the hook's address for servers that do not sign (before 10): nobody can make them up, and they tell nothing of the secret. */
export const addressKey = (deps: PlatformDeps, connection: Connection): string | undefined => {
  const secret = deps.connections.secret(connection, "webhookSecret");
  return secret === undefined
    ? undefined
    : createHmac("sha256", secret).update(`address of ${connection.id}`).digest("hex").slice(0, 32);
};

const probes = [
  rightProbe("BROWSE_PROJECTS", "reading tickets and comments"),
  rightProbe("ADD_COMMENTS", "posting the report"),
  rightProbe("EDIT_OWN_COMMENTS", "keeping the report up to date"),
];

export const inspectDc = async (
  deps: PlatformDeps,
  sites: JiraSites,
  connectionId: string,
): Promise<ConnectionStatus> => {
  const connection = sites.connection(connectionId);
  return inspectJira({
    connection,
    api: sites.api(connection),
    tokenKind: "personal access token",
    probes,
    now: deps.now(),
    cure: "Create a new personal access token for a service account that may browse projects and comment, and save it here.",
  });
};
