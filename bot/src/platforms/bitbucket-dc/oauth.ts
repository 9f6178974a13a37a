import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp } from "@ask-openhands/core/http/http.ts";
import type { OAuthWay } from "../connect-way.ts";
import type { PlatformDeps } from "../deps.ts";
import { createDcApi } from "./api.ts";
import { baseUrlOf } from "./connect.ts";

/** An incoming Application Link. https://confluence.atlassian.com/bitbucketserver/bitbucket-oauth-2-0-provider-api-1108483661.html */
export const oauthOfDc = (deps: PlatformDeps): OAuthWay => ({
  server(client) {
    const base = `${baseUrlOf(client)}/rest/oauth2/latest`;
    return { authorize: `${base}/authorize`, token: `${base}/token` };
  },
  // REPO_ADMIN installs webhooks too, and is what the link is made with; who only signs in needs none of it.
  scopes: (_client, purpose) => [purpose === "identity" ? "PUBLIC_REPOS" : "REPO_ADMIN"],
  personKind: "oauth",
  async account(client, accessToken) {
    const base = baseUrlOf(client);
    const http = createHttp({
      fetch: deps.fetch,
      baseUrl: base,
      name: "Bitbucket Data Center",
      headers: { authorization: `Bearer ${accessToken}` },
      secrets: [accessToken],
      now: deps.now,
    });
    const user = await createDcApi(http, base).myself();
    if (user) return { id: user.id, name: user.name };
    throw new Failure("unexpected-reply", "Bitbucket Data Center does not tell whose sign-in this is.");
  },
});
