import { createHash } from "node:crypto";
import type { OAuthWay } from "@ask-openhands/bot/platforms/connect-way.ts";
import { type FakeServer, startFake } from "../fakes/http.ts";

export interface FakeOAuth {
  readonly server: FakeServer;
  readonly way: OAuthWay;
  /** The person presses "Authorize": where the browser is sent, or why the server would not. */
  approve(authorizeUrl: string, account: { readonly id: string; readonly name: string }): URL;
  close(): Promise<void>;
}

interface Granted {
  readonly challenge: string | null;
  readonly redirectUri: string | null;
  readonly account: { readonly id: string; readonly name: string };
}

const clientId = "the-client";
const clientSecret = "canary-oauth-client-secret-012345";
export const oauthClient = { clientId, clientSecret };

/** An OAuth 2.0 server over HTTP that insists on PKCE, its client and one use of a code. */
export const startFakeOAuth = async (): Promise<FakeOAuth> => {
  const codes = new Map<string, Granted>();
  const tokens = new Map<string, Granted["account"]>();
  let count = 0;
  const server = await startFake({
    routes: [
      [
        "POST",
        "/oauth/token",
        ({ text }) => {
          const form = new URLSearchParams(text);
          const granted = codes.get(form.get("code") ?? "");
          codes.delete(form.get("code") ?? "");
          const challenge = createHash("sha256")
            .update(form.get("code_verifier") ?? "")
            .digest("base64url");
          const isRight =
            granted !== undefined &&
            granted.challenge === challenge &&
            granted.redirectUri === form.get("redirect_uri") &&
            form.get("client_id") === clientId &&
            form.get("client_secret") === clientSecret;
          if (!isRight) return { status: 400, json: { error: "invalid_grant" } };
          count += 1;
          const token = `canary-access-token-${count}`;
          tokens.set(token, granted.account);
          return {
            json: {
              access_token: token,
              token_type: "Bearer",
              expires_in: 7_200,
              refresh_token: `canary-refresh-token-${count}`,
            },
          };
        },
      ],
    ],
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
    approve: (authorizeUrl, account) => {
      const url = new URL(authorizeUrl);
      const { searchParams } = url;
      if (searchParams.get("client_id") !== clientId || searchParams.get("code_challenge_method") !== "S256")
        throw new Error("the server would refuse this");
      count += 1;
      const code = `code-${count}`;
      codes.set(code, {
        challenge: searchParams.get("code_challenge"),
        redirectUri: searchParams.get("redirect_uri"),
        account,
      });
      const back = new URL(searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      back.searchParams.set("state", searchParams.get("state") ?? "");
      return back;
    },
    close: () => server.close(),
  };
};
