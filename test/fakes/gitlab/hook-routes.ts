import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import { asCaller, notFound, onlyIf, paged } from "./access.ts";
import { hookShape } from "./shapes.ts";
import { type FakeHook, type GitLabState, levelIn, levelInGroup } from "./state.ts";

interface AtOwner {
  readonly owner: FakeHook["owner"];
  readonly hooks: readonly FakeHook[];
}

const known = new Set([
  "name",
  "description",
  "token",
  "signing_token",
  "push_events",
  "issues_events",
  "confidential_issues_events",
]);
const alsoKnown = new Set([
  "merge_requests_events",
  "note_events",
  "confidential_note_events",
  "enable_ssl_verification",
]);

/** Releases before signing drop the field without a word, as they do with every field that they do not know. */
const settingsOf = (state: GitLabState, request: FakeRequest): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(request.body).filter(
      ([name]) => (known.has(name) || alsoKnown.has(name)) && (state.signs || name !== "signing_token"),
    ),
  );

/** Webhooks of projects (Maintainers) and groups (Owners, Premium). */
export const hookRoutes = (state: GitLabState, api: string): readonly FakeRoute[] =>
  (["project", "group"] as const).flatMap((type): readonly FakeRoute[] => {
    const at = (answer: (request: FakeRequest, at: AtOwner) => FakeReply) =>
      asCaller(state, ["api"], (request, { user }) => {
        if (type === "group" && !state.premium) return notFound("");
        const id = Number(request.params["id"]);
        const project = type === "project" ? state.projects.find((one) => one.id === id) : undefined;
        const group = type === "group" ? state.groups.find((one) => one.id === id) : undefined;
        const level = project ? levelIn(state, project, user) : group && levelInGroup(state, group, user);
        if (level === undefined || level === 0) return notFound(type === "project" ? "Project" : "Group");
        const hooks = state.hooks.filter(({ owner }) => owner.type === type && owner.id === id);
        return onlyIf(level >= (type === "project" ? 40 : 50), () =>
          answer(request, { owner: { type, id }, hooks }),
        );
      });
    const atHook = (answer: (request: FakeRequest, hook: FakeHook) => FakeReply) =>
      at((request, { hooks }) => {
        const hook = hooks.find(({ id }) => String(id) === request.params["hook"]);
        return hook === undefined ? notFound("Hook") : answer(request, hook);
      });
    const base = `${api}/${type}s/:id/hooks`;
    return [
      [
        "GET",
        base,
        at((request, { hooks }) =>
          paged(
            state,
            request,
            hooks.map((hook) => hookShape(state, hook)),
          ),
        ),
      ],
      [
        "POST",
        base,
        at((request, { owner }) => {
          const url = String(request.body["url"]);
          if (/^https?:\/\/(localhost|127\.)/.test(url)) {
            return {
              status: 422,
              json: { error: "Invalid url given: Requests to localhost are not allowed" },
            };
          }
          const hook: FakeHook = {
            id: state.next(),
            owner,
            url,
            settings: settingsOf(state, request),
            alertStatus: "executable",
            deliveries: [],
          };
          state.hooks.push(hook);
          return { status: 201, json: hookShape(state, hook) };
        }),
      ],
      [
        "PUT",
        `${base}/:hook`,
        atHook((request, hook) => {
          hook.url = String(request.body["url"] ?? hook.url);
          hook.settings = { ...hook.settings, ...settingsOf(state, request) };
          return { json: hookShape(state, hook) };
        }),
      ],
      [
        "DELETE",
        `${base}/:hook`,
        atHook((_, hook) => {
          state.hooks.splice(state.hooks.indexOf(hook), 1);
          return { status: 204 };
        }),
      ],
      [
        "GET",
        `${base}/:hook/events`,
        atHook((request, hook) => paged(state, request, hook.deliveries.toReversed())),
      ],
      [
        "POST",
        `${base}/:hook/test/:trigger`,
        atHook((request, hook) => {
          // An empty repository has no commit to show.
          if (request.params["trigger"] === "push_events")
            return { status: 422, json: { message: "Ensure the project has at least one commit." } };
          hook.alertStatus = "executable";
          hook.disabledUntil = undefined;
          hook.deliveries.push({
            response_status: "200",
            created_at: state.now(),
            trigger: String(request.params["trigger"]),
          });
          return { status: 201, json: { message: "201 Created" } };
        }),
      ],
    ];
  });
