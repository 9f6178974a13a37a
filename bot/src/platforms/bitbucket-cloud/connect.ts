import { gitUserOf } from "@ask-openhands/core/agent/git-user.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp, type Http } from "@ask-openhands/core/http/http.ts";
import type { OwnAccount } from "../bitbucket-account.ts";
import type { BitbucketUser } from "../bitbucket-api.ts";
import { type BitbucketSites, createBitbucketSites } from "../bitbucket-sites.ts";
import type { PlatformDeps } from "../deps.ts";
import type { AgentToken } from "../platform.ts";
import { type CloudApi, createCloudApi, type Scope } from "./api.ts";
import { type CloudClient, createCloudClient } from "./client.ts";
import { platform } from "./hear.ts";
import { cloudHooks } from "./hooks.ts";

export const endOfAppPasswords =
  "This is an app password. Bitbucket has ended app passwords in June 2026. Create an API token with scopes (or an access token of the repository, project or workspace) and save it here.";

/** App passwords begin with ATBB; older ones went with a user name where API tokens go with an e-mail address. */
export const isAppPassword = (connection: Connection, token: string): boolean =>
  token.startsWith("ATBB") ||
  (connection.kind === "token" && !(connection.settings["email"] ?? "").includes("@"));

const tokenOf = (deps: PlatformDeps, connection: Connection): string => {
  const token = deps.connections.secret(connection, "token");
  if (token) return token;
  throw new Failure(
    "bad-settings",
    `The Bitbucket connection "${connection.name}" has no token. Add one on the settings page.`,
  );
};

/** API tokens go with the e-mail address, access tokens alone. A one-time token with a colon is `email:token`. */
const authorization = (deps: PlatformDeps, connection: Connection, oneTimeToken?: string): string => {
  const token = oneTimeToken ?? tokenOf(deps, connection);
  if (oneTimeToken === undefined && isAppPassword(connection, token))
    throw new Failure("bad-credentials", endOfAppPasswords);
  const email = connection.kind === "token" ? (connection.settings["email"] ?? "") : "";
  if (oneTimeToken?.includes(":") || (email && oneTimeToken === undefined))
    return `Basic ${Buffer.from(oneTimeToken ?? `${email}:${token}`).toString("base64")}`;
  return `Bearer ${token}`;
};

/** The repositories that a connection is kept to; none: all. */
export const namedRepositories = ({ settings }: Pick<Connection, "settings">): readonly string[] =>
  (settings["repositories"] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);

const usualApi = "https://api.bitbucket.org/2.0";

/** The address that was typed for the API; `undefined` for one that cannot be used. */
const typedApi = ({ settings }: Connection): string | undefined => {
  const typed = settings["apiUrl"] ?? "";
  if (!/^https?:/.test(typed) || !URL.canParse(typed)) return undefined;
  const { username, password } = new URL(typed);
  return username === "" && password === "" ? typed.replace(/\/+$/, "") : undefined;
};

/** Throws `bad-settings` for an address that somebody typed and that is none. */
export const requireApiAddress = (connection: Connection): void => {
  if (!connection.settings["apiUrl"] || typedApi(connection) !== undefined) return;
  throw new Failure(
    "bad-settings",
    "The API address of this connection is not a web address. Write it as https://host/2.0, without a user name, or leave it out.",
  );
};

/**
 * Where the API is. Somebody's own connection may only name an address that the workspace uses too: the answers decide who may write,
 * and must not come from a server of the asker's choice.
 */
export const apiAddress = ({ connections }: PlatformDeps, connection: Connection): string => {
  const named = (one: Connection): string => typedApi(one) ?? usualApi;
  const own = named(connection);
  if (connection.owner.kind === "workspace") return own;
  const trusted = connections.list(platform).filter(({ owner }) => owner.kind === "workspace");
  return trusted.some((one) => named(one) === own) ? own : usualApi;
};

/** The client says what is wrong with credentials when it is used, not when it is made. */
const httpOf = (deps: PlatformDeps, connection: Connection, oneTimeToken?: string): Http =>
  createHttp({
    fetch: deps.fetch,
    baseUrl: apiAddress(deps, connection),
    name: "Bitbucket",
    headers: () => ({ authorization: authorization(deps, connection, oneTimeToken) }),
    secrets: [oneTimeToken ?? deps.connections.secret(connection, "token") ?? ""].filter(Boolean),
    timeout: 10_000,
    now: deps.now,
  });

export interface CloudConnect {
  readonly sites: BitbucketSites;
  api(connection: Connection): CloudApi;
  client(connection: Connection, oneTimeToken?: string): CloudClient;
  token(connection: Connection): Promise<Omit<AgentToken, "name">>;
}

const ownAccount = (connection: Connection, user: BitbucketUser): OwnAccount => {
  const said = connection.settings["account"];
  return {
    host: connection.host,
    id: user.id,
    calledBy: [`@{${user.name}}`, `@{${user.id}}`, `@${user.id}`],
    // Nobody but us writes with an access token; an API token belongs to somebody.
    shared: said === "person" || (said !== "bot" && connection.kind === "token"),
  };
};

export const createCloudConnect = (deps: PlatformDeps): CloudConnect => {
  const client = (connection: Connection, oneTimeToken?: string, over = deps): CloudClient =>
    createCloudClient(httpOf(over, connection, oneTimeToken), apiAddress(deps, connection));
  const scopeOf = ({ kind, settings }: Connection): Scope => ({
    workspace: settings["workspace"] || undefined,
    repositories: namedRepositories({ settings }),
    hasRole: kind === "token",
  });
  const api = (connection: Connection): CloudApi => createCloudApi(client(connection), scopeOf(connection));

  const sites = createBitbucketSites(deps, {
    platform,
    name: "Bitbucket Cloud",
    speaks: () => true,
    typedAddress(connection) {
      const typed = typedApi(connection);
      return typed === usualApi ? undefined : typed;
    },
    ownAccount,
    open(connection, oneTimeToken) {
      let requests = 0;
      const counted: typeof fetch = (...request) => {
        requests += 1;
        return deps.fetch(...request);
      };
      const used = client(connection, oneTimeToken, { ...deps, fetch: counted });
      const calls = createCloudApi(used, scopeOf(connection));
      return { api: calls, hooks: cloudHooks(used, calls), requests: () => requests };
    },
  });

  return {
    sites,
    api,
    client,
    token(connection) {
      const value = deps.connections.secret(connection, "agentToken") ?? tokenOf(deps, connection);
      const email = connection.settings["email"];
      return Promise.resolve({
        value,
        gitUser: connection.kind === "token" ? gitUserOf(platform, value) : "x-token-auth",
        // The REST API wants `email:token`, git the token alone.
        ...(email && connection.kind === "token" ? { also: { BITBUCKET_USERNAME: email } } : {}),
      });
    },
  };
};
