import { createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import { type Caller, notFound, refuse } from "./access.ts";
import { listed } from "./lists.ts";
import type { Server } from "./server.ts";
import type { Hook, Repository, Role } from "./state.ts";

const legacy: Readonly<Record<Role, string>> = {
  read: "read",
  triage: "read",
  write: "write",
  maintain: "write",
  admin: "admin",
};

const hookBody = z.object({
  active: z.boolean().optional(),
  events: z.array(z.string()).optional(),
  config: z.object({ url: z.string(), secret: z.string().optional() }),
});

/** Who is who, repositories, rights, webhooks, branches and files. */
export function repositoryRoutes({ state, shapes, caller, repositoryOf }: Server): readonly FakeRoute[] {
  const withRepository =
    (answer: (request: FakeRequest, repository: Repository, who: Caller) => FakeReply) =>
    (request: FakeRequest): FakeReply => {
      const who = caller(request);
      const repository = repositoryOf(request, who);
      return who && repository ? answer(request, repository, who) : notFound;
    };

  const roleOf = (who: Caller, repository: Repository): Role | undefined =>
    who.kind === "token" ? repository.roles.get(who.user.id) : undefined;
  /** Of fine-grained tokens and installations, what was granted; of classic ones, the person's own role. */
  const mayWrite = (who: Caller, repository: Repository, what: string): boolean => {
    if (who.kind === "app") return false;
    if (who.kind === "installation") return who.permissions[what] === "write";
    const role = roleOf(who, repository);
    return (
      (who.grants?.includes(`${what}: write`) ?? true) &&
      role !== undefined &&
      role !== "read" &&
      role !== "triage"
    );
  };
  const asAdmin = (answer: (request: FakeRequest, repository: Repository) => FakeReply) =>
    withRepository((request, repository, who) =>
      roleOf(who, repository) === "admin" ? answer(request, repository) : notFound,
    );
  const asWriter = (what: string, answer: (request: FakeRequest, repository: Repository) => FakeReply) =>
    withRepository((request, repository, who) =>
      mayWrite(who, repository, what)
        ? answer(request, repository)
        : refuse(403, "Resource not accessible by personal access token"),
    );

  const putHook = (request: FakeRequest, hook: Hook): FakeReply => {
    const body = hookBody.parse(request.json);
    hook.url = body.config.url;
    hook.secret = body.config.secret ?? hook.secret;
    hook.events = body.events ?? hook.events;
    hook.active = body.active ?? hook.active;
    return { json: shapes.hook(hook) };
  };
  const hookOf = (request: FakeRequest, repository: Repository): Hook | undefined =>
    repository.hooks.find((one) => one.id === Number(request.params["id"]));

  const at = "/api/v3/repos/:owner/:repo";
  return [
    [
      "GET",
      "/private/:picture",
      ({ query, params }) =>
        query.get("jwt") === "a" && query.get("b") === "c"
          ? { bytes: Buffer.from(`picture ${params["picture"]}`), headers: { "content-type": "image/png" } }
          : notFound,
    ],
    [
      "GET",
      "/api/v3/user",
      (request) => {
        const who = caller(request);
        if (who?.kind !== "token") return refuse(403, "Resource not accessible by integration");
        const headers = {
          ...(who.scopes === undefined ? {} : { "x-oauth-scopes": who.scopes }),
          ...(who.expires === undefined ? {} : { "github-authentication-token-expiration": who.expires }),
        };
        return { json: shapes.user(who.user), headers };
      },
    ],
    [
      "GET",
      "/api/v3/user/repos",
      (request) => {
        const who = caller(request);
        if (who?.kind !== "token") return notFound;
        const seen = state.repositories.filter((one) => one.roles.has(who.user.id));
        return listed(
          request,
          state.base,
          seen.map((one) => shapes.repository(one, who.user)),
        );
      },
    ],
    [
      "GET",
      "/api/v3/user/:id",
      ({ params }) => {
        const user = state.users.find((one) => String(one.id) === params["id"]);
        return user ? { json: shapes.user(user) } : notFound;
      },
    ],
    [
      "GET",
      at,
      withRepository((_, repository, who) => ({
        json: shapes.repository(repository, who.kind === "app" ? undefined : who.user),
      })),
    ],
    [
      "GET",
      `${at}/collaborators/:login/permission`,
      withRepository((request, repository) => {
        const user = state.users.find(
          (one) => one.login.toLowerCase() === request.params["login"]?.toLowerCase(),
        );
        if (!user) return notFound;
        const role = repository.roles.get(user.id);
        const outsider = repository.private ? "none" : "read";
        return {
          json: {
            permission: role ? legacy[role] : outsider,
            role_name: role ?? outsider,
            user: shapes.user(user),
          },
        };
      }),
    ],
    [
      "GET",
      `${at}/hooks`,
      asAdmin((request, repository) => listed(request, state.base, repository.hooks.map(shapes.hook))),
    ],
    [
      "POST",
      `${at}/hooks`,
      asAdmin((request, repository) => {
        const hook: Hook = {
          id: state.nextId(),
          url: "",
          secret: "",
          events: ["push"],
          active: true,
          last: { code: null, status: "unused", message: null },
        };
        repository.hooks.push(hook);
        return { ...putHook(request, hook), status: 201 };
      }),
    ],
    [
      "PATCH",
      `${at}/hooks/:id`,
      asAdmin((request, repository) => {
        const hook = hookOf(request, repository);
        return hook ? putHook(request, hook) : notFound;
      }),
    ],
    [
      "DELETE",
      `${at}/hooks/:id`,
      asAdmin((request, repository) => {
        const hook = hookOf(request, repository);
        if (!hook) return notFound;
        repository.hooks.splice(repository.hooks.indexOf(hook), 1);
        return { status: 204 };
      }),
    ],
    [
      "POST",
      `${at}/labels`,
      asWriter("issues", (request) =>
        request.body["name"]
          ? { status: 201, json: shapes.label(String(request.body["name"])) }
          : refuse(422, "Validation Failed"),
      ),
    ],
    [
      "GET",
      `${at}/git/ref/heads/*`,
      withRepository((request, repository) => {
        const sha = repository.branches.get(request.params["rest"] ?? "");
        return sha
          ? { json: { ref: `refs/heads/${request.params["rest"]}`, object: { sha, type: "commit" } } }
          : notFound;
      }),
    ],
    [
      "POST",
      `${at}/git/refs`,
      asWriter("contents", (request, repository) => {
        const sha = String(request.body["sha"]);
        if (![...repository.branches.values()].includes(sha)) return refuse(422, "Object does not exist");
        repository.branches.set(String(request.body["ref"]).replace("refs/heads/", ""), sha);
        return { status: 201, json: { ref: request.body["ref"], object: { sha, type: "commit" } } };
      }),
    ],
    [
      "PUT",
      `${at}/contents/*`,
      asWriter("contents", (request, repository) => {
        const branch = String(request.body["branch"] ?? "main");
        if (!repository.branches.has(branch)) return refuse(404, `Branch ${branch} not found`);
        const sha = createHash("sha1").update(randomBytes(20)).digest("hex");
        repository.branches.set(branch, sha);
        repository.files.set(
          `${branch}:${request.params["rest"]}`,
          Buffer.from(String(request.body["content"]), "base64").toString("utf8"),
        );
        return { status: 201, json: { content: { path: request.params["rest"] }, commit: { sha } } };
      }),
    ],
  ];
}
