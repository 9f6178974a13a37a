import type { OAuthWay } from "@ask-openhands/bot/platforms/connect-way.ts";
import { type FakeServer, startFake } from "../fakes/http.ts";
import { createOAuthCodes, type OAuthAccount } from "../support/oauth-codes.ts";

export interface FakeOAuth {
  readonly server: FakeServer;
  readonly way: OAuthWay;
  /** The person presses "Authorize": where the browser is sent, or why the server would not. */
  approve(authorizeUrl: string, account: OAuthAccount): URL;
  close(): Promise<void>;
}

export const oauthClient = {
  clientId: "the-client",
  clientSecret: "canary-oauth-client-secret-012345",
};

/** What a workspace enters to connect the application of the invented `forge`. */
export const forgeApplication = {
  platform: "forge",
  kind: "app",
  host: "forge.test",
  settings: { clientId: oauthClient.clientId },
  secrets: { clientSecret: oauthClient.clientSecret },
};

/** An OAuth 2.0 server over HTTP. */
export const startFakeOAuth = async (): Promise<FakeOAuth> => {
  const tokens = new Map<string, OAuthAccount>();
  const codes = createOAuthCodes({
    ...oauthClient,
    grant: (account) => {
      const count = tokens.size + 1;
      tokens.set(`canary-access-token-${count}`, account);
      return { access: `canary-access-token-${count}`, refresh: `canary-refresh-token-${count}` };
    },
  });
  const server = await startFake({
    routes: [["POST", "/oauth/token", ({ text }) => codes.exchange(new URLSearchParams(text))]],
  });
  const way: OAuthWay = {
    server: () => ({ authorize: `${server.url}/oauth/authorize`, token: `${server.url}/oauth/token` }),
    scopes: (_client, purpose) => (purpose === "identity" ? ["read_user"] : ["api", "read_user"]),
    personKind: "own",
    account: async (_client, token) => {
      const account = tokens.get(token);
      if (account === undefined) throw new Error("unknown token");
      return account;
    },
  };
  return {
    server,
    way,
    approve: (authorizeUrl, account) => codes.approve(new URL(authorizeUrl), account),
    close: () => server.close(),
  };
};
