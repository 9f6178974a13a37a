import type { FakeReply, FakeRoute } from "../routes.ts";
import { type Args, refuse } from "./method.ts";
import { postsIn, type SlackState } from "./state.ts";

const statuses = new Set(["active", "processing", "suspended", "closed"]);

/** agents.sessions.setStatus and the older assistant.threads.setStatus: https://docs.slack.dev/ai/agent-sessions */
export const sessionRoutes = (
  state: SlackState,
  method: (name: string, answer: (args: Args) => FakeReply) => FakeRoute,
): readonly FakeRoute[] => {
  const threadOf = (args: Args): string | undefined => {
    const thread = String(args["thread_ts"]);
    const isThere = postsIn(state, String(args["channel_id"])).some(({ ts }) => ts === thread);
    return isThere ? thread : undefined;
  };

  return [
    method("agents.sessions.setStatus", (args) => {
      // Only apps declared as agents may: https://docs.slack.dev/ai/agent-sessions
      if (state.agent !== "sessions") return refuse("feature_disabled");
      if (!statuses.has(String(args["status"]))) return refuse("invalid_arguments");
      if (!state.posts.has(String(args["channel_id"]))) return refuse("channel_not_found");
      const thread = threadOf(args);
      if (thread === undefined) return refuse("invalid_thread_ts");
      const user = args["initiator_user_id"];
      if (user !== undefined && !state.users.has(String(user))) return refuse("user_not_in_channel");
      const status = String(args["status"]);
      const known = state.sessions.get(thread);
      state.sessions.set(thread, {
        initiator: known?.initiator ?? (user === undefined ? undefined : String(user)),
        statuses: [...(known?.statuses ?? []), status],
      });
      const warning = state.hasStopEvent
        ? {}
        : { warning: "missing_agent_session_stopped_event_subscription" };
      return { json: { ok: true, status, agent_status: status, ...warning } };
    }),
    method("assistant.threads.setStatus", (args) => {
      if (state.agent === "none") return refuse("feature_disabled");
      if (!state.posts.has(String(args["channel_id"]))) return refuse("channel_not_found");
      const thread = threadOf(args);
      if (thread === undefined) return refuse("invalid_thread_ts");
      state.lines.push({ thread, text: String(args["status"]) });
      return { json: { ok: true } };
    }),
  ];
};
