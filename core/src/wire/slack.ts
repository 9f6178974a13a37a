import * as z from "zod";

/**
 * What we read of Slack's deliveries, only the fields used: https://docs.slack.dev/apis/events-api/ and https://docs.slack.dev/interactivity/.
 * Recorded ones lack most fields somewhere, so nearly everything may be missing.
 */

const text = z.string().nullish();

const file = z.object({
  id: text,
  name: text,
  title: text,
  mimetype: text,
  size: z.number().nullish(),
  url_private: text,
});

/** An id, or in a few kinds of events the whole account. */
const account = z
  .union([z.string(), z.looseObject({ id: z.string() }).transform((user) => user.id)])
  .nullish()
  .catch(undefined);

const message = z.object({
  type: text,
  subtype: text,
  user: account,
  username: text,
  user_team: text,
  bot_id: text,
  app_id: text,
  bot_profile: z.object({ app_id: text }).nullish(),
  text,
  ts: text,
  thread_ts: text,
  team: text,
  edited: z.object({ user: text, ts: text }).nullish(),
  files: z.array(file).nullish().catch(undefined),
  blocks: z
    .array(z.object({ block_id: text }))
    .nullish()
    .catch(undefined),
  metadata: z
    .object({ event_type: text, event_payload: z.record(z.string(), z.unknown()).nullish() })
    .nullish()
    .catch(undefined),
});
export type SlackMessage = z.infer<typeof message>;
export const SlackMessages = z.object({
  messages: z.array(message).nullish(),
  has_more: z.boolean().nullish(),
  response_metadata: z.object({ next_cursor: text }).nullish(),
});

export const SlackEvent = message.extend({
  type: z.string(),
  channel: z.union([z.string(), z.looseObject({ id: text })]).nullish(),
  channel_type: text,
  event_ts: text,
  deleted_ts: text,
  hidden: z.boolean().nullish(),
  tab: text,
  message: message.nullish(),
  previous_message: message.nullish(),
  streaming_message_ts: z.array(z.string()).nullish().catch(undefined),
});
export type SlackEvent = z.infer<typeof SlackEvent>;

export const SlackEnvelope = z.object({
  type: z.string(),
  challenge: text,
  team_id: text,
  api_app_id: text,
  event_id: text,
  event_time: z.number().nullish(),
  event: SlackEvent.nullish(),
  authorizations: z
    .array(z.object({ user_id: text, team_id: text, is_bot: z.boolean().nullish() }))
    .nullish()
    .catch(undefined),
});
export type SlackEnvelope = z.infer<typeof SlackEnvelope>;

/** Fields of a slash command's form. https://docs.slack.dev/interactivity/implementing-slash-commands/ */
export const SlackCommand = z.object({
  command: z.string().startsWith("/"),
  text,
  team_id: z.string(),
  channel_id: z.string(),
  channel_name: text,
  user_id: z.string(),
  user_name: text,
  response_url: text,
  trigger_id: text,
});
export type SlackCommand = z.infer<typeof SlackCommand>;

const person = z.object({ id: z.string(), username: text, name: text, team_id: text });

const container = z.object({ channel_id: text, message_ts: text, thread_ts: text }).nullish();

const selected = z.object({ value: text, text: z.object({ text }).nullish() }).nullish();

const action = z.object({
  action_id: text,
  block_id: text,
  action_ts: text,
  value: text,
  selected_option: selected,
});

const stateValue = z.object({
  type: text,
  value: text,
  selected_option: selected,
});

export const SlackInteraction = z.object({
  type: z.string(),
  user: person.nullish().catch(undefined),
  team: z.object({ id: text }).nullish(),
  channel: z.object({ id: text, name: text }).nullish(),
  message: message.nullish(),
  message_ts: text,
  callback_id: text,
  trigger_id: text,
  response_url: text,
  action_ts: text,
  action_id: text,
  value: text,
  container,
  actions: z.array(action).nullish().catch(undefined),
  view: z
    .object({
      id: text,
      callback_id: text,
      private_metadata: text,
      state: z.object({ values: z.record(z.string(), z.record(z.string(), stateValue)) }).nullish(),
    })
    .nullish()
    .catch(undefined),
});
export type SlackInteraction = z.infer<typeof SlackInteraction>;

const url = z.string().nullish();
const flag = z.boolean().nullish();

/** The app's settings as `apps.manifest.export` gives them: https://docs.slack.dev/reference/app-manifest */
export const SlackManifest = z.object({
  features: z
    .object({
      app_home: z
        .object({
          home_tab_enabled: flag,
          messages_tab_enabled: flag,
          messages_tab_read_only_enabled: flag,
        })
        .nullish(),
      agent_view: z.looseObject({}).nullish(),
      shortcuts: z.array(z.object({ callback_id: text })).nullish(),
      slash_commands: z.array(z.object({ command: text, url })).nullish(),
    })
    .nullish(),
  settings: z
    .object({
      event_subscriptions: z
        .object({ request_url: url, bot_events: z.array(z.string()).nullish() })
        .nullish(),
      interactivity: z
        .object({ is_enabled: flag, request_url: url, message_menu_options_url: url })
        .nullish(),
      socket_mode_enabled: flag,
    })
    .nullish(),
});
export type SlackManifest = z.infer<typeof SlackManifest>;
