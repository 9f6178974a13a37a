import { Failure } from "@ask-openhands/core/failure.ts";
import * as z from "zod";
import type { OAuthWay } from "../connect-way.ts";
import type { PlatformDeps } from "../deps.ts";
import { apiAddress } from "./api-address.ts";
import { neededScopes } from "./manifest.ts";

const Access = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  access_token: z.string().optional(),
  authed_user: z.object({ id: z.string(), access_token: z.string().optional() }).optional(),
  team: z.object({ id: z.string(), name: z.string().optional() }).nullish(),
  bot_user_id: z.string().optional(),
});

const Identity = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  user_id: z.string().optional(),
  user: z.string().optional(),
  team_id: z.string().optional(),
});

/** Installing the app to a workspace, and proving a Slack account. https://docs.slack.dev/authentication/installing-with-oauth */
export const slackOAuth = (deps: PlatformDeps): OAuthWay => {
  const post = async <T>(
    url: string,
    schema: z.ZodType<T>,
    init: { readonly form?: URLSearchParams; readonly token?: string },
  ): Promise<T> => {
    const answer = await deps.fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        ...(init.token === undefined ? {} : { authorization: `Bearer ${init.token}` }),
      },
      body: (init.form ?? new URLSearchParams()).toString(),
      signal: AbortSignal.timeout(10_000),
    });
    const read = schema.safeParse(await answer.json().catch(() => undefined));
    if (!read.success)
      throw new Failure("unexpected-reply", "Slack gave an answer that we do not understand.");
    return read.data;
  };

  return {
    server: (client) => ({
      authorize: `${apiAddress(client).replace(/\/api$/, "")}/oauth/v2/authorize`,
      token: `${apiAddress(client)}/oauth.v2.access`,
    }),
    scopes: (_client, purpose) => (purpose === "install" ? neededScopes.map((scope) => scope.name) : []),
    scopeSeparator: ",",
    pkce: false,
    installs: true,
    wayIn: ["botToken", "accessToken"],
    signsIn: false,
    async exchange(client, clientSecret, code, redirectUri) {
      const form = new URLSearchParams({
        client_id: client.settings["clientId"] ?? "",
        client_secret: clientSecret,
        code,
        redirect_uri: redirectUri,
      });
      const answer = await post(`${apiAddress(client)}/oauth.v2.access`, Access, { form });
      const accessToken = answer.access_token ?? answer.authed_user?.access_token;
      if (!answer.ok || accessToken === undefined)
        throw new Failure(
          "bad-credentials",
          `Slack refused the installation (${(answer.error ?? "no reason").replace(/\W/g, " ").slice(0, 60)}).`,
        );
      return { accessToken, settings: answer.team ? { team: answer.team.id } : {} };
    },
    async account(client, accessToken) {
      const answer = await post(`${apiAddress(client)}/auth.test`, Identity, { token: accessToken });
      if (!answer.ok || answer.user_id === undefined)
        throw new Failure("bad-credentials", "Slack does not accept the token that it gave us.");
      return { id: answer.user_id, name: answer.user ?? answer.user_id };
    },
  };
};
