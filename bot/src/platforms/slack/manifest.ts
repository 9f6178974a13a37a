import { askShortcut } from "./hear-interaction.ts";

/** What each scope of the bot's token is for; `doctor` and the status panel name the missing ones. */
export const neededScopes: readonly { readonly name: string; readonly for: string }[] = [
  { name: "app_mentions:read", for: "hearing mentions" },
  { name: "chat:write", for: "posting and editing the report" },
  { name: "commands", for: "the /openhands command and the message shortcut" },
  { name: "users:read", for: "names in the thread, and recognising guests" },
  { name: "reactions:write", for: "the 👀 on your message" },
  { name: "channels:history", for: "reading the thread in public channels" },
  { name: "groups:history", for: "reading the thread in private channels" },
  { name: "im:history", for: "reading direct messages to the app" },
  { name: "mpim:history", for: "reading the thread in group messages" },
  { name: "files:read", for: "giving attached files to the agent" },
];

export const neededEvents: readonly string[] = [
  "app_mention",
  "message.im",
  "message.channels",
  "message.groups",
  "message.mpim",
  "app_home_opened",
  "app_uninstalled",
  "tokens_revoked",
];

export interface ManifestFacts {
  readonly name: string;
  /** Address of the bot; absent for Socket Mode, which needs none. */
  readonly publicUrl?: string | undefined;
  readonly command?: string | undefined;
}

/** The app as Slack takes it under "From a manifest": https://docs.slack.dev/app-manifests/ */
export const slackManifest = ({ name, publicUrl, command = "/openhands" }: ManifestFacts) => {
  const url = publicUrl === undefined ? undefined : `${publicUrl}/webhooks/slack`;
  const withUrl = <T extends object>(key: string, rest: T): T =>
    url === undefined ? rest : { [key]: url, ...rest };
  return {
    display_information: {
      name,
      description: "Ask OpenHands for work where you talk about it.",
      background_color: "#1f2430",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: name, always_online: true },
      shortcuts: [
        {
          name: "Ask OpenHands",
          type: "message",
          callback_id: askShortcut,
          description: "Hand this message to OpenHands",
        },
      ],
      slash_commands: [
        withUrl("url", {
          command,
          description: "Ask OpenHands, or see what it is doing",
          usage_hint: "fix the failing test repo=owner/name | status | stop | help",
          should_escape: true,
        }),
      ],
    },
    oauth_config: {
      ...(publicUrl === undefined ? {} : { redirect_urls: [`${publicUrl}/oauth/callback`] }),
      scopes: { bot: neededScopes.map((scope) => scope.name) },
    },
    settings: {
      event_subscriptions: withUrl("request_url", { bot_events: [...neededEvents] }),
      interactivity:
        url === undefined
          ? { is_enabled: true }
          : { is_enabled: true, request_url: url, message_menu_options_url: url },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  };
};
