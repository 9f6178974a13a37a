import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import { postsIn, type SlackPost, type SlackState } from "./state.ts";

const refuse = (error: string, more: Readonly<Record<string, unknown>> = {}): FakeReply => ({
  json: { ok: false, error, ...more },
});

/** Scope that each method needs. */
const needed: Readonly<Record<string, string>> = {
  "chat.postMessage": "chat:write",
  "chat.postEphemeral": "chat:write",
  "chat.update": "chat:write",
  "reactions.add": "reactions:write",
  "conversations.replies": "channels:history",
  "users.info": "users:read",
};

const value = (raw: unknown): unknown => {
  if (typeof raw !== "string" || !/^[[{]/.test(raw)) return raw;
  return JSON.parse(raw) as unknown;
};

/** Web API of one workspace. Arguments come as a form, with JSON in fields that hold lists. `posted` is told of every post that our app makes. */
export const slackRoutes = (
  state: SlackState,
  told: (post: SlackPost, channel: string) => void,
): readonly FakeRoute[] => {
  const method = (
    name: string,
    answer: (args: Readonly<Record<string, unknown>>) => FakeReply,
  ): FakeRoute => [
    "POST",
    `/api/${name}`,
    (request: FakeRequest) => {
      const token =
        (request.headers["authorization"] ?? "").replace(/^Bearer /, "") ||
        String(request.body["token"] ?? "");
      const isApp = name === "apps.connections.open";
      if (token !== (isApp ? state.appToken : state.botToken)) return refuse("invalid_auth");
      const scope = needed[name];
      if (scope !== undefined && !state.scopes.includes(scope))
        return refuse("missing_scope", { needed: scope, provided: state.scopes.join(",") });
      const args = Object.fromEntries(Object.entries(request.body).map(([key, raw]) => [key, value(raw)]));
      const reply = answer(args);
      return { ...reply, headers: { "x-oauth-scopes": state.scopes.join(","), ...reply.headers } };
    },
  ];

  const message = (post: SlackPost): Record<string, unknown> => ({
    type: "message",
    user: post.author.id,
    text: post.text,
    ts: post.ts,
    ...(post.thread === undefined ? {} : { thread_ts: post.thread }),
    ...(post.author.bot === true
      ? {
          bot_id: post.author.id === state.self.id ? state.botId : "B0OTHER",
          app_id: post.author.id === state.self.id ? state.app : "A0OTHER",
        }
      : {}),
    ...(post.metadata === undefined ? {} : { metadata: post.metadata }),
    team: state.team,
  });

  const say = (args: Readonly<Record<string, unknown>>, only: string | undefined): FakeReply => {
    const channel = String(args["channel"]);
    if (!state.posts.has(channel)) return refuse("channel_not_found");
    const post: SlackPost = {
      ts: state.next(),
      thread: typeof args["thread_ts"] === "string" ? args["thread_ts"] : undefined,
      author: state.self,
      text: String(args["text"] ?? ""),
      blocks: args["blocks"],
      metadata: args["metadata"],
      edited: false,
      ...(only === undefined ? {} : { only }),
      reactions: [],
    };
    postsIn(state, channel).push(post);
    if (only !== undefined) return { json: { ok: true, message_ts: post.ts } };
    told(post, channel);
    return { json: { ok: true, channel, ts: post.ts, message: message(post) } };
  };

  const find = (args: Readonly<Record<string, unknown>>, key: string): SlackPost | undefined =>
    postsIn(state, String(args["channel"])).find((post) => post.ts === String(args[key]));

  return [
    method("auth.test", () => ({
      json: {
        ok: true,
        url: "https://fake.slack.com/",
        team: "Fake",
        user: state.self.name,
        team_id: state.team,
        user_id: state.self.id,
        bot_id: state.botId,
      },
    })),
    method("chat.postMessage", (args) => say(args, undefined)),
    method("chat.postEphemeral", (args) => say(args, String(args["user"]))),
    method("chat.update", (args) => {
      const post = find(args, "ts");
      if (!post) return refuse("message_not_found");
      if (post.author.id !== state.self.id) return refuse("cant_update_message");
      post.text = String(args["text"] ?? "");
      post.blocks = args["blocks"];
      post.metadata = args["metadata"];
      return { json: { ok: true, channel: args["channel"], ts: post.ts, text: post.text } };
    }),
    method("reactions.add", (args) => {
      const post = find(args, "timestamp");
      const name = String(args["name"]);
      if (!post) return refuse("message_not_found");
      if (post.reactions.includes(name)) return refuse("already_reacted");
      post.reactions.push(name);
      return { json: { ok: true } };
    }),
    method("conversations.replies", (args) => {
      const thread = String(args["ts"]);
      const posts = postsIn(state, String(args["channel"])).filter(
        (post) => post.only === undefined && (post.ts === thread || post.thread === thread),
      );
      if (posts.length === 0) return refuse("thread_not_found");
      return { json: { ok: true, messages: posts.map(message), has_more: false } };
    }),
    method("users.info", (args) => {
      const user = state.users.get(String(args["user"]));
      if (!user) return refuse("user_not_found");
      return {
        json: {
          ok: true,
          user: {
            id: user.id,
            team_id: user.stranger === true ? "T0ELSEWHERE" : state.team,
            name: user.name,
            real_name: user.displayName,
            is_bot: user.bot === true,
            is_restricted: user.guest === true,
            is_stranger: user.stranger === true,
            deleted: false,
            profile: { display_name: user.displayName, real_name: user.displayName },
          },
        },
      };
    }),
    method("views.open", (args) => {
      state.views.push({ kind: "modal", for: String(args["trigger_id"]), view: args["view"] });
      return { json: { ok: true, view: { id: `V${state.views.length}` } } };
    }),
    method("views.publish", (args) => {
      state.views.push({ kind: "home", for: String(args["user_id"]), view: args["view"] });
      return { json: { ok: true, view: { id: `V${state.views.length}` } } };
    }),
  ];
};
