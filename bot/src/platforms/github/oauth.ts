import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { OAuthWay } from "../connect-way.ts";
import type { PlatformDeps } from "../deps.ts";
import { createTokenClient, webUrl } from "./client.ts";

/**
 * Signing in with the GitHub App. What a person's token may do is what the App may do and the person may do; scopes play no part.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
 */
export const createOAuth = (deps: PlatformDeps): OAuthWay => ({
  server(client) {
    const base = `${webUrl(client)}/login/oauth`;
    return { authorize: `${base}/authorize`, token: `${base}/access_token` };
  },
  scopes: () => [],
  personKind: "user",
  async account(client: Connection, accessToken: string) {
    const { data } = await createTokenClient(client, accessToken, deps).rest.users.getAuthenticated();
    return { id: String(data.id), name: data.login };
  },
});
