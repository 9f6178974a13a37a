import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import type { SlackState } from "./state.ts";

export const refuse = (error: string, more: Readonly<Record<string, unknown>> = {}): FakeReply => ({
  json: { ok: false, error, ...more },
});

/** Scope that each method needs. */
const needed: Readonly<Record<string, string>> = {
  "chat.postMessage": "chat:write",
  "chat.postEphemeral": "chat:write",
  "chat.update": "chat:write",
  "chat.startStream": "chat:write",
  "chat.appendStream": "chat:write",
  "chat.stopStream": "chat:write",
  "agents.sessions.setStatus": "chat:write",
  "assistant.threads.setStatus": "chat:write",
  "reactions.add": "reactions:write",
  "conversations.replies": "channels:history",
  "users.info": "users:read",
  "bots.info": "users:read",
};

const value = (raw: unknown): unknown => {
  if (typeof raw !== "string" || !/^[[{]/.test(raw)) return raw;
  return JSON.parse(raw) as unknown;
};

/** Most methods want the bot's token; what concerns the app itself has tokens of its own. */
const tokenFor = (state: SlackState, method: string): string => {
  if (method === "apps.connections.open") return state.appToken;
  return method === "apps.manifest.export" ? state.configToken : state.botToken;
};

export type Args = Readonly<Record<string, unknown>>;

/** Makes routes of Web API methods: token, scope and rate are checked before the method answers. */
export const createMethods =
  (state: SlackState) =>
  (name: string, answer: (args: Args) => FakeReply): FakeRoute => [
    "POST",
    `/api/${name}`,
    (request: FakeRequest) => {
      const token =
        (request.headers["authorization"] ?? "").replace(/^Bearer /, "") ||
        String(request.body["token"] ?? "");
      if (token !== tokenFor(state, name)) return refuse("invalid_auth");
      const args = Object.fromEntries(Object.entries(request.body).map(([key, raw]) => [key, value(raw)]));
      const limited = state.limits?.check(name, args);
      if (limited !== undefined) return limited;
      const scope = needed[name];
      if (scope !== undefined && !state.scopes.includes(scope))
        return refuse("missing_scope", { needed: scope, provided: state.scopes.join(",") });
      const reply = answer(args);
      return { ...reply, headers: { "x-oauth-scopes": state.scopes.join(","), ...reply.headers } };
    },
  ];
