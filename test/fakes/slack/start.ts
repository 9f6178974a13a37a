import { createHmac, randomBytes } from "node:crypto";
import { neededScopes } from "@ask-openhands/bot/platforms/slack/manifest.ts";
import type {
  Account,
  PlatformWorld,
  Said,
  SeededConnection,
  Sent,
  Spot,
} from "../../contracts/platform-subject.ts";
import { createDeliveries } from "../deliveries.ts";
import { startFake } from "../http.ts";
import { openApi } from "../openapi.ts";
import { worldLink } from "../world-link.ts";
import { slackRoutes } from "./routes.ts";
import { createFakeSocket, type FakeSocket } from "./socket.ts";
import { createSlackState, postsIn, type SlackAccount, type SlackPost, type SlackState } from "./state.ts";

export interface FakeSlack extends PlatformWorld {
  readonly state: SlackState;
  readonly socket: FakeSocket;
  readonly channel: string;
  /** A signed delivery of a form: a command's fields, or an interaction's `payload`. */
  form(fields: Readonly<Record<string, string>>): Sent;
}

const people = {
  writer: { id: "U0WRITER", name: "U0WRITER", displayName: "Mira Writer" },
  reader: { id: "U0READER", name: "U0READER", displayName: "Rolf Guest", guest: true },
  stranger: { id: "U0STRANGER", name: "U0STRANGER", displayName: "Sam Stranger", stranger: true },
  bot: { id: "U0OTHERBOT", name: "U0OTHERBOT", displayName: "Other Bot", bot: true },
  self: { id: "U0OPENHANDS", name: "U0OPENHANDS", displayName: "OpenHands", bot: true },
} as const satisfies Record<string, SlackAccount>;

/** Text of all blocks, as a person reads it. */
const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join("\n");
  if (typeof value !== "object" || value === null) return "";
  const fields = value as Readonly<Record<string, unknown>>;
  const own = typeof fields["text"] === "string" ? fields["text"] : textOf(fields["text"]);
  return [
    own,
    typeof fields["url"] === "string" ? fields["url"] : "",
    textOf(fields["elements"]),
    textOf(fields["accessory"]),
  ]
    .filter(Boolean)
    .join("\n");
};

/** A Slack workspace on loopback with one channel. `inSocketMode`: deliveries go through the socket that the bot opened. */
export const startFakeSlack = async (
  options: { readonly inSocketMode?: boolean } = {},
): Promise<FakeSlack> => {
  const random = (prefix: string): string => `${prefix}${randomBytes(10).toString("hex")}`;
  const team = `T0${randomBytes(4).toString("hex").toUpperCase()}`;
  const signingSecret = random("signing-secret-");
  const state = createSlackState({
    team,
    self: people.self,
    botToken: random("xoxb-"),
    appToken: random("xapp-"),
    scopes: neededScopes.map((scope) => scope.name),
  });
  for (const user of Object.values(people)) state.users.set(user.id, user);
  const channel = "C0GENERAL";
  postsIn(state, channel);
  const socket = createFakeSocket();
  let lastEvent = 0;
  let sent: (events: readonly Readonly<Record<string, unknown>>[]) => Promise<void> = async () => undefined;

  const fake = await startFake({
    routes: [
      [
        "POST",
        "/api/apps.connections.open",
        () => ({ json: { ok: true, url: `${fake.url.replace("http", "ws")}/link` } }),
      ],
      ...slackRoutes(state, (post) => void sent([eventOf(post, {})])),
    ],
    upgrade: socket.upgrade,
    openApi: [openApi("slack/openapi/slack_web_openapi_v2.json", { prefix: "/api", ignore: ["token"] })],
  });

  const sign = (bytes: Uint8Array, secret: string): Readonly<Record<string, string>> => {
    const at = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac("sha256", secret).update(`v0:${at}:`).update(bytes).digest("hex");
    return { "x-slack-request-timestamp": at, "x-slack-signature": `v0=${signature}` };
  };

  const envelope = (event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
    type: "event_callback",
    team_id: team,
    api_app_id: state.app,
    event,
    event_id: `Ev${++lastEvent}`,
    event_time: Math.floor(Date.now() / 1_000),
    authorizations: [{ enterprise_id: null, team_id: team, user_id: state.self.id, is_bot: true }],
  });

  function eventOf(
    post: SlackPost,
    more: Readonly<Record<string, unknown>>,
  ): Readonly<Record<string, unknown>> {
    return envelope({
      type: "message",
      channel,
      channel_type: "channel",
      user: post.author.id,
      text: post.text,
      ts: post.ts,
      event_ts: post.ts,
      team,
      ...(post.thread === undefined ? {} : { thread_ts: post.thread }),
      ...(post.author.bot === true
        ? {
            bot_id: post.author.id === state.self.id ? state.botId : "B0OTHER",
            app_id: post.author.id === state.self.id ? state.app : "A0OTHER",
          }
        : {}),
      ...more,
    });
  }

  const connectionId = "slack-1";
  const deliveries = createDeliveries((event: Readonly<Record<string, unknown>>): Sent => {
    const bytes = Buffer.from(JSON.stringify(event));
    return {
      method: "POST",
      path: `/webhooks/slack/${connectionId}`,
      headers: { "content-type": "application/json", ...sign(bytes, signingSecret) },
      bytes,
    };
  });
  sent = async (events) => {
    if (options.inSocketMode !== true || !socket.connected) return deliveries.send(events);
    for (const event of events) await socket.deliver("events_api", event);
  };

  const account = (who: Account): SlackAccount =>
    state.users.get(who.id) ?? { ...who, displayName: who.name };
  /** People pick the app from a list; Slack writes its id. */
  const typed = (text: string): string => text.replace(/@openhands\b/gi, `<@${state.self.id}>`);
  const say = async (by: Account, text: string, thread: string | undefined): Promise<SlackPost> => {
    const post: SlackPost = {
      ts: state.next(),
      thread,
      author: account(by),
      text: typed(text),
      blocks: undefined,
      metadata: undefined,
      edited: false,
      reactions: [],
    };
    postsIn(state, channel).push(post);
    const mentioned = post.text.includes(`<@${state.self.id}>`);
    await sent([eventOf(post, {}), ...(mentioned ? [eventOf(post, { type: "app_mention" })] : [])]);
    return post;
  };
  const spotOf = (post: SlackPost): Spot => ({
    id: post.ts,
    kind: "thread",
    url: `https://app.slack.com/client/${team}/${channel}/thread/${channel}-${post.ts}`,
  });
  const saidOf = (spot: Spot, post: SlackPost): Said => ({
    id: post.ts,
    spot,
    author: post.author,
    text: post.blocks === undefined ? post.text : textOf(post.blocks),
    ...(post.only === undefined ? {} : { only: post.only }),
  });
  const postOf = (id: string): SlackPost => {
    const found = postsIn(state, channel).find((post) => post.ts === id);
    if (!found) throw new Error(`no message ${id}`);
    return found;
  };

  const connection: SeededConnection = {
    connection: {
      id: connectionId,
      platform: "slack",
      host: "slack.com",
      owner: { kind: "workspace", id: "main" },
      kind: "app",
      name: "Slack",
      settings: { apiUrl: `${fake.url}/api`, team },
      secretNames: options.inSocketMode === true ? ["botToken", "appToken"] : ["botToken", "signingSecret"],
      active: true,
      createdAt: new Date(0).toISOString(),
    },
    secrets: {
      botToken: state.botToken,
      ...(options.inSocketMode === true ? { appToken: state.appToken } : { signingSecret }),
    },
  };

  return {
    state,
    socket,
    channel,
    host: team,
    room: channel,
    connections: [connection],
    people,
    form(fields) {
      const bytes = Buffer.from(new URLSearchParams(fields).toString());
      return {
        method: "POST",
        path: `/webhooks/slack/${connectionId}`,
        headers: { "content-type": "application/x-www-form-urlencoded", ...sign(bytes, signingSecret) },
        bytes,
      };
    },
    open: async (by, _kind, spot) =>
      spotOf(await say(by, [spot.title, spot.text].filter(Boolean).join("\n"), undefined)),
    comment: async (by, spot, text) => saidOf(spot, await say(by, text, spot.id)),
    async editComment(_by, said, text) {
      const post = postOf(said.id);
      const previous = { type: "message", user: post.author.id, text: post.text, ts: post.ts };
      post.text = typed(text);
      const message = {
        ...previous,
        text: post.text,
        edited: { user: post.author.id, ts: state.next() },
        ...(post.thread === undefined ? {} : { thread_ts: post.thread }),
      };
      await sent([
        envelope({
          type: "message",
          subtype: "message_changed",
          hidden: true,
          channel,
          channel_type: "channel",
          ts: state.next(),
          event_ts: state.next(),
          message,
          previous_message: previous,
        }),
      ]);
    },
    async removeComment(_by, said) {
      const post = postOf(said.id);
      postsIn(state, channel).splice(postsIn(state, channel).indexOf(post), 1);
      const previous = {
        type: "message",
        user: post.author.id,
        text: post.text,
        ts: post.ts,
        ...(post.thread === undefined ? {} : { thread_ts: post.thread }),
      };
      await sent([
        envelope({
          type: "message",
          subtype: "message_deleted",
          hidden: true,
          channel,
          channel_type: "channel",
          ts: state.next(),
          deleted_ts: post.ts,
          event_ts: state.next(),
          previous_message: previous,
        }),
      ]);
    },
    async touch(by, _spot) {
      await sent([
        envelope({
          type: "message",
          subtype: "channel_topic",
          channel,
          channel_type: "channel",
          user: by.id,
          text: "set the topic",
          topic: "x",
          ts: state.next(),
        }),
      ]);
    },
    said: (spot) =>
      postsIn(state, channel)
        .filter((post) => post.thread === spot.id)
        .map((post) => saidOf(spot, post)),
    reactions: (on) => postOf(on.id).reactions,
    ...worldLink(fake, deliveries),
    signedWith: (one, secret) => ({ ...one, headers: { ...one.headers, ...sign(one.bytes, secret) } }),
  };
};
