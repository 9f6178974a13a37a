import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp } from "@ask-openhands/core/http/http.ts";
import * as z from "zod";
import type { OAuthWay } from "../connect-way.ts";
import type { PlatformDeps } from "../deps.ts";

const Me = z.object({ account_id: z.string().min(1), name: z.string().nullish() });
const Sites = z.array(z.object({ url: z.string() }));

const usualGateway = "https://api.atlassian.com";
const usualServer = "https://auth.atlassian.com";

/** Proving an account of a site. https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/ */
export const jiraCloudOAuth = (deps: PlatformDeps): OAuthWay => ({
  server(client) {
    const base = client.settings["authServer"] ?? usualServer;
    return { authorize: `${base}/authorize`, token: `${base}/oauth/token` };
  },
  scopes: () => ["read:me", "read:jira-work"],
  also: { audience: "api.atlassian.com", prompt: "consent" },
  // Atlassian's server knows no PKCE for these apps; they authenticate with their secret.
  pkce: false,
  // Everybody can have an Atlassian account: it says who somebody is, not that they belong here.
  signsIn: false,
  async account(client, accessToken) {
    const http = createHttp({
      fetch: deps.fetch,
      baseUrl: client.settings["gateway"] ?? usualGateway,
      name: "Atlassian",
      headers: { authorization: `Bearer ${accessToken}` },
      secrets: [accessToken],
      now: deps.now,
    });
    const sites = await http.json(Sites, { path: "/oauth/token/accessible-resources" });
    if (!sites.some(({ url }) => URL.canParse(url) && new URL(url).host === client.host)) {
      throw new Failure(
        "not-allowed",
        `You gave no access to ${client.host}. Choose that site on Atlassian's page, and check that your account belongs to it.`,
      );
    }
    const me = await http.json(Me, { path: "/me" });
    return { id: me.account_id, name: me.account_id, ...(me.name ? { displayName: me.name } : {}) };
  },
});
