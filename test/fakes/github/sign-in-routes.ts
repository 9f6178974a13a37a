import { randomBytes } from "node:crypto";
import type { FakeRoute } from "../routes.ts";
import { notFound } from "./access.ts";
import type { Server } from "./server.ts";
import type { User } from "./state.ts";

/** What is asked without a token: OAuth, and taking over an App that was made from a manifest. */
export interface SignIn {
  readonly clientId: string;
  readonly clientSecret: string;
  /** One-time codes and refresh tokens, and whose they are. */
  readonly codes: Map<string, User>;
  readonly refreshTokens: Map<string, User>;
  /** Code of an App that was just made. */
  readonly manifestCodes: Set<string>;
}

export const createSignIn = (): SignIn => ({
  clientId: "Iv1.fakegithubclient",
  clientSecret: randomBytes(20).toString("hex"),
  codes: new Map(),
  refreshTokens: new Map(),
  manifestCodes: new Set(),
});

export const signInPaths = /^\/(?:login\/oauth\/access_token|api\/v3\/app-manifests\/[^/]+\/conversions)$/;

export function signInRoutes(
  { state, access, signIn }: Server & { readonly signIn: SignIn },
  privateKey: string,
): readonly FakeRoute[] {
  const give = (user: User) => {
    const token = `ghu_${randomBytes(18).toString("hex")}`;
    const refresh = `ghr_${randomBytes(18).toString("hex")}`;
    access.tokens.set(token, { kind: "token", user });
    signIn.refreshTokens.set(refresh, user);
    return {
      access_token: token,
      refresh_token: refresh,
      expires_in: 28_800,
      refresh_token_expires_in: 15_897_600,
      token_type: "bearer",
      scope: "",
    };
  };
  return [
    [
      "POST",
      "/login/oauth/access_token",
      ({ body }) => {
        const isClient =
          body["client_id"] === signIn.clientId && body["client_secret"] === signIn.clientSecret;
        const from = body["grant_type"] === "refresh_token" ? signIn.refreshTokens : signIn.codes;
        const key = String(body["refresh_token"] ?? body["code"]);
        const user = from.get(key);
        from.delete(key);
        // Refusals come with 200.
        if (!isClient || !user)
          return {
            json: {
              error: "bad_refresh_token",
              error_description: "The refresh token passed is incorrect or expired.",
            },
          };
        return { json: give(user) };
      },
    ],
    [
      "POST",
      "/api/v3/app-manifests/:code/conversions",
      ({ params }) => {
        if (!signIn.manifestCodes.delete(params["code"] ?? "")) return notFound;
        const app = {
          id: state.app.id,
          slug: state.app.slug,
          name: "Ask OpenHands",
          html_url: `${state.base}/apps/${state.app.slug}`,
        };
        return {
          status: 201,
          json: {
            ...app,
            client_id: signIn.clientId,
            client_secret: signIn.clientSecret,
            webhook_secret: randomBytes(20).toString("hex"),
            pem: privateKey,
          },
        };
      },
    ],
  ];
}
