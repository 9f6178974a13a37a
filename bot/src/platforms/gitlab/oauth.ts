import type { OAuthWay } from "../connect-way.ts";
import type { PlatformDeps } from "../deps.ts";
import { createGitLabApi } from "./api.ts";
import { baseUrlOf } from "./connect.ts";

/** Signing in with an application of the GitLab server. https://docs.gitlab.com/api/oauth2/#authorization-code-with-proof-key-for-code-exchange-pkce */
export const createGitLabOAuth = (deps: PlatformDeps): OAuthWay => ({
  server(client) {
    const base = `${baseUrlOf(client)}/oauth`;
    return { authorize: `${base}/authorize`, token: `${base}/token` };
  },
  // `api` includes the repository over HTTP; asking for less would leave merge requests to nobody.
  scopes: (_client, purpose) =>
    purpose === "identity" ? ["read_user"] : ["api", "read_user", "read_repository", "write_repository"],
  personKind: "oauth",
  installs: true,
  async account(client, accessToken) {
    const api = createGitLabApi({
      baseUrl: baseUrlOf(client),
      fetch: deps.fetch,
      now: deps.now,
      token: async () => accessToken,
    });
    const user = await api.user();
    return { id: String(user.id), name: user.username };
  },
});
