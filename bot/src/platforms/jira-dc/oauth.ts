import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp } from "@ask-openhands/core/http/http.ts";
import { JiraUser } from "@ask-openhands/core/wire/jira.ts";
import type { OAuthWay } from "../connect-way.ts";
import type { PlatformDeps } from "../deps.ts";

const baseOf = (client: Connection): string => client.settings["baseUrl"] ?? `https://${client.host}`;

/** Proving an account by an incoming application link. https://confluence.atlassian.com/adminjiraserver/jira-oauth-2-0-provider-api-1115659070.html */
export const jiraDcOAuth = (deps: PlatformDeps): OAuthWay => ({
  server(client) {
    const base = `${baseOf(client)}/rest/oauth2/latest`;
    return { authorize: `${base}/authorize`, token: `${base}/token` };
  },
  scopes: () => ["READ"],
  signsIn: false,
  async account(client, accessToken) {
    const http = createHttp({
      fetch: deps.fetch,
      baseUrl: baseOf(client),
      name: "Jira",
      headers: { authorization: `Bearer ${accessToken}` },
      secrets: [accessToken],
      now: deps.now,
    });
    const user = await http.json(JiraUser, { path: "/rest/api/2/myself" });
    const id = user.key || user.name;
    if (!id) throw new Failure("unexpected-reply", "Jira does not tell whose sign-in this is.");
    return { id, name: user.name || id, ...(user.displayName ? { displayName: user.displayName } : {}) };
  },
});
