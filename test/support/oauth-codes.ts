import { createHash } from "node:crypto";

export interface OAuthAccount {
  readonly id: string;
  readonly name: string;
}

interface Granted {
  readonly challenge: string | null;
  readonly redirectUri: string | null;
  readonly account: OAuthAccount;
}

interface Options {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Makes tokens for the account that the server takes from now on. */
  grant(account: OAuthAccount): { readonly access: string; readonly refresh: string };
}

export interface OAuthCodes {
  /** The person presses "Authorize": where the browser is sent. Throws where the server would refuse. */
  approve(authorizeUrl: URL, account: OAuthAccount): URL;
  /** The answer of the token endpoint to a form. */
  exchange(form: URLSearchParams): { readonly status: number; readonly json: object };
}

/** The authorization code grant (RFC 6749) of a server that insists on PKCE with S256 (RFC 7636), its client, its redirect address and one use of a code. */
export const createOAuthCodes = ({ clientId, clientSecret, grant }: Options): OAuthCodes => {
  const codes = new Map<string, Granted>();
  let count = 0;
  return {
    approve: ({ searchParams }, account) => {
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
    exchange: (form) => {
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
      const { access, refresh } = grant(granted.account);
      return {
        status: 200,
        json: { access_token: access, token_type: "Bearer", expires_in: 7_200, refresh_token: refresh },
      };
    },
  };
};
