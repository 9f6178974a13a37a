import { brokenMessage, brokenView } from "../../support/block-kit.ts";
import type { FakeReply, FakeRoute } from "../routes.ts";
import { createMethods, refuse } from "./method.ts";
import { repliesOf } from "./replies.ts";
import { sessionRoutes } from "./session-routes.ts";
import { postsIn, type SlackPost, type SlackState } from "./state.ts";
import { streamRoutes } from "./stream-routes.ts";

/** Web API of one workspace. Arguments come as a form, with JSON in fields that hold lists. `posted` is told of every post that our app makes. */
export const slackRoutes = (
  state: SlackState,
  told: (post: SlackPost, channel: string) => void,
): readonly FakeRoute[] => {
  const method = createMethods(state);

  const message = (post: SlackPost): Record<string, unknown> => ({
    type: "message",
    user: post.author.id,
    text: post.text,
    ts: post.ts,
    ...(post.thread === undefined ? {} : { thread_ts: post.thread }),
    ...(post.edited === undefined ? {} : { edited: { user: post.author.id, ts: post.edited } }),
    ...(post.author.bot === true
      ? {
          bot_id: post.author.id === state.self.id ? state.botId : "B0OTHER",
          app_id: post.author.id === state.self.id ? state.app : "A0OTHER",
        }
      : {}),
    ...(post.blocks === undefined ? {} : { blocks: post.blocks }),
    ...(post.metadata === undefined ? {} : { metadata: post.metadata }),
    team: state.team,
  });

  /** The refusal of blocks that Slack would not take. */
  const wrongBlocks = (broken: readonly string[]): FakeReply | undefined =>
    broken.length === 0 ? undefined : refuse("invalid_blocks", { response_metadata: { messages: broken } });

  const say = (args: Readonly<Record<string, unknown>>, only: string | undefined): FakeReply => {
    const channel = String(args["channel"]);
    if (!state.posts.has(channel)) return refuse("channel_not_found");
    const wrong = wrongBlocks(brokenMessage(args));
    if (wrong !== undefined) return wrong;
    const post: SlackPost = {
      ts: state.next(),
      thread: typeof args["thread_ts"] === "string" ? args["thread_ts"] : undefined,
      author: state.self,
      text: String(args["text"] ?? ""),
      blocks: args["blocks"],
      metadata: args["metadata"],
      edited: undefined,
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
    method("bots.info", (args) =>
      args["bot"] === state.botId
        ? { json: { ok: true, bot: { id: state.botId, app_id: state.app, name: state.self.name } } }
        : refuse("bot_not_found"),
    ),
    method("apps.manifest.export", (args) =>
      args["app_id"] === state.app
        ? { json: { ok: true, manifest: state.manifest } }
        : refuse("invalid_app_id"),
    ),
    ...streamRoutes(state, method),
    ...sessionRoutes(state, method),
    method("chat.postMessage", (args) => say(args, undefined)),
    method("chat.postEphemeral", (args) => say(args, String(args["user"]))),
    method("chat.update", (args) => {
      const post = find(args, "ts");
      if (!post) return refuse("message_not_found");
      if (post.author.id !== state.self.id) return refuse("cant_update_message");
      if (post.stream === "open") return refuse("streaming_state_conflict");
      const wrong = wrongBlocks(brokenMessage(args));
      if (wrong !== undefined) return wrong;
      post.plan = undefined;
      post.edited = state.next();
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
    method("conversations.replies", (args) => repliesOf(state, args, message)),
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
            deleted: user.gone === true,
            profile: { display_name: user.displayName, real_name: user.displayName },
          },
        },
      };
    }),
    method("views.open", (args) => {
      const wrong = wrongBlocks(brokenView(args["view"]));
      if (wrong !== undefined) return wrong;
      state.views.push({ kind: "modal", for: String(args["trigger_id"]), view: args["view"] });
      return { json: { ok: true, view: { id: `V${state.views.length}` } } };
    }),
    method("views.publish", (args) => {
      const wrong = wrongBlocks(brokenView(args["view"]));
      if (wrong !== undefined) return wrong;
      state.views.push({ kind: "home", for: String(args["user_id"]), view: args["view"] });
      return { json: { ok: true, view: { id: `V${state.views.length}` } } };
    }),
  ];
};
