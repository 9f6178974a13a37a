import type { FakeRoute } from "../routes.ts";
import { asCaller, callerOf, inProject, notFound, paged } from "./access.ts";
import { projectShape, userShape } from "./shapes.ts";
import { type GitLabState, levelIn, levelInGroup } from "./state.ts";

const read = ["api", "read_api"];

/** Who the token is, what it may, which projects and groups it sees. */
export const accountRoutes = (state: GitLabState, prefix: string, api: string): readonly FakeRoute[] => [
  [
    "GET",
    `${api}/user`,
    asCaller(state, ["api", "read_api", "read_user"], (_, { user }) => ({ json: userShape(state, user) })),
  ],
  [
    "GET",
    `${api}/personal_access_tokens/self`,
    asCaller(state, [], (_, { token, user }) =>
      token.oauth
        ? notFound("Personal access token")
        : {
            json: {
              id: 1,
              name: "bot",
              user_id: user.id,
              scopes: token.granular ? [] : token.scopes,
              active: true,
              revoked: false,
              expires_at: token.expiresAt ?? null,
              ...(token.granular ? { granular: true } : {}),
            },
          },
    ),
  ],
  [
    "GET",
    `${prefix}/oauth/token/info`,
    asCaller(state, [], (_, { token }) => ({ json: { scope: token.scopes, expires_in: 3_600 } })),
  ],
  [
    "POST",
    `${prefix}/oauth/token`,
    (request) => {
      const given = String(request.body["refresh_token"] ?? "");
      const user = state.refreshTokens.get(given);
      const client =
        request.body["client_id"] === "app" && request.body["client_secret"] === "app-secret-of-the-fake";
      if (user === undefined || !client)
        return {
          status: 400,
          json: { error: "invalid_grant", error_description: "The provided authorization grant is invalid" },
        };
      // Works once, as there.
      state.refreshTokens.delete(given);
      for (const [value, token] of state.tokens)
        if (token.user === user && token.oauth) state.tokens.delete(value);
      const access = `oauth-access-${state.next()}`;
      const refresh = `oauth-refresh-${state.next()}`;
      state.refreshTokens.set(refresh, user);
      state.tokens.set(access, { user, scopes: ["api"], oauth: true });
      return {
        json: {
          access_token: access,
          token_type: "Bearer",
          expires_in: 7_200,
          refresh_token: refresh,
          created_at: 0,
        },
      };
    },
  ],
  [
    "GET",
    `${api}/projects`,
    asCaller(state, read, (request, { user }) => {
      const least = Number(request.query.get("min_access_level") ?? 1);
      const words = request.query.get("search")?.toLowerCase() ?? "";
      const found = state.projects.filter(
        (project) => levelIn(state, project, user) >= least && project.path.toLowerCase().includes(words),
      );
      return paged(
        state,
        request,
        found.map((project) => projectShape(state, project, user)),
      );
    }),
  ],
  [
    "GET",
    `${api}/groups`,
    asCaller(state, read, (request, { user }) => {
      const least = Number(request.query.get("min_access_level") ?? 1);
      const found = state.groups.filter((group) => levelInGroup(state, group, user) >= least);
      return paged(
        state,
        request,
        found.map(({ id, path, parent }) => ({
          id,
          full_path: path,
          web_url: `${state.base()}/groups/${path}`,
          parent_id: parent ?? null,
        })),
      );
    }),
  ],
  [
    "GET",
    `${api}/projects/:id`,
    inProject(state, read, (_, { project, user }) => ({ json: projectShape(state, project, user) })),
  ],
  [
    "GET",
    `${api}/projects/:id/members/all/:user`,
    inProject(state, read, (request, { project }) => {
      const user = state.users.find(({ id }) => String(id) === request.params["user"]);
      const level = user ? levelIn(state, project, user) : 0;
      return user && level > 0 ? { json: { ...userShape(state, user), access_level: level } } : notFound("");
    }),
  ],
  [
    "GET",
    `${api}/projects/:id/uploads/:secret/:file`,
    inProject(state, read, (request) => {
      const caller = callerOf(state, request);
      return caller
        ? { bytes: Buffer.from(`file ${request.params["file"]} of ${request.params["secret"]}`) }
        : notFound("File");
    }),
  ],
];
