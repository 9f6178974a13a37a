import { brokenBlocks } from "../../support/block-kit.ts";
import type { FakeReply, FakeRoute } from "../routes.ts";
import { type Args, refuse } from "./method.ts";
import { postsIn, type SlackPost, type SlackState } from "./state.ts";

interface Chunk {
  readonly type: string;
  readonly id?: string;
  readonly title?: string;
  readonly status?: string;
  readonly text?: string;
  readonly blocks?: readonly unknown[];
}

const states = new Set(["pending", "in_progress", "complete", "error"]);
const mostTasks = 50;
const mostBlocks = 50;

/** Adds chunks to a message as Slack does; the word of refusal when one is not right. */
const addChunks = (post: SlackPost, chunks: readonly Chunk[]): string | undefined => {
  const plan = post.plan ?? { title: "", tasks: new Map() };
  const blocks = [...((post.blocks as readonly unknown[] | undefined) ?? [])];
  for (const chunk of chunks) {
    if (chunk.type === "plan_update" && chunk.title !== undefined) plan.title = chunk.title;
    else if (chunk.type === "task_update" && chunk.id && chunk.title && states.has(chunk.status ?? ""))
      plan.tasks.set(chunk.id, { title: chunk.title, status: chunk.status ?? "" });
    else if (chunk.type === "blocks" && Array.isArray(chunk.blocks)) blocks.push(...chunk.blocks);
    else return "invalid_chunks";
  }
  if (plan.tasks.size > mostTasks || blocks.length > mostBlocks) return "msg_too_long";
  if (blocks.length > 0 && brokenBlocks(blocks, "message").length > 0) return "invalid_blocks";
  post.plan = plan;
  post.blocks = blocks;
  return undefined;
};

/** chat.startStream, appendStream and stopStream: https://docs.slack.dev/reference/methods/chat.startStream */
export const streamRoutes = (
  state: SlackState,
  method: (name: string, answer: (args: Args) => FakeReply) => FakeRoute,
): readonly FakeRoute[] => {
  const streamOf = (args: Args): SlackPost | string => {
    const post = postsIn(state, String(args["channel"])).find(({ ts }) => ts === String(args["ts"]));
    if (post === undefined) return "message_not_found";
    return post.stream === "open" ? post : "message_not_in_streaming_state";
  };
  const chunksOf = (args: Args): readonly Chunk[] => (args["chunks"] as readonly Chunk[] | undefined) ?? [];
  const known = (answer: (args: Args) => FakeReply) => (args: Args) =>
    state.streaming ? answer(args) : refuse("unknown_method", { req_method: "chat.startStream" });

  return [
    method(
      "chat.startStream",
      known((args) => {
        const channel = String(args["channel"]);
        if (!state.posts.has(channel)) return refuse("channel_not_found");
        if (typeof args["thread_ts"] !== "string") return refuse("invalid_thread_ts");
        if (!channel.startsWith("D") && !(args["recipient_user_id"] && args["recipient_team_id"]))
          return refuse("missing_recipient_user_id");
        const post: SlackPost = {
          ts: state.next(),
          thread: args["thread_ts"],
          author: state.self,
          text: "",
          blocks: undefined,
          metadata: undefined,
          edited: undefined,
          reactions: [],
          stream: "open",
        };
        const wrong = addChunks(post, chunksOf(args));
        if (wrong !== undefined) return refuse(wrong);
        postsIn(state, channel).push(post);
        return { json: { ok: true, channel, ts: post.ts } };
      }),
    ),
    method(
      "chat.appendStream",
      known((args) => {
        const post = streamOf(args);
        const wrong = typeof post === "string" ? post : addChunks(post, chunksOf(args));
        return wrong === undefined ? { json: { ok: true } } : refuse(wrong);
      }),
    ),
    method(
      "chat.stopStream",
      known((args) => {
        const post = streamOf(args);
        if (typeof post === "string") return refuse(post);
        post.stream = "closed";
        if (args["metadata"] !== undefined) post.metadata = args["metadata"];
        return { json: { ok: true } };
      }),
    ),
  ];
};
