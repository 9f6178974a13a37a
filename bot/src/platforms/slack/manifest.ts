import { slackKinds } from "@ask-openhands/core/connection/catalog/slack.ts";
import { askShortcut } from "./hear-interaction.ts";

/** What each scope of the bot's token is for; `doctor` and the status panel name the missing ones. */
export const neededScopes = slackKinds.flatMap(({ scopes }) => scopes);

/** Without these everything is heard and answered all the same. */
export const optionalScopes: readonly string[] = ["assistant:write"];

export const neededEvents: readonly string[] = [
  "app_mention",
  "message.im",
  "message.channels",
  "message.groups",
  "message.mpim",
  "app_home_opened",
  "app_uninstalled",
  "tokens_revoked",
  "agent_session_stopped",
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
      // Declares an agent, which gives threads their own display of work: https://docs.slack.dev/ai/agent-sessions
      agent_view: { agent_description: "Works on your code where you talk about it, and says how it goes." },
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
