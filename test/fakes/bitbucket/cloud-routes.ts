import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import type { BitbucketActs } from "./acts.ts";
import {
  activityShapes,
  commentShape,
  hookShape,
  pullShape,
  repositoryShape,
  userShape,
  uuidOf,
} from "./cloud-shapes.ts";
import {
  type BitbucketState,
  diff,
  type FakePull,
  type FakeRepository,
  type FakeUser,
  findRepository,
  may,
} from "./state.ts";

const refusal = (status: number, message: string): FakeReply => ({
  status,
  json: { type: "error", error: { message } },
});
const notFound = refusal(404, "Resource not found");
const forbidden = refusal(403, "Your credentials lack one or more required privilege scopes.");

const api = "/2.0";
const repo = `${api}/repositories/:workspace/:slug`;
const pr = `${repo}/pullrequests/:pull`;

/** One page with the address of the next, as every list has it. */
const paged = (request: FakeRequest, values: readonly unknown[]): FakeReply => {
  const size = Math.min(100, Number(request.query.get("pagelen") ?? 10));
  const page = Number(request.query.get("page") ?? 1);
  const query = new URLSearchParams(request.query);
  query.set("page", String(page + 1));
  const next = `http://${request.headers["host"]}${request.path}?${query}`;
  return {
    json: {
      pagelen: size,
      page,
      size: values.length,
      values: values.slice((page - 1) * size, page * size),
      ...(values.length > page * size ? { next } : {}),
    },
  };
};

/** The text between quotes in `q=name ~ "shop"`. */
const asked = (request: FakeRequest): string | undefined =>
  /"([^"]*)"/.exec(request.query.get("q") ?? "")?.[1]?.toLowerCase();

interface AtPull {
  readonly pull: FakePull;
  readonly repository: FakeRepository;
  readonly user: FakeUser;
}

export const cloudRoutes = (state: BitbucketState, acts: BitbucketActs): readonly FakeRoute[] => {
  const as =
    (answer: (request: FakeRequest, user: FakeUser) => FakeReply) =>
    (request: FakeRequest): FakeReply => {
      const token = state.tokens.get(request.headers["authorization"] ?? "");
      if (token === undefined)
        return refusal(401, "Token is invalid, expired, or not supported for this endpoint.");
      return token.account === false && request.path.startsWith(`${api}/user`)
        ? forbidden
        : answer(request, token.user);
    };

  /**
   * The slug may be the UUID in braces (so says the specification of every operation); with `{}` for the workspace it is enough by itself. The old
   * name of a renamed repository leads nowhere: https://bitbucket.org/site/master/issues/6325
   */
  const byUuid = (workspace: string | undefined, slug: string | undefined): FakeRepository | undefined =>
    state.repositories.find(
      ({ id, name }) => uuidOf(id) === slug && (workspace === "{}" || name.startsWith(`${workspace}/`)),
    );

  const inRepository = (
    answer: (request: FakeRequest, repository: FakeRepository, user: FakeUser) => FakeReply,
  ) =>
    as((request, user) => {
      const { workspace, slug } = request.params;
      const found = findRepository(state, `${workspace}/${slug}`) ?? byUuid(workspace, slug);
      return found && may(found, user, "read") ? answer(request, found, user) : notFound;
    });

  const atPull = (answer: (request: FakeRequest, at: AtPull) => FakeReply) =>
    inRepository((request, repository, user) => {
      const pull = repository.pulls.find(({ id }) => String(id) === request.params["pull"]);
      return pull ? answer(request, { pull, repository, user }) : notFound;
    });

  const workspaces = (): readonly string[] => [
    ...new Set(state.repositories.map(({ name }) => name.split("/")[0] ?? "")),
  ];
  const visible = (workspace: string | undefined, user: FakeUser): readonly FakeRepository[] =>
    state.repositories.filter((one) => one.name.startsWith(`${workspace}/`) && may(one, user, "read"));
  const permission = (repository: FakeRepository, user: FakeUser) => ({
    type: "repository_permission",
    permission: repository.rights.get(user.id),
    user: userShape(user),
    repository: { type: "repository", full_name: repository.name },
  });

  const hookRoutes = (path: string, target: (request: FakeRequest) => string): readonly FakeRoute[] => {
    const guarded = (answer: (request: FakeRequest) => FakeReply) =>
      as((request, user) => {
        const covered = state.repositories.filter(
          ({ name }) => name === target(request) || name.startsWith(`${target(request)}/`),
        );
        return covered.length > 0 && covered.every((one) => may(one, user, "admin"))
          ? answer(request)
          : forbidden;
      });
    const find = (request: FakeRequest) => state.hooks.find(({ id }) => id === request.params["hook"]);
    const facts = (request: FakeRequest) => ({
      url: String(request.body["url"]),
      active: request.body["active"] === true,
      events: request.body["events"] as string[],
      secret: String(request.body["secret"] ?? ""),
    });
    return [
      [
        "GET",
        path,
        guarded((request) =>
          paged(request, state.hooks.filter((one) => one.target === target(request)).map(hookShape)),
        ),
      ],
      [
        "POST",
        path,
        guarded((request) => {
          const hook = { id: uuidOf(state.next()), target: target(request), sent: [], ...facts(request) };
          state.hooks.push(hook);
          return { status: 201, json: hookShape(hook) };
        }),
      ],
      [
        "PUT",
        `${path}/:hook`,
        guarded((request) => {
          const hook = find(request);
          return hook ? { json: hookShape(Object.assign(hook, facts(request))) } : notFound;
        }),
      ],
      [
        "DELETE",
        `${path}/:hook`,
        guarded((request) => {
          const hook = find(request);
          if (hook === undefined) return notFound;
          state.hooks.splice(state.hooks.indexOf(hook), 1);
          return { status: 204 };
        }),
      ],
    ];
  };

  return [
    ["GET", `${api}/user`, as((_request, user) => ({ json: userShape(user) }))],
    [
      "GET",
      `${api}/user/workspaces`,
      as((request, user) => {
        const own = workspaces().filter((name) => visible(name, user).length > 0);
        return paged(
          request,
          own.map((slug) => ({
            workspace: { type: "workspace_base", slug, name: slug },
            administrator: visible(slug, user).every((one) => may(one, user, "admin")),
          })),
        );
      }),
    ],
    [
      "GET",
      `${api}/user/workspaces/:workspace/permissions/repositories`,
      as((request, user) => {
        const found = visible(request.params["workspace"], user).filter(
          ({ name }) => name.toLowerCase() === (asked(request) ?? name.toLowerCase()),
        );
        return paged(
          request,
          found.map((one) => permission(one, user)),
        );
      }),
    ],
    [
      "GET",
      `${api}/workspaces/:workspace/permissions/repositories/:slug`,
      inRepository((request, repository, user) => {
        if (!may(repository, user, "admin")) return forbidden;
        const people = [...state.users.values()].filter(
          (one) => repository.rights.has(one.id) && one.id.toLowerCase() === (asked(request) ?? one.id),
        );
        return paged(
          request,
          people.map((one) => permission(repository, one)),
        );
      }),
    ],
    ...hookRoutes(`${api}/workspaces/:workspace/hooks`, ({ params }) => params["workspace"] ?? ""),
    ...hookRoutes(`${repo}/hooks`, ({ params }) => `${params["workspace"]}/${params["slug"]}`),
    [
      "GET",
      `${api}/repositories/:workspace`,
      as((request, user) =>
        paged(
          request,
          visible(request.params["workspace"], user)
            .filter(({ name }) => (name.split("/")[1] ?? "").includes(asked(request) ?? ""))
            .map((one) => repositoryShape(state, one)),
        ),
      ),
    ],
    ["GET", repo, inRepository((_request, repository) => ({ json: repositoryShape(state, repository) }))],
    [
      "GET",
      `${repo}/pullrequests`,
      inRepository((request, repository) => {
        const since = Date.parse(/updated_on >= (\S+)/.exec(request.query.get("q") ?? "")?.[1] ?? "");
        const states = request.query.getAll("state");
        const found = repository.pulls.filter(
          ({ updated, state: its }) => !(updated < since) && states.includes(its),
        );
        return paged(
          request,
          found.toSorted((a, b) => b.updated - a.updated).map((pull) => pullShape(state, pull)),
        );
      }),
    ],
    ["GET", pr, atPull((_request, { pull }) => ({ json: pullShape(state, pull) }))],
    ["GET", `${pr}/activity`, atPull((request, { pull }) => paged(request, activityShapes(pull)))],
    [
      "GET",
      `${pr}/diff`,
      atPull((_request, { repository }) => ({
        status: 302,
        headers: { location: `${api}/repositories/${repository.name}/diff/aaaaaaaaaaaa..bbbbbbbbbbbb` },
      })),
    ],
    ["GET", `${repo}/diff/:spec`, inRepository(() => ({ text: diff }))],
    [
      "GET",
      `${pr}/comments`,
      atPull((request, { pull }) => {
        const shapes = pull.comments.map((comment) => commentShape(state, pull, comment));
        return paged(request, request.query.get("sort") === "-created_on" ? shapes.toReversed() : shapes);
      }),
    ],
    [
      "POST",
      `${pr}/comments`,
      atPull((request, { pull, user }) => {
        const { content, parent } = request.body as {
          content: { raw: string };
          parent?: { id: number };
        };
        const to = parent && pull.comments.find(({ id, deleted }) => id === parent.id && !deleted);
        if (parent && !to) return refusal(400, "The parent comment does not exist.");
        return {
          status: 201,
          json: commentShape(state, pull, acts.say(user, pull, content.raw, { parent: to })),
        };
      }),
    ],
    [
      "PUT",
      `${pr}/comments/:comment`,
      atPull((request, { pull, user }) => {
        const comment = pull.comments.find(
          ({ id, deleted }) => String(id) === request.params["comment"] && !deleted,
        );
        if (comment === undefined) return notFound;
        if (comment.author.id !== user.id) return forbidden;
        acts.edit(user, pull, comment, (request.body["content"] as { raw: string }).raw);
        return { json: commentShape(state, pull, comment) };
      }),
    ],
  ];
};
