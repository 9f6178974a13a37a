import { slackActionId } from "@ask-openhands/core/render/to-slack.ts";
import { SlackCommand, SlackInteraction } from "@ask-openhands/core/wire/slack.ts";
import type { Author, Choices, Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { malformed, type SlackEar } from "./hear.ts";
import { slackPlace, timeOfTs } from "./place.ts";
import { slackToMarkdown } from "./text.ts";

/** Ids that tie a form or button to what it does; the manifest names the first. */
export const askShortcut = "ask_openhands";
export const askForm = "ask_openhands_form";
export const repositoryField = slackActionId("choose-repository");

const ignored = (why: string): Heard => ({ heard: "ignored", why });

const person = (
  team: string,
  user: { readonly id: string; readonly name?: string | null | undefined },
): Author => ({
  platform: "slack",
  host: team,
  id: user.id,
  name: user.id,
  ...(user.name ? { displayName: user.name } : {}),
  kind: "person",
});

/** `/openhands …`: what is typed is meant for us. It stands in no thread: the place is the channel until the ask has a message of its own. */
export const hearCommand = (fields: unknown, ear: SlackEar): Heard => {
  const read = SlackCommand.safeParse(fields);
  if (!read.success) return malformed(read.error.issues[0]?.path.join(".") || "command");
  const command = read.data;
  const { connection, isOwn } = ear.at(command.team_id);
  return {
    heard: "mention",
    mention: {
      key: `slack:${command.team_id}:command:${command.trigger_id ?? `${command.channel_id}:${command.user_id}:${command.text}`}`,
      place: slackPlace({
        team: command.team_id,
        channel: command.channel_id,
        connection,
        channelName: command.channel_name ?? undefined,
      }),
      author: person(command.team_id, { id: command.user_id, name: command.user_name }),
      way: "command",
      text: slackToMarkdown(command.text ?? "", { handle: ear.handle, isUs: isOwn }),
      at: new Date(0).toISOString(),
      change: "new",
      reply: {
        channel: command.channel_id,
        user: command.user_id,
        ...(command.response_url ? { responseUrl: command.response_url } : {}),
      },
    },
  };
};

/** What a button, a picked entry or a submitted form says. Forms of other apps, and ours that only open something, are ignored. */
export const hearInteraction = (body: unknown, ear: SlackEar): Heard => {
  const read = SlackInteraction.safeParse(body);
  if (!read.success) return malformed(read.error.issues[0]?.path.join(".") || "payload");
  const payload = read.data;
  if (payload.type === "block_actions") return hearAction(payload, ear);
  if (payload.type === "view_submission") return hearForm(payload, ear);
  return ignored(`${payload.type} asks for nothing by itself`);
};

/** Text that the engine hears for each of our buttons. */
const wordsOf = (
  actionId: string | null | undefined,
  picked: string | null | undefined,
): string | undefined => {
  if (actionId === slackActionId("stop")) return "stop";
  if (actionId === slackActionId("retry")) return "retry";
  if (actionId === repositoryField && picked) return `repo=${picked}`;
  return undefined;
};

const hearAction = (payload: SlackInteraction, ear: SlackEar): Heard => {
  const action = payload.actions?.[0];
  const text = wordsOf(action?.action_id, action?.selected_option?.value);
  const team = payload.team?.id ?? payload.user?.team_id;
  // App Home has no channel: its buttons carry the thread that they mean.
  const meant = spotOf(action?.value);
  const channel = payload.channel?.id ?? payload.container?.channel_id ?? meant?.channel;
  if (!action || text === undefined) return ignored("the button is none that asks for something");
  if (!team || !channel || !payload.user) return ignored("the button stands in no conversation");
  const thread =
    payload.container?.thread_ts ??
    payload.message?.thread_ts ??
    payload.container?.message_ts ??
    payload.message?.ts ??
    meant?.thread;
  if (!thread) return ignored("the button stands in no conversation");
  const { connection } = ear.at(team);
  return {
    heard: "mention",
    mention: {
      key: `slack:${team}:action:${channel}:${action.action_ts ?? payload.trigger_id ?? thread}:${payload.user.id}`,
      place: slackPlace({
        team,
        channel,
        thread,
        connection,
        channelName: payload.channel?.name ?? undefined,
      }),
      author: person(team, { id: payload.user.id, name: payload.user.username ?? payload.user.name }),
      way: "button",
      text,
      at: timeOfTs(action.action_ts),
      change: "new",
      reply: {
        channel,
        thread,
        user: payload.user.id,
        ...(payload.response_url ? { responseUrl: payload.response_url } : {}),
      },
    },
  };
};

/** What the form keeps beside its fields: the message it was opened on. */
export interface FormSpot {
  readonly channel: string;
  readonly thread: string;
}

const spotOf = (metadata: string | null | undefined): FormSpot | undefined => {
  const [channel, thread] = (metadata ?? "").split("|");
  return channel && thread ? { channel, thread } : undefined;
};
export const spotText = (spot: FormSpot): string => `${spot.channel}|${spot.thread}`;

export const formFields = {
  text: "text",
  repository: "repository",
  branch: "branch",
  agent: "agent",
} as const;

const hearForm = (payload: SlackInteraction, ear: SlackEar): Heard => {
  const { view } = payload;
  const team = payload.team?.id ?? payload.user?.team_id;
  if (view?.callback_id !== askForm) return ignored("the form is none of ours");
  const spot = spotOf(view.private_metadata);
  if (!team || !payload.user || !spot) return ignored("nothing tells where the form was opened");
  const field = (name: string): string | undefined => {
    const value = Object.values(view.state?.values[name] ?? {})[0];
    return value?.selected_option?.value ?? value?.value ?? undefined;
  };
  const chosen: Choices = {
    repository: field(formFields.repository),
    branch: field(formFields.branch),
    agent: field(formFields.agent),
  };
  const text = field(formFields.text) ?? "";
  const { connection } = ear.at(team);
  const mention: Mention = {
    key: `slack:${team}:form:${view.id ?? `${spot.channel}:${spot.thread}:${payload.user.id}`}`,
    place: slackPlace({ team, channel: spot.channel, thread: spot.thread, connection }),
    author: person(team, { id: payload.user.id, name: payload.user.username ?? payload.user.name }),
    way: "button",
    text,
    at: new Date(0).toISOString(),
    change: "new",
    reply: { channel: spot.channel, thread: spot.thread, user: payload.user.id },
    chosen,
  };
  return { heard: "mention", mention };
};
