import { listed } from "@ask-openhands/core/render/words.ts";
import type { SlackManifest } from "@ask-openhands/core/wire/slack.ts";

import { slackManifest } from "./manifest.ts";

export interface DriftFacts {
  /** Where Slack is to deliver: the addresses that count as ours; empty for Socket Mode. */
  readonly addresses: readonly string[];
}

const missingFrom = (wanted: readonly string[], there: readonly (string | null | undefined)[]) =>
  wanted.filter((one) => !there.includes(one));

const homeDrift = (home: NonNullable<SlackManifest["features"]>["app_home"]): readonly string[] => [
  ...(home?.home_tab_enabled === true ? [] : ["the Home tab is off"]),
  ...(home?.messages_tab_enabled === true && home.messages_tab_read_only_enabled !== true
    ? []
    : ["people cannot write to it in its Messages tab"]),
];

const deliveryDrift = (manifest: SlackManifest, { addresses }: DriftFacts): readonly string[] => {
  const { settings, features } = manifest;
  const isSocket = settings?.socket_mode_enabled === true;
  if (addresses.length === 0) return isSocket ? [] : ["Socket Mode is off, and this bot listens there"];
  if (isSocket) return ["Socket Mode is on, so nothing comes to the bot's address"];
  const elsewhere = (what: string, url: string | null | undefined): readonly string[] =>
    url && addresses.includes(url.replace(/\/+$/, "")) ? [] : [`${what} go to ${url || "no address"}`];
  return [
    ...elsewhere("events", settings?.event_subscriptions?.request_url),
    ...elsewhere("buttons and forms", settings?.interactivity?.request_url),
    ...elsewhere("searches in lists", settings?.interactivity?.message_menu_options_url),
    ...(features?.slash_commands ?? []).flatMap(({ command, url }) => elsewhere(`uses of ${command}`, url)),
  ];
};

/** In what the app's settings at Slack differ from the manifest that we print: each a half sentence, what is more than needed is not told. */
export const findDrift = (manifest: SlackManifest, facts: DriftFacts): readonly string[] => {
  const wanted = slackManifest({ name: "" });
  const { features, settings } = manifest;
  const events = missingFrom(
    wanted.settings.event_subscriptions.bot_events,
    settings?.event_subscriptions?.bot_events ?? [],
  );
  const commands = missingFrom(
    wanted.features.slash_commands.map(({ command }) => command),
    (features?.slash_commands ?? []).map(({ command }) => command),
  );
  const shortcuts = missingFrom(
    wanted.features.shortcuts.map(({ callback_id }) => callback_id),
    (features?.shortcuts ?? []).map(({ callback_id }) => callback_id),
  );
  return [
    ...(events.length === 0 ? [] : [`it does not subscribe to ${listed(events)}`]),
    ...(commands.length === 0 ? [] : [`it has no command ${listed(commands)}`]),
    ...(shortcuts.length === 0 ? [] : ["it has no message shortcut “Ask OpenHands”"]),
    ...(settings?.interactivity?.is_enabled === true ? [] : ["interactivity is off"]),
    ...homeDrift(features?.app_home),
    ...(features?.agent_view ? [] : ["it is not declared as an agent"]),
    ...deliveryDrift(manifest, facts),
  ];
};
