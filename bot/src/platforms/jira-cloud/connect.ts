import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { createHttp, type Http } from "@ask-openhands/core/http/http.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import { inspectJira, type Probe, rightProbe } from "../jira-inspect.ts";
import type { JiraSites } from "../jira-sites.ts";

/** The part of the client that we use, so that it can be made when the cloud id is known. */
export type CloudHttp = Pick<Http, "json" | "bytes" | "call">;

export const siteOfConnection = (connection: Connection): string =>
  connection.settings["site"]?.replace(/\/+$/, "") || `https://${connection.host}`;

const TenantInfo = z.object({ cloudId: z.string().regex(/^[\w-]{8,64}$/) });

const basic = (email: string, token: string): string =>
  `Basic ${Buffer.from(`${email}:${token}`).toString("base64")}`;

/** Scoped tokens are refused on the site itself: they go through the gateway, under the site's cloud id, which the site tells without credentials. */
export const createCloudConnect = (deps: PlatformDeps) => {
  const cloudIds = new Map<string, string>();

  const cloudIdOf = async (connection: Connection): Promise<string> => {
    const known = cloudIds.get(connection.host) ?? connection.settings["cloudId"];
    if (known) return known;
    const site = createHttp({
      fetch: deps.fetch,
      baseUrl: siteOfConnection(connection),
      name: "Jira",
      now: deps.now,
    });
    const { cloudId } = await site.json(TenantInfo, { path: "/_edge/tenant_info" });
    cloudIds.set(connection.host, cloudId);
    return cloudId;
  };

  const baseOf = async (connection: Connection): Promise<string> => {
    if (connection.kind !== "scoped-token") return siteOfConnection(connection);
    const gateway = (connection.settings["gateway"] ?? "https://api.atlassian.com").replace(/\/+$/, "");
    return `${gateway}/ex/jira/${await cloudIdOf(connection)}`;
  };

  /** `oneTimeToken` is `email:token` of an administrator, used on the site itself. */
  const http = (connection: Connection, oneTimeToken?: string): CloudHttp => {
    const make = async (): Promise<Http> => {
      const [email = "", ...token] = (
        oneTimeToken ??
        `${connection.settings["email"] ?? ""}:${deps.connections.secret(connection, "token") ?? ""}`
      ).split(":");
      return createHttp({
        fetch: deps.fetch,
        baseUrl: oneTimeToken === undefined ? await baseOf(connection) : siteOfConnection(connection),
        name: "Jira",
        headers: { authorization: basic(email, token.join(":")) },
        secrets: [token.join(":")],
        timeout: 10_000,
        now: deps.now,
      });
    };
    return {
      json: async (schema, request) => (await make()).json(schema, request),
      bytes: async (request) => (await make()).bytes(request),
      call: async (request) => (await make()).call(request),
    };
  };

  return { http };
};

const scoped: readonly Probe[] = [
  { name: "read:me", for: "knowing which account we are", test: () => "present" },
  {
    name: "read:jira-work",
    for: "reading tickets and comments",
    test: (_api, rights) => (rights === undefined ? "missing" : "present"),
  },
  // No call shows it without writing something.
  { name: "write:jira-work", for: "posting the report", test: () => "unknown" },
];

const rights: readonly Probe[] = [
  rightProbe("BROWSE_PROJECTS", "reading tickets"),
  rightProbe("ADD_COMMENTS", "posting the report"),
];

export const inspectCloud = async (
  deps: PlatformDeps,
  sites: JiraSites,
  connectionId: string,
): Promise<ConnectionStatus> => {
  const connection = sites.connection(connectionId);
  const isScoped = connection.kind === "scoped-token";
  return inspectJira({
    connection,
    api: sites.api(connection),
    tokenKind: isScoped ? "scoped API token" : "classic API token",
    probes: isScoped ? [...scoped, ...rights] : rights,
    now: deps.now(),
    cure: isScoped
      ? "Create a token with the scopes read:me, read:jira-work and write:jira-work for an account that may browse and comment, and save it here."
      : "Create a new API token for an account that may browse and comment, and save it here. Tokens end after at most a year.",
  });
};
