import type { FakeReply } from "../routes.ts";
import { type Args, refuse } from "./method.ts";
import { postsIn, type SlackPost, type SlackState } from "./state.ts";

const cursorOf = (from: number): string => Buffer.from(`next_ts:${from}`).toString("base64");

const startOf = (cursor: unknown): number | undefined => {
  if (cursor === undefined || cursor === "") return 0;
  const from = /^next_ts:(\d+)$/.exec(Buffer.from(String(cursor), "base64").toString())?.[1];
  return from === undefined ? undefined : Number(from);
};

/**
 * A thread by pages: the parent first on each, replies in order of time within. The documentation's example begins with the earliest ones; the newest
 * first was seen as well. https://docs.slack.dev/reference/methods/conversations.replies
 */
export const repliesOf = (
  state: SlackState,
  args: Args,
  shape: (post: SlackPost) => Record<string, unknown>,
): FakeReply => {
  const thread = String(args["ts"]);
  const shown = postsIn(state, String(args["channel"])).filter((post) => post.only === undefined);
  const parent = shown.find((post) => post.ts === thread);
  const oldest = Number(args["oldest"] ?? 0);
  const replies = shown.filter((post) => post.thread === thread && Number(post.ts) > oldest);
  if (parent === undefined && replies.length === 0) return refuse("thread_not_found");
  const { order, most } = state.replies;
  const size = Math.min(Number(args["limit"] ?? most), most);
  if (!(size > 0)) return refuse("invalid_limit");
  const from = startOf(args["cursor"]);
  if (from === undefined) return refuse("invalid_cursor");
  const end = replies.length - from;
  const page =
    order === "earliest first"
      ? replies.slice(from, from + size)
      : replies.slice(Math.max(0, end - size), end);
  const hasMore = from + size < replies.length;
  return {
    json: {
      ok: true,
      messages: [...(parent === undefined ? [] : [parent]), ...page].map(shape),
      has_more: hasMore,
      response_metadata: { next_cursor: hasMore ? cursorOf(from + size) : "" },
    },
  };
};
