import type { FakeReply, FakeRequest } from "../routes.ts";
import {
  type FakeIssuable,
  type FakeKind,
  type FakeProject,
  type FakeToken,
  type FakeUser,
  type GitLabState,
  mayRead,
} from "./state.ts";

export const notFound = (what: string): FakeReply => ({
  status: 404,
  json: { message: `404 ${what} Not Found` },
});
const forbidden: FakeReply = { status: 403, json: { message: "403 Forbidden" } };

export interface Caller {
  readonly user: FakeUser;
  readonly token: FakeToken;
}

/** Whose request this is; GitLab takes every token of its own as a Bearer too. */
export const callerOf = (state: GitLabState, request: FakeRequest): Caller | undefined => {
  const given =
    request.headers["private-token"] ?? request.headers["authorization"]?.replace(/^Bearer /, "") ?? "";
  const token = state.tokens.get(given);
  if (
    token === undefined ||
    token.revoked ||
    (token.expiresAt !== undefined && Date.parse(token.expiresAt) <= Date.now())
  )
    return undefined;
  return { user: token.user, token };
};

const unauthorized: FakeReply = { status: 401, json: { message: "401 Unauthorized" } };

/** Signed in, with one of these scopes. */
export const asCaller =
  (
    state: GitLabState,
    scopes: readonly string[],
    answer: (request: FakeRequest, caller: Caller) => FakeReply,
  ) =>
  (request: FakeRequest): FakeReply => {
    const caller = callerOf(state, request);
    if (caller === undefined) return unauthorized;
    if (scopes.length > 0 && !scopes.some((scope) => caller.token.scopes.includes(scope))) {
      return {
        status: 403,
        json: {
          error: "insufficient_scope",
          error_description: "The request requires higher privileges than provided by the access token.",
          scope: scopes.join(" "),
        },
      };
    }
    return answer(request, caller);
  };

/** The old path of a project that was renamed or moved. https://gitlab.com/gitlab-org/gitlab/-/merge_requests/128642 (lib/api/helpers.rb) */
const moved = (state: GitLabState, request: FakeRequest, id: number): FakeReply => {
  if (request.method !== "GET")
    return { status: 405, json: { message: "Non GET methods are not allowed for moved projects" } };
  const path = request.path.replace(/(\/api\/v4\/projects\/)[^/]+/, `$1${id}`);
  const query = request.query.size > 0 ? `?${request.query}` : "";
  return {
    status: 301,
    text: "This resource has been moved permanently",
    headers: { location: `${new URL(state.base()).origin}${path}${query}` },
  };
};

export interface InProject extends Caller {
  readonly project: FakeProject;
}

/** In a project that the caller may see, by id or path. GitLab hides the others: 404. */
export const inProject = (
  state: GitLabState,
  scopes: readonly string[],
  answer: (request: FakeRequest, at: InProject) => FakeReply,
) =>
  asCaller(state, scopes, (request, caller) => {
    const given = request.params["id"] ?? "";
    const project =
      state.projects.find(({ id, path }) => String(id) === given || path === given) ??
      state.projects.find(({ formerPaths }) => formerPaths.includes(given));
    if (project === undefined || !mayRead(state, project, caller.user)) return notFound("Project");
    if (project.formerPaths.includes(given) && project.path !== given)
      return moved(state, request, project.id);
    return answer(request, { ...caller, project });
  });

export interface AtIssuable extends InProject {
  readonly one: FakeIssuable;
}

export const atIssuable = (
  state: GitLabState,
  kind: FakeKind,
  scopes: readonly string[],
  answer: (request: FakeRequest, at: AtIssuable) => FakeReply,
) =>
  inProject(state, scopes, (request, at) => {
    const one = state.issuables.find(
      (found) =>
        found.kind === kind && found.project === at.project && String(found.iid) === request.params["iid"],
    );
    return one === undefined
      ? notFound(kind === "issue" ? "Issue" : "Merge Request")
      : answer(request, { ...at, one });
  });

/** Only what `mayChange` allows; GitLab says 403 to members and 404 to the others, who see nothing anyway. */
export const onlyIf = (allowed: boolean, answer: () => FakeReply): FakeReply =>
  allowed ? answer() : forbidden;

/** One page with GitLab's `Link` header. */
export const paged = (state: GitLabState, request: FakeRequest, all: readonly unknown[]): FakeReply => {
  const size = Number(request.query.get("per_page") ?? 20);
  const page = Number(request.query.get("page") ?? 1);
  const query = new URLSearchParams(request.query);
  query.set("page", String(page + 1));
  const next = `<${new URL(state.base()).origin}${request.path}?${query}>; rel="next"`;
  return {
    json: all.slice((page - 1) * size, page * size),
    headers: {
      "x-page": String(page),
      "x-total": String(all.length),
      ...(page * size < all.length ? { link: next } : {}),
    },
  };
};
