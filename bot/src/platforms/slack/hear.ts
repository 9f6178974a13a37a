import { Failure } from "@ask-openhands/core/failure.ts";
import { SlackEnvelope, type SlackEvent, type SlackMessage } from "@ask-openhands/core/wire/slack.ts";
import type { Attachment, Author, Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { isDirect, messageUrl, slackPlace, timeOfTs } from "./place.ts";
import { slackToMarkdown } from "./text.ts";

/** What hearing needs besides the payload; all in memory. */
export interface SlackEar {
  readonly handle: string;
  /** The connection of a workspace, and which of its accounts are ours. */
  at(team: string): {
    readonly connection?: string | undefined;
    isOwn(id: string): boolean;
  };
}

const ignored = (why: string): Heard => ({ heard: "ignored", why });
export const malformed = (path: string): never => {
  throw new Failure("bad-input", `This is not a Slack delivery: "${path}" is missing or has the wrong form.`);
};

interface Context {
  readonly envelope: SlackEnvelope;
  readonly event: SlackEvent;
  readonly team: string;
  readonly channel: string;
  readonly ear: SlackEar;
}

/** Subtypes that are a person speaking; all others (joins, topic changes…) are the room's own news. */
const spoken: ReadonlySet<string> = new Set(["file_share", "thread_broadcast", "me_message", "bot_message"]);
const privateTypes: ReadonlySet<unknown> = new Set(["im", "mpim", "group"]);

/** What an Events API envelope says. Throws `bad-input` when it is none. */
export const hearSlack = (body: unknown, ear: SlackEar): Heard => {
  const read = SlackEnvelope.safeParse(body);
  if (!read.success) return malformed(read.error.issues[0]?.path.join(".") || "payload");
  const envelope = read.data;
  if (envelope.type === "url_verification") {
    const challenge = envelope.challenge ?? malformed("challenge");
    return { heard: "handshake", body: challenge, contentType: "text/plain; charset=utf-8" };
  }
  // Some recorded deliveries are the event alone, as it stands in an envelope.
  const event = envelope.event ?? (envelope.type === "event_callback" ? malformed("event") : undefined);
  if (!event) return ignored(`${envelope.type} asks for nothing`);
  if (event.type === "agent_session_stopped") return hearStop(envelope, event, ear);
  if (event.type !== "app_mention" && event.type !== "message")
    return ignored(`${event.type} events never ask for something`);
  const team = envelope.team_id ?? event.team ?? malformed("team_id");
  const channel = typeof event.channel === "string" ? event.channel : event.channel?.id;
  if (!channel) return ignored("the event names no channel");
  return hearMessage({ envelope, event, team, channel, ear });
};

const hearMessage = (context: Context): Heard => {
  const { event } = context;
  if (event.subtype === "message_changed") return hearChanged(context);
  if (event.subtype === "message_deleted") return hearDeleted(context);
  if (event.subtype && !spoken.has(event.subtype))
    return ignored(`${event.subtype} is no message of a person`);
  if (event.hidden === true) return ignored("the message is hidden");
  return mentionOf(context, event, "new");
};

const hearChanged = (context: Context): Heard => {
  const { message, previous_message: previous } = context.event;
  if (!message?.edited) return ignored("nobody edited the message: Slack added something to it");
  if (message.text === previous?.text) return ignored("the text did not change");
  return mentionOf(context, message, "edited", previous?.text ?? undefined);
};

const hearDeleted = (context: Context): Heard => {
  const { previous_message: previous, deleted_ts: ts } = context.event;
  if (!previous) return ignored("nothing tells what was deleted");
  return mentionOf(context, { ...previous, ts: ts ?? previous.ts }, "deleted");
};

const isOwn = ({ envelope, team, ear }: Context, message: SlackMessage): boolean => {
  const room = ear.at(team);
  const ids = [message.user, message.bot_id].filter((id): id is string => !!id);
  const app = message.app_id ?? message.bot_profile?.app_id;
  return ids.some((id) => room.isOwn(id)) || (!!app && app === envelope.api_app_id && !!message.bot_id);
};

const authorOf = (context: Context, message: SlackMessage): Author => {
  const id = message.user || message.bot_id || malformed("event.user");
  const kind = ((): Author["kind"] => {
    if (isOwn(context, message)) return "self";
    return message.bot_id || message.subtype === "bot_message" ? "bot" : "person";
  })();
  return {
    platform: "slack",
    host: context.team,
    id,
    name: id,
    ...(message.username ? { displayName: message.username } : {}),
    kind,
  };
};

/** Our user in this workspace: known from the connection, or named by the envelope, or, in an `app_mention`, whoever is mentioned first. */
const isUsIn = ({ envelope, event, team, ear }: Context): ((user: string) => boolean) => {
  const room = ear.at(team);
  const authorized = (envelope.authorizations ?? [])
    .filter((one) => one.is_bot === true)
    .map((one) => one.user_id);
  const known = (user: string): boolean => room.isOwn(user) || authorized.includes(user);
  const named = [...(event.text ?? "").matchAll(/<@([A-Z0-9]+)/g)].map((found) => found[1] ?? "");
  const guess = event.type === "app_mention" && !named.some(known) ? named[0] : undefined;
  return (user) => known(user) || user === guess;
};

const attachmentsOf = (message: SlackMessage): readonly Attachment[] =>
  (message.files ?? [])
    .filter((file) => !!file.url_private)
    .map((file) => ({
      name: file.name ?? file.title ?? file.id ?? "file",
      type: file.mimetype ?? "application/octet-stream",
      size: file.size ?? 0,
      url: file.url_private ?? "",
    }));

const mentionOf = (
  context: Context,
  message: SlackMessage,
  change: Mention["change"],
  before?: string,
): Heard => {
  const { event, team, channel, ear } = context;
  const ts = message.ts ?? event.event_ts ?? malformed("event.ts");
  const reader = { handle: ear.handle, isUs: isUsIn(context) };
  const attachments = attachmentsOf(message);
  const direct = event.channel_type === "im" || isDirect(channel);
  return {
    heard: "mention",
    mention: {
      // The same message arrives as `app_mention` and as `message`, with two event ids: its own timestamp is what both share.
      key: `slack:${team}:message:${channel}:${ts}`,
      place: slackPlace({
        team,
        channel,
        thread: message.thread_ts ?? ts,
        connection: ear.at(team).connection,
        private: privateTypes.has(event.channel_type),
      }),
      author: authorOf(context, message),
      way: direct ? "direct" : "comment",
      text: slackToMarkdown(message.text ?? "", reader),
      at: timeOfTs(change === "new" ? ts : (message.edited?.ts ?? event.event_ts ?? ts)),
      url: messageUrl(team, channel, ts),
      change,
      ...(before === undefined ? {} : { before: slackToMarkdown(before, reader) }),
      ...(attachments.length === 0 ? {} : { attachments }),
      reply: {
        channel,
        ts,
        ...(message.user ? { user: message.user } : {}),
        ...(message.thread_ts ? { thread: message.thread_ts } : {}),
      },
    },
  };
};

const stopKey = (team: string): string => `slack:${team}:stop:`;

/** True for Slack's own Stop button, whose display is ours to end. */
export const isNativeStop = ({ key, place }: Mention): boolean => key.startsWith(stopKey(place.host));

/** Slack's own Stop button in a thread where we are at work. */
const hearStop = (envelope: SlackEnvelope, event: SlackEvent, ear: SlackEar): Heard => {
  const team = envelope.team_id ?? malformed("team_id");
  const channel = typeof event.channel === "string" ? event.channel : malformed("event.channel");
  const thread = event.thread_ts ?? event.streaming_message_ts?.[0];
  if (!thread || !event.user) return ignored("nothing tells which answer is to be stopped");
  return {
    heard: "mention",
    mention: {
      key: `${stopKey(team)}${channel}:${event.event_ts ?? envelope.event_id ?? thread}`,
      place: slackPlace({ team, channel, thread, connection: ear.at(team).connection }),
      author: { platform: "slack", host: team, id: event.user, name: event.user, kind: "person" },
      way: "button",
      text: "stop",
      at: timeOfTs(event.event_ts),
      change: "new",
      reply: { channel, thread },
    },
  };
};
