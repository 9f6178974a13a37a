import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import type { FakeHook, JiraState } from "./state.ts";

const shape = (state: JiraState, path: string, hook: FakeHook): Record<string, unknown> => ({
  self: `${state.base}${path}/${hook.id}`,
  ...(path.includes("jira-webhook")
    ? { id: Number(hook.id), active: hook.enabled }
    : { enabled: hook.enabled }),
  name: hook.name,
  url: hook.url,
  events: hook.events,
});

/** Jira's own webhooks, for administrators only. `path` is the address of the version: 1.0 of Cloud and Data Center 9, or that of Data Center 10. */
export const jiraHookRoutes = (state: JiraState, prefix: string, path: string): readonly FakeRoute[] => {
  const asAdmin =
    (answer: (request: FakeRequest) => FakeReply) =>
    (request: FakeRequest): FakeReply => {
      const account = state.tokens.get(request.headers["authorization"] ?? "");
      if (account === undefined) return { status: 401, json: { message: "Unauthorized" } };
      return state.admins.has(account)
        ? answer(request)
        : { status: 403, json: { message: "You must be a Jira administrator." } };
    };
  const write = (hook: FakeHook, request: FakeRequest): FakeHook => {
    const configuration = request.body["configuration"] as { SECRET?: string } | undefined;
    hook.url = String(request.body["url"]);
    hook.name = String(request.body["name"]);
    hook.events = request.body["events"] as string[];
    hook.enabled = request.body["enabled"] !== false && request.body["active"] !== false;
    hook.secret = configuration?.SECRET ?? String(request.body["secret"] ?? hook.secret);
    return hook;
  };
  const blank = (): FakeHook => ({
    id: state.next(),
    url: "",
    name: "",
    events: [],
    enabled: true,
    secret: "",
  });
  return [
    [
      "GET",
      `${prefix}${path}`,
      asAdmin(() => ({ json: [...state.hooks.values()].map((hook) => shape(state, path, hook)) })),
    ],
    [
      "POST",
      `${prefix}${path}`,
      asAdmin((request) => {
        const hook = write(blank(), request);
        state.hooks.set(hook.id, hook);
        return { status: 201, json: shape(state, path, hook) };
      }),
    ],
    [
      "PUT",
      `${prefix}${path}/:id`,
      asAdmin((request) => {
        const hook = state.hooks.get(request.params["id"] ?? "");
        return hook === undefined
          ? { status: 404, json: {} }
          : { json: shape(state, path, write(hook, request)) };
      }),
    ],
    [
      "DELETE",
      `${prefix}${path}/:id`,
      asAdmin((request) => {
        const gone = state.hooks.delete(request.params["id"] ?? "");
        return { status: gone ? 204 : 404 };
      }),
    ],
  ];
};
