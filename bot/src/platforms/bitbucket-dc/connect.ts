import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp, type Http, type HttpRequest } from "@ask-openhands/core/http/http.ts";
import type { OwnAccount } from "../bitbucket-account.ts";
import type { BitbucketUser } from "../bitbucket-api.ts";
import { type BitbucketSites, createBitbucketSites } from "../bitbucket-sites.ts";
import type { PlatformDeps } from "../deps.ts";
import { createOAuthTokens } from "../oauth-token.ts";
import { createDcApi, type DcApi } from "./api.ts";
import { platform } from "./hear.ts";
import { dcHooks } from "./hooks.ts";

/**
 * The address that was typed for the connection (a server without https), if it is the host's own; else `https://` and the host. What the
 * server answers decides who may write, so no other address than the host's is ever asked.
 */
export const typedAddress = ({ host, settings }: Connection): string | undefined => {
  const typed = (settings["baseUrl"] ?? "").trim().replace(/\/+$/, "");
  const address = /^https?:\/\//.test(typed) ? typed : `https://${typed}`;
  if (typed === "" || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") return undefined;
  return `${url.host}${url.pathname.replace(/\/+$/, "")}`.toLowerCase() === host ? address : undefined;
};

export const baseUrlOf = (connection: Connection): string =>
  typedAddress(connection) ?? `https://${connection.host}`;

export interface DcConnect {
  readonly sites: BitbucketSites;
  api(connection: Connection): DcApi;
  http(connection: Connection, oneTimeToken?: string): Http;
  token(connection: Connection): Promise<string>;
}

const isRefusal = (error: unknown): boolean => error instanceof Failure && error.status === 401;

/** A bot's HTTP access token, or tokens of people who signed in through the Application Link. */
export const createDcConnect = (deps: PlatformDeps): DcConnect => {
  const { connections, now } = deps;
  const oauth = createOAuthTokens({
    connections,
    fetch: deps.fetch,
    now,
    name: "Bitbucket Data Center",
    baseUrl: baseUrlOf,
    tokenPath: "/rest/oauth2/latest/token",
  });

  const token = async (connection: Connection): Promise<string> => {
    if (connection.kind === "oauth") return oauth.token(connection);
    const known = connections.secret(connection, "token");
    if (known) return known;
    throw new Failure(
      "bad-settings",
      `The Bitbucket connection "${connection.name}" has no token. Add one on the settings page.`,
    );
  };

  const http = (connection: Connection, oneTimeToken?: string): Http => {
    const plain = createHttp({
      fetch: deps.fetch,
      baseUrl: baseUrlOf(connection),
      name: "Bitbucket Data Center",
      timeout: 10_000,
      now,
    });
    const signed = (request: HttpRequest, used: string): HttpRequest => ({
      ...request,
      // Bitbucket refuses writes of browsers without this header, and of clients that look like them.
      headers: { ...request.headers, authorization: `Bearer ${used}`, "x-atlassian-token": "no-check" },
    });
    const withToken = async <T>(
      ask: (sign: (request: HttpRequest) => HttpRequest) => Promise<T>,
    ): Promise<T> => {
      const used = oneTimeToken ?? (await token(connection));
      try {
        return await ask((request) => signed(request, used));
      } catch (error) {
        const renewable = connection.kind === "oauth" && oneTimeToken === undefined && isRefusal(error);
        const newer = renewable ? await oauth.renewed(connection, used) : undefined;
        if (newer === undefined || newer === used) throw error;
        return ask((request) => signed(request, newer));
      }
    };
    return {
      json: (schema, request) => withToken((sign) => plain.json(schema, sign(request))),
      reply: (schema, request) => withToken((sign) => plain.reply(schema, sign(request))),
      async *pages(schema, request, next, most) {
        const used = oneTimeToken ?? (await token(connection));
        yield* plain.pages(schema, signed(request, used), next, most);
      },
      bytes: (request) => withToken((sign) => plain.bytes(sign(request))),
      call: (request) => withToken((sign) => plain.call(sign(request))),
    };
  };

  const ownAccount = (connection: Connection, user: BitbucketUser): OwnAccount => ({
    host: connection.host,
    id: user.id,
    calledBy: [`@${user.name}`, `@"${user.name}"`],
    shared: connection.settings["account"] === "person" || connection.kind === "oauth",
  });

  const sites = createBitbucketSites(deps, {
    platform,
    name: "Bitbucket Data Center",
    // The Application Link itself only signs people in.
    speaks: (connection) => connection.kind !== "oauth" || connection.secretNames.includes("accessToken"),
    ownAccount,
    open(connection, oneTimeToken) {
      const used = http(connection, oneTimeToken);
      const base = baseUrlOf(connection);
      return { api: createDcApi(used, base), hooks: dcHooks(used, base) };
    },
  });

  return { sites, http, token, api: (connection) => createDcApi(http(connection), baseUrlOf(connection)) };
};
