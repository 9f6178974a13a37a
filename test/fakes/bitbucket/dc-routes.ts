import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import type { BitbucketActs } from "./acts.ts";
import {
  activityShapes,
  commentShape,
  hookShape,
  pullShape,
  repositoryShape,
  userShape,
} from "./dc-shapes.ts";
import {
  type BitbucketState,
  diff,
  type FakeComment,
  type FakePull,
  type FakeRepository,
  type FakeUser,
  findRepository,
  may,
  type Right,
} from "./state.ts";

const refusal = (status: number, message: string): FakeReply => ({
  status,
  json: { errors: [{ context: null, message, exceptionName: "com.atlassian.bitbucket.Exception" }] },
});
const missing = (what: string): FakeReply => refusal(404, `${what} does not exist.`);
/** Data Center says 401 also to good credentials that lack a right. */
const forbidden = refusal(401, "You are not permitted to access this resource");

const rights: Readonly<Record<string, Right>> = {
  REPO_READ: "read",
  REPO_WRITE: "write",
  REPO_ADMIN: "admin",
};

const paged = (request: FakeRequest, values: readonly unknown[]): FakeReply => {
  const start = Number(request.query.get("start") ?? 0);
  const limit = Number(request.query.get("limit") ?? 25);
  const isLastPage = start + limit >= values.length;
  return {
    json: {
      size: values.length,
      limit,
      start,
      isLastPage,
      values: values.slice(start, start + limit),
      nextPageStart: isLastPage ? null : start + limit,
    },
  };
};

interface AtPull {
  readonly pull: FakePull;
  readonly user: FakeUser;
}

/** `context` is the context path. */
export const dcRoutes = (
  state: BitbucketState,
  acts: BitbucketActs,
  context: string,
): readonly FakeRoute[] => {
  const api = `${context}/rest/api/latest`;
  const repo = `${api}/projects/:project/repos/:slug`;
  const pr = `${repo}/pull-requests/:pull`;

  const as =
    (answer: (request: FakeRequest, user: FakeUser) => FakeReply) =>
    (request: FakeRequest): FakeReply => {
      const token = state.tokens.get(request.headers["authorization"] ?? "");
      return token
        ? answer(request, token.user)
        : refusal(401, "Authentication failed. Please check your credentials");
    };

  /**
   * The old address of a repository that was renamed or moved to another project: reading is redirected
   * (https://github.com/atlassian-api/atlassian-python-api/issues/415, https://github.com/zarplata/concourse-git-bitbucket-pr-resource/pull/39).
   * What writing gets there nobody tells, so this refuses it in a way that we do not understand.
   */
  const movedOr = (request: FakeRequest, otherwise: FakeReply): FakeReply => {
    const { project, slug } = request.params;
    const to = state.formerNames.get(`${project}/${slug}`.toLowerCase())?.name.split("/");
    if (to === undefined) return otherwise;
    const path = request.path.replace(
      `/projects/${project}/repos/${slug}`,
      `/projects/${to[0]}/repos/${to[1]}`,
    );
    const query = request.query.size > 0 ? `?${request.query}` : "";
    const location = `${new URL(state.base).origin}${path}${query}`;
    return { status: 301, headers: { location } };
  };

  const inRepository = (
    answer: (request: FakeRequest, repository: FakeRepository, user: FakeUser) => FakeReply,
  ) =>
    as((request, user) => {
      const found = findRepository(state, `${request.params["project"]}/${request.params["slug"]}`);
      if (found === undefined) return movedOr(request, missing("Repository"));
      return may(found, user, "read") ? answer(request, found, user) : forbidden;
    });

  const asAdmin = (answer: (request: FakeRequest, repository: FakeRepository) => FakeReply) =>
    inRepository((request, repository, user) =>
      may(repository, user, "admin") ? answer(request, repository) : forbidden,
    );

  const atPull = (answer: (request: FakeRequest, at: AtPull) => FakeReply) =>
    inRepository((request, repository, user) => {
      const pull = repository.pulls.find(({ id }) => String(id) === request.params["pull"]);
      return pull ? answer(request, { pull, user }) : missing("Pull request");
    });

  const atComment = (answer: (request: FakeRequest, at: AtPull & { comment: FakeComment }) => FakeReply) =>
    atPull((request, at) => {
      const comment = at.pull.comments.find(
        ({ id, deleted }) => String(id) === request.params["comment"] && !deleted,
      );
      return comment ? answer(request, { ...at, comment }) : missing("Comment");
    });

  const hookIn = (request: FakeRequest) => state.hooks.find(({ id }) => id === request.params["hook"]);
  const hookFacts = (request: FakeRequest) => ({
    url: String(request.body["url"]),
    active: request.body["active"] === true,
    events: request.body["events"] as string[],
    secret: String((request.body["configuration"] as { secret?: string } | undefined)?.secret ?? ""),
  });

  return [
    [
      "GET",
      `${api}/application-properties`,
      as((_request, user) => ({
        json: { version: "9.2.0", buildNumber: "9002000", displayName: "Bitbucket" },
        headers: { "x-ausername": encodeURIComponent(user.name) },
      })),
    ],
    [
      "GET",
      `${api}/users`,
      as((request, caller) => {
        const { query } = request;
        const filter = (query.get("filter") ?? "").toLowerCase();
        const named = [...state.users.values()].filter(({ name }) => name.toLowerCase().includes(filter));
        const right = rights[query.get("permission") ?? ""];
        if (right === undefined) return paged(request, named.map(userShape));
        const slug = query.get("permission.repositorySlug");
        const repository = findRepository(state, `${query.get("permission.projectKey")}/${slug}`);
        if (repository === undefined) return missing("Repository");
        if (!may(repository, caller, "read")) return forbidden;
        return paged(request, named.filter((user) => may(repository, user, right)).map(userShape));
      }),
    ],
    [
      "GET",
      `${api}/repos`,
      as((request, user) => {
        const right = rights[request.query.get("permission") ?? ""] ?? "read";
        const name = (request.query.get("name") ?? "").toLowerCase();
        const key = request.query.get("projectkey");
        const found = state.repositories.filter((one) => {
          const [project, slug = ""] = one.name.split("/");
          return (key === null || key === project) && slug.includes(name) && may(one, user, right);
        });
        return paged(
          request,
          found.map((one) => repositoryShape(state, one)),
        );
      }),
    ],
    ["GET", repo, inRepository((_request, repository) => ({ json: repositoryShape(state, repository) }))],
    [
      "GET",
      `${repo}/default-branch`,
      inRepository(() => ({ json: { id: "refs/heads/main", displayId: "main", type: "BRANCH" } })),
    ],
    [
      "GET",
      `${repo}/pull-requests`,
      inRepository((request, repository) => {
        const wanted = request.query.get("state") ?? "OPEN";
        const found = repository.pulls.filter(({ state: its }) => wanted === "ALL" || its === wanted);
        return paged(
          request,
          found.toReversed().map((pull) => pullShape(state, pull)),
        );
      }),
    ],
    ["GET", `${pr}.diff`, atPull(() => ({ text: diff }))],
    ["GET", pr, atPull((_request, { pull }) => ({ json: pullShape(state, pull) }))],
    ["GET", `${pr}/activities`, atPull((request, { pull }) => paged(request, activityShapes(pull)))],
    [
      "POST",
      `${pr}/comments`,
      atPull((request, { pull, user }) => {
        const { text, parent } = request.body as { text: string; parent?: { id: number } };
        const to = parent && pull.comments.find(({ id, deleted }) => id === parent.id && !deleted);
        if (parent && !to) return missing("Comment");
        return { status: 201, json: commentShape(pull, acts.say(user, pull, text, { parent: to })) };
      }),
    ],
    [
      "GET",
      `${pr}/comments/:comment`,
      atComment((_, { pull, comment }) => ({ json: commentShape(pull, comment) })),
    ],
    [
      "PUT",
      `${pr}/comments/:comment`,
      atComment((request, { pull, comment, user }) => {
        if (comment.author.id !== user.id) return forbidden;
        if (request.body["version"] !== comment.version)
          return refusal(409, "The comment you are attempting to modify is out of date.");
        acts.edit(user, pull, comment, String(request.body["text"]));
        return { json: commentShape(pull, comment) };
      }),
    ],
    [
      "PUT",
      `${context}/rest/comment-likes/latest/projects/:project/repos/:slug/pull-requests/:pull/comments/:comment/reactions/:name`,
      atComment((request, { comment, user }) => {
        const name = request.params["name"] ?? "";
        if (!comment.reactions.some((one) => one.name === name && one.by.id === user.id))
          comment.reactions.push({ name, by: user });
        return { json: { emoticon: { shortcut: name }, user: userShape(user) } };
      }),
    ],
    [
      "GET",
      `${repo}/webhooks`,
      asAdmin((request, { name }) =>
        paged(request, state.hooks.filter(({ target }) => target === name).map(hookShape)),
      ),
    ],
    [
      "POST",
      `${repo}/webhooks`,
      asAdmin((request, { name }) => {
        const hook = { id: String(state.next()), target: name, sent: [], ...hookFacts(request) };
        state.hooks.push(hook);
        return { status: 201, json: hookShape(hook) };
      }),
    ],
    [
      "PUT",
      `${repo}/webhooks/:hook`,
      asAdmin((request) => {
        const hook = hookIn(request);
        return hook ? { json: hookShape(Object.assign(hook, hookFacts(request))) } : missing("Webhook");
      }),
    ],
    [
      "DELETE",
      `${repo}/webhooks/:hook`,
      asAdmin((request) => {
        const hook = hookIn(request);
        if (hook === undefined) return missing("Webhook");
        state.hooks.splice(state.hooks.indexOf(hook), 1);
        return { status: 204 };
      }),
    ],
    [
      "GET",
      `${repo}/webhooks/:hook/statistics`,
      asAdmin((request) => {
        const sent = hookIn(request)?.sent ?? [];
        const last = (ok: boolean) => sent.findLast(({ status }) => status < 300 === ok);
        const told = (one: { at: number; status: number } | undefined) =>
          one && {
            start: one.at - 5,
            finish: one.at,
            result: { description: String(one.status), outcome: one.status < 300 ? "SUCCESS" : "FAILURE" },
          };
        return { json: { lastSuccess: told(last(true)), lastFailure: told(last(false)) } };
      }),
    ],
  ];
};
