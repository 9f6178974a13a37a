import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import * as oidc from "openid-client";
import { roleOf } from "../people/members.ts";
import { hashToken, isSame, newToken } from "../people/tokens.ts";
import type { OAuthTokenSet, OAuthWay } from "../platforms/connect-way.ts";
import type { ApiDeps, Call, CookieJar } from "./call.ts";
import { finishOAuth, type OAuthIntent } from "./finish-oauth.ts";
import { problem } from "./problem.ts";
import { provesAccounts } from "./proves-accounts.ts";
import { safePath } from "./safe-path.ts";
import { callbackUrl, findConnection, mayChange } from "./views/connection-view.ts";

export interface OAuthFlow {
  /** Address to send the browser to. Throws a problem. */
  start(call: Call<"startOAuth">): Promise<string>;
  /** What the server sent back: path to go to. Throws a problem. */
  finish(request: {
    readonly url: URL;
    readonly platform: string;
    readonly host: string;
    readonly cookies: CookieJar;
    readonly session: string | undefined;
  }): Promise<string>;
}

const lifetime = 10 * 60_000;

const noApplication = () =>
  problem(
    404,
    "There is no OAuth application for this server. A maintainer can add its client id and secret.",
  );

const browserCookie = (publicUrl: string): string =>
  publicUrl.startsWith("https://") ? "__Host-oauth" : "oauth";

const intentPlace = (state: string) => ({
  kind: "oauth",
  tenant: "bot",
  record: hashToken(state),
  field: "intent",
});

/** Authorization code with PKCE (RFC 7636) and a state of 256 bits, tied to this browser, this server and this purpose, for ten minutes and once. */
export const createOAuthFlow = (deps: ApiDeps): OAuthFlow => {
  const { people, publicUrl } = deps;

  const clientFor = (
    id: string,
  ): { readonly client: Connection; readonly way: OAuthWay; readonly secret: string } => {
    const client = people.connections.get(id);
    const way = client === undefined ? undefined : deps.platforms.get(client.platform)?.oauth;
    const secret = client === undefined ? undefined : people.connections.secret(client, "clientSecret");
    if (
      client === undefined ||
      way === undefined ||
      !client.active ||
      client.owner.kind !== "workspace" ||
      !client.settings["clientId"] ||
      secret === undefined
    ) {
      throw noApplication();
    }
    return { client, way, secret };
  };

  /** Asked when it begins and when it ends: the connection may be changed meanwhile. */
  const requireProof = (purpose: OAuthIntent["purpose"], client: Connection): void => {
    if (purpose === "install" || provesAccounts(deps, client)) return;
    throw problem(
      403,
      `This application asks for accounts of ${client.host} at another address, which everybody here would have to believe. The operator can name that host in ALLOWED_HOSTS.`,
    );
  };

  const configure = (client: Connection, way: OAuthWay, secret: string): oidc.Configuration => {
    const server = way.server(client);
    const metadata = {
      issuer: new URL(server.authorize).origin,
      authorization_endpoint: server.authorize,
      token_endpoint: server.token,
    };
    const configuration = new oidc.Configuration(
      metadata,
      client.settings["clientId"] ?? "",
      undefined,
      oidc.ClientSecretPost(secret),
    );
    configuration[oidc.customFetch] = deps.fetch as oidc.CustomFetch;
    // Plain HTTP reaches only hosts that were approved for it: the guard of `fetch` decides that.
    if (server.token.startsWith("http://")) oidc.allowInsecureRequests(configuration);
    return configuration;
  };

  const checkPurpose = (call: Call<"startOAuth">, client: Connection, way: OAuthWay): void => {
    const { purpose } = call.body;
    if (purpose === "sign-in") {
      if (way.signsIn === false) throw problem(422, "People cannot sign in with this server.");
      return;
    }
    if (call.actor?.session === undefined) throw problem(401, "Sign in first.");
    // The application of a workspace makes tokens for its own people.
    if (purpose === "connect" && roleOf(people.directory, client.owner.id, call.actor.personId) === undefined)
      throw noApplication();
    if (
      purpose === "install" &&
      (way.installs !== true || !mayChange(deps, findConnection(deps, client.id), call.actor.personId))
    ) {
      throw problem(403, "Only somebody who may change this connection can install it.");
    }
    if (purpose === "connect" && way.personKind === undefined)
      throw problem(422, "This server's tokens only prove accounts. Use `link` instead.");
  };

  const start: OAuthFlow["start"] = async (call) => {
    const { client, way, secret } = clientFor(call.body.way);
    checkPurpose(call, client, way);
    requireProof(call.body.purpose, client);
    const browser = newToken();
    const verifier = oidc.randomPKCECodeVerifier();
    const intent: OAuthIntent = {
      client: client.id,
      purpose: call.body.purpose,
      browser: hashToken(browser),
      verifier,
      returnTo: safePath(call.body.returnTo),
      personId: call.actor?.session === undefined ? undefined : call.actor.personId,
      linkToken: call.body.linkToken,
      invitation: call.body.invitation,
    };
    const state = await people.oneTime.makeSealed(
      "oauth",
      (token) => people.seal.seal(JSON.stringify(intent), intentPlace(token)),
      lifetime,
    );
    call.cookies.set(browserCookie(publicUrl), browser, lifetime / 1_000);
    const wanted = { "sign-in": "identity", link: "identity", connect: "work", install: "install" } as const;
    const scopes = way.scopes(client, wanted[call.body.purpose]);
    const url = oidc.buildAuthorizationUrl(configure(client, way, secret), {
      redirect_uri: callbackUrl(publicUrl, client.platform, client.host),
      state,
      ...(scopes.length === 0 ? {} : { scope: scopes.join(way.scopeSeparator ?? " ") }),
      ...(way.pkce === false
        ? {}
        : { code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256" }),
      ...way.also,
    });
    return url.href;
  };

  const exchange = async (
    found: ReturnType<typeof clientFor>,
    url: URL,
    state: string,
    verifier: string,
  ): Promise<OAuthTokenSet> => {
    const { client, way, secret } = found;
    const redirectUri = callbackUrl(publicUrl, client.platform, client.host);
    const code = url.searchParams.get("code");
    if (way.exchange !== undefined && code !== null) return way.exchange(client, secret, code, redirectUri);
    const current = new URL(redirectUri);
    for (const name of ["code", "state"]) current.searchParams.set(name, url.searchParams.get(name) ?? "");
    try {
      const tokens = await oidc.authorizationCodeGrant(configure(client, way, secret), current, {
        expectedState: state,
        ...(way.pkce === false ? {} : { pkceCodeVerifier: verifier }),
      });
      const expiresIn = tokens.expiresIn();
      return {
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token,
        expiresAt:
          expiresIn === undefined ? undefined : new Date(deps.now() + expiresIn * 1_000).toISOString(),
      };
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      deps.log.warn(
        { connection: client.id, error: cause instanceof Error ? cause.message : "unknown" },
        "An OAuth code was not accepted",
      );
      throw problem(
        400,
        "The server did not accept the sign-in. Check client id, secret and redirect address of the OAuth application, then try again.",
      );
    }
  };

  const finish: OAuthFlow["finish"] = async ({ url, platform, host, cookies, session }) => {
    const state = url.searchParams.get("state") ?? "";
    const stale = problem(
      400,
      "This sign-in was finished already, took longer than ten minutes, or began in another browser. Start again.",
    );
    const waiting = people.oneTime.find("oauth", state);
    const browser = cookies.get(browserCookie(publicUrl));
    if (waiting === undefined || browser === undefined) throw stale;
    const intent = JSON.parse(
      people.seal.open(waiting.data["sealed"] ?? "", intentPlace(state)),
    ) as OAuthIntent;
    if (!isSame(hashToken(browser), intent.browser)) throw stale;
    const found = clientFor(intent.client);
    requireProof(intent.purpose, found.client);
    if (found.client.platform !== platform || found.client.host.replaceAll("/", "~") !== host)
      throw problem(400, "This answer comes from another server than the one that was asked. Start again.");
    if ((await people.oneTime.take("oauth", state)) === undefined) throw stale;
    cookies.set(browserCookie(publicUrl), "", 0);
    // Signed out, or as somebody else, since it began: whose account it would be is no longer sure.
    const now = session === undefined ? undefined : people.sessions.find(session)?.personId;
    if (intent.purpose !== "sign-in" && now !== intent.personId) throw stale;
    if (url.searchParams.get("code") === null)
      throw problem(
        400,
        "The server did not let you in. You may have said no there; start again if you did not mean to.",
      );
    const tokens = await exchange(found, url, state, intent.verifier);
    const account = await found.way.account(found.client, tokens.accessToken);
    await finishOAuth({ deps, cookies, client: found.client, way: found.way, intent, tokens, account });
    return intent.returnTo;
  };

  return { start, finish };
};
