import type { Place } from "@ask-openhands/core/work/place.ts";

export interface SlackSpot {
  /** Workspace id: `T0123`. */
  readonly team: string;
  readonly channel: string;
  /** Timestamp of the thread's first message; absent for what stands in no thread (a command's answer). */
  readonly thread?: string | undefined;
  readonly connection?: string | undefined;
  readonly channelName?: string | undefined;
  readonly private?: boolean | undefined;
}

export const isDirect = (channel: string): boolean => channel.startsWith("D");

/** What Slack calls places whose names are nobody else's business. */
const unnamed: Readonly<Record<string, string>> = {
  directmessage: "direct message",
  privategroup: "private channel",
};

const labelOf = (spot: SlackSpot): string => {
  if (isDirect(spot.channel)) return "direct message";
  const name = spot.channelName ?? "";
  if (name.startsWith("mpdm-")) return "group message";
  if (unnamed[name] !== undefined) return unnamed[name];
  return spot.channelName ? `#${spot.channelName}` : "Slack thread";
};

/** A thread is a place; so is a channel for answers that need no thread. */
export const slackPlace = (spot: SlackSpot): Place => {
  const { team, channel, thread } = spot;
  const link = `https://app.slack.com/client/${team}/${channel}`;
  return {
    platform: "slack",
    host: team,
    key: `slack:${team}:${channel}:${thread ?? "channel"}`,
    kind: "thread",
    url: thread === undefined ? link : `${link}/thread/${channel}-${thread}`,
    label: labelOf(spot),
    ...(spot.connection === undefined ? {} : { connection: spot.connection }),
    address: { channel, ...(thread === undefined ? {} : { thread }) },
    ...(spot.private === true || isDirect(channel) ? { confidential: true } : {}),
  };
};

/** The address of one message. */
export const messageUrl = (team: string, channel: string, ts: string): string =>
  `https://app.slack.com/client/${team}/${channel}/p${ts.replace(".", "")}`;

/** Slack's timestamps are seconds with a fraction that makes them unique in the channel. */
export const timeOfTs = (ts: string | null | undefined): string => {
  const seconds = Number(ts);
  const time = Number.isFinite(seconds) ? seconds * 1_000 : 0;
  return new Date(Math.min(Math.max(time, 0), 8.64e15)).toISOString();
};
