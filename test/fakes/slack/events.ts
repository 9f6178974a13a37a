import type { SlackPost, SlackState } from "./state.ts";

export type SlackDelivery = Readonly<Record<string, unknown>>;

export interface SlackEvents {
  envelope(event: SlackDelivery): SlackDelivery;
  /** The event of a message. */
  of(post: SlackPost, more: SlackDelivery): SlackDelivery;
  changed(post: SlackPost, before: string): SlackDelivery;
  deleted(post: SlackPost): SlackDelivery;
}

/** Events API of one workspace, for what happens in one channel. https://docs.slack.dev/apis/events-api/ */
export const createEvents = (state: SlackState, channel: string): SlackEvents => {
  let last = 0;
  const room = { channel, channel_type: channel.startsWith("D") ? "im" : "channel" };
  const inThread = (post: SlackPost): SlackDelivery =>
    post.thread === undefined ? {} : { thread_ts: post.thread };

  const envelope = (event: SlackDelivery): SlackDelivery => ({
    type: "event_callback",
    team_id: state.team,
    api_app_id: state.app,
    event,
    event_id: `Ev${++last}`,
    event_time: Math.floor(Date.now() / 1_000),
    authorizations: [{ enterprise_id: null, team_id: state.team, user_id: state.self.id, is_bot: true }],
  });

  return {
    envelope,
    of(post, more) {
      const ours = post.author.id === state.self.id;
      return envelope({
        type: "message",
        ...room,
        user: post.author.id,
        text: post.text,
        ts: post.ts,
        event_ts: post.ts,
        team: state.team,
        ...inThread(post),
        ...(post.files === undefined ? {} : { subtype: "file_share", files: post.files }),
        ...(post.author.bot === true
          ? { bot_id: ours ? state.botId : "B0OTHER", app_id: ours ? state.app : "A0OTHER" }
          : {}),
        ...more,
      });
    },
    changed(post, before) {
      const previous = { type: "message", user: post.author.id, text: before, ts: post.ts };
      return envelope({
        type: "message",
        subtype: "message_changed",
        hidden: true,
        ...room,
        ts: state.next(),
        event_ts: state.next(),
        message: {
          ...previous,
          text: post.text,
          edited: { user: post.author.id, ts: state.next() },
          ...inThread(post),
        },
        previous_message: previous,
      });
    },
    deleted: (post) =>
      envelope({
        type: "message",
        subtype: "message_deleted",
        hidden: true,
        ...room,
        ts: state.next(),
        deleted_ts: post.ts,
        event_ts: state.next(),
        previous_message: {
          type: "message",
          user: post.author.id,
          text: post.text,
          ts: post.ts,
          ...inThread(post),
        },
      }),
  };
};
