import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp } from "@ask-openhands/core/http/http.ts";
import * as z from "zod";
import type { Connections } from "../people/connections.ts";

export interface OAuthTokenSettings {
  readonly connections: Connections;
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** What people call the server: "GitLab". */
  readonly name: string;
  /** Address of the server, without a slash at the end. */
  baseUrl(connection: Connection): string;
  /** Path of its token endpoint. */
  readonly tokenPath: string;
}

export interface OAuthTokens {
  /** An access token that is good for at least a minute. */
  token(connection: Connection): Promise<string>;
  /** The server refused `refused`: a newer one, or `undefined` when there is none. */
  renewed(connection: Connection, refused: string): Promise<string | undefined>;
}

const Tokens = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().nullish(),
  expires_in: z.number().positive().nullish(),
});
const minute = 60_000;

/** From this moment (epoch milliseconds) `token` gives another one, and servers that hand out refresh tokens once forget the one before. */
export const renewsAfter = (connection: Connection): number | undefined => {
  const at = Date.parse(connection.settings["expiresAt"] ?? "");
  return Number.isNaN(at) ? undefined : at - minute;
};

/**
 * Access tokens of OAuth connections: secrets `accessToken` and `refreshToken`, setting `expiresAt` (ISO 8601). The client stands in the connection itself,
 * or in the one that setting `client` names (a person's connection made through the workspace's application). A refresh token works once, so one
 * refresh per connection runs at a time, and its result is stored before it is used.
 */
export function createOAuthTokens(settings: OAuthTokenSettings): OAuthTokens {
  const { connections, now } = settings;
  const running = new Map<string, Promise<string>>();

  const current = (id: string): Connection => {
    const connection = connections.get(id);
    if (connection === undefined)
      throw new Failure("bad-settings", "This connection was removed. Connect the account again.");
    return connection;
  };

  const refresh = async (connection: Connection): Promise<string> => {
    const client = connections.get(connection.settings["client"] ?? "") ?? connection;
    const clientId = client.settings["clientId"];
    const clientSecret = connections.secret(client, "clientSecret");
    const refreshToken = connections.secret(connection, "refreshToken");
    if (!clientId || !refreshToken) {
      throw new Failure(
        "bad-credentials",
        `The sign-in to ${settings.name} (${connection.host}) has run out. Connect the account again.`,
      );
    }
    const http = createHttp({
      fetch: settings.fetch,
      baseUrl: settings.baseUrl(connection),
      name: settings.name,
      secrets: [refreshToken, clientSecret ?? ""].filter(Boolean),
      // A post waits for it, and must be over before it is looked for.
      timeout: 10_000,
      now,
    });
    const form = {
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      client_id: clientId,
      ...(clientSecret ? { client_secret: clientSecret } : {}),
    };
    const tokens = await http
      .json(Tokens, { method: "POST", path: settings.tokenPath, form })
      .catch((error: unknown) => {
        // Another process of ours may have used the refresh token up a moment ago.
        const other = connections.secret(current(connection.id), "refreshToken");
        if (error instanceof Failure && !error.passing && other !== refreshToken) return undefined;
        if (error instanceof Failure && (error.status === 400 || error.status === 401)) {
          throw new Failure(
            "bad-credentials",
            `${settings.name} (${connection.host}) no longer accepts this sign-in. Connect the account again.`,
            { cause: error, status: error.status },
          );
        }
        throw error;
      });
    if (tokens === undefined) return stored(current(connection.id));
    await connections.renew(connection.id, {
      settings: { expiresAt: new Date(now() + (tokens.expires_in ?? 7_200) * 1_000).toISOString() },
      secrets: {
        accessToken: tokens.access_token,
        ...(tokens.refresh_token ? { refreshToken: tokens.refresh_token } : {}),
      },
    });
    return tokens.access_token;
  };

  const refreshOnce = (connection: Connection): Promise<string> => {
    const going =
      running.get(connection.id) ?? refresh(connection).finally(() => running.delete(connection.id));
    running.set(connection.id, going);
    return going;
  };

  const stored = (connection: Connection): string => {
    const token = connections.secret(connection, "accessToken");
    if (!token)
      throw new Failure(
        "bad-credentials",
        `Nobody has signed in to ${settings.name} (${connection.host}) with this connection yet. Connect the account.`,
      );
    return token;
  };

  return {
    async token(given) {
      const connection = current(given.id);
      return (renewsAfter(connection) ?? Number.POSITIVE_INFINITY) < now()
        ? refreshOnce(connection)
        : stored(connection);
    },
    async renewed(given, refused) {
      const connection = current(given.id);
      const token = stored(connection);
      return token === refused ? refreshOnce(connection) : token;
    },
  };
}
