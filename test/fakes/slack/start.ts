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
import type { FakeReply, FakeRequest } from "../routes.ts";
import { worldLink } from "../world-link.ts";
import { createEvents, type SlackDelivery } from "./events.ts";
import { createLimits, type SlackLimitOptions } from "./limits.ts";
import { createMethods } from "./method.ts";
import { slackRoutes } from "./routes.ts";
import { createFakeSocket, type FakeSocket } from "./socket.ts";
import { slackSpecification } from "./specification.ts";
import {
  type AgentDisplay,
  createSlackState,
  postsIn,
  type SlackAccount,
  type SlackPost,
  type SlackState,
} from "./state.ts";

export interface FakeSlack extends PlatformWorld {
  readonly state: SlackState;
  readonly socket: FakeSocket;
  readonly channel: string;
  /** Address that answers to commands go to. */
  readonly responseUrl: string;
  /** A signed delivery of a form: a command's fields, or an interaction's `payload`. */
  form(fields: Readonly<Record<string, string>>): Sent;
  /** A message with a file. */
  share(
    by: Account,
    text: string,
    file: { readonly name: string; readonly type: string; readonly bytes: Uint8Array },
  ): Promise<Spot>;
  /** An event of another kind. */
  event(event: SlackDelivery): Promise<void>;
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

/** All that a person sees of a message. */
const shownText = (post: SlackPost): string => {
  const plan =
    post.plan === undefined
      ? []
      : [post.plan.title, ...[...post.plan.tasks.values()].map(({ title }) => title)];
  const own = post.blocks === undefined ? post.text : textOf(post.blocks);
  return [...plan, own].join("\n");
};

const fileReply = (state: SlackState, request: FakeRequest): FakeReply => {
  const file = state.files.get(request.params["name"] ?? "");
  if (file === undefined) return { status: 404, json: {} };
  // Slack answers a token that may not with its sign-in page.
  if (request.headers["authorization"] !== `Bearer ${state.botToken}`) return { html: "<h1>Sign in</h1>" };
  return { bytes: file.bytes, headers: { "content-type": file.type } };
};

export interface FakeSlackOptions {
  /** Deliveries go through the socket that the bot opened. */
  readonly inSocketMode?: boolean | undefined;
  /** The room is a direct message with the app instead of a channel. */
  readonly direct?: boolean | undefined;
  /** The workspace has native streaming. */
  readonly streaming?: boolean | undefined;
  /** What shows work in a thread; nothing when absent. */
  readonly agent?: AgentDisplay | undefined;
  /** Rates of the Web API, Slack's own when absent; `none` where a test crowds minutes of work into seconds. */
  readonly limits?: SlackLimitOptions | "none" | undefined;
}

/** A Slack workspace on loopback with one room. */
export const startFakeSlack = async (options: FakeSlackOptions = {}): Promise<FakeSlack> => {
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
  const channel = options.direct === true ? "D0MIRA" : "C0GENERAL";
  postsIn(state, channel);
  state.streaming = options.streaming === true;
  state.agent = options.agent ?? "none";
  state.limits = options.limits === "none" ? undefined : createLimits(options.limits);
  const events = createEvents(state, channel);
  const socket = createFakeSocket();
  let sent: (events: readonly SlackDelivery[]) => Promise<void> = async () => undefined;

  const fake = await startFake({
    routes: [
      createMethods(state)("apps.connections.open", () => ({
        json: { ok: true, url: `${fake.url.replace("http", "ws")}/link` },
      })),
      // A bot that stops right after its post is not there any more to hear of it.
      ...slackRoutes(state, (post) => void sent([events.of(post, {})]).catch(() => undefined)),
      [
        "POST",
        "/commands/:id",
        (request) => {
          state.responses.push(request.body);
          return { text: "ok" };
        },
      ],
      ["GET", "/files/:name", (request) => fileReply(state, request)],
    ],
    upgrade: socket.upgrade,
    openApi: [slackSpecification()],
  });

  const sign = (bytes: Uint8Array, secret: string): Readonly<Record<string, string>> => {
    const at = String(Math.floor(Date.now() / 1_000));
    const signature = createHmac("sha256", secret).update(`v0:${at}:`).update(bytes).digest("hex");
    return { "x-slack-request-timestamp": at, "x-slack-signature": `v0=${signature}` };
  };

  const connectionId = "slack-1";
  const deliveries = createDeliveries((event: SlackDelivery): Sent => {
    const bytes = Buffer.from(JSON.stringify(event));
    return {
      method: "POST",
      path: `/webhooks/slack/${connectionId}`,
      headers: { "content-type": "application/json", ...sign(bytes, signingSecret) },
      bytes,
    };
  });
  sent = async (told) => {
    if (options.inSocketMode !== true || !socket.connected) return deliveries.send(told);
    for (const event of told) await socket.deliver("events_api", event);
  };

  const account = (who: Account): SlackAccount =>
    state.users.get(who.id) ?? { ...who, displayName: who.name };
  /** People pick the app from a list; Slack writes its id. */
  const typed = (text: string): string => text.replace(/@openhands\b/gi, `<@${state.self.id}>`);
  const say = async (
    by: Account,
    text: string,
    thread: string | undefined,
    files?: SlackPost["files"],
  ): Promise<SlackPost> => {
    const post: SlackPost = {
      ts: state.next(),
      thread,
      author: account(by),
      text: typed(text),
      blocks: undefined,
      metadata: undefined,
      edited: undefined,
      reactions: [],
      ...(files === undefined ? {} : { files }),
    };
    postsIn(state, channel).push(post);
    // In a direct message there are no mentions, only messages.
    const mentioned = options.direct !== true && post.text.includes(`<@${state.self.id}>`);
    const mention = { type: "app_mention", subtype: undefined };
    await sent([events.of(post, {}), ...(mentioned ? [events.of(post, mention)] : [])]);
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
    text: shownText(post),
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
      // As from the environment: only the operator may name another Web API than Slack's own.
      fixed: true,
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
    responseUrl: `${fake.url}/commands/1`,
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
    event: (event) => sent([events.envelope(event)]),
    async share(by, text, { name, type, bytes }) {
      state.files.set(name, { type, bytes });
      const url = `${fake.url}/files/${name}`;
      const files = [{ id: `F${name}`, name, mimetype: type, size: bytes.length, url_private: url }];
      return spotOf(await say(by, text, undefined, files));
    },
    open: async (by, _kind, spot) =>
      spotOf(await say(by, [spot.title, spot.text].filter(Boolean).join("\n"), undefined)),
    comment: async (by, spot, text) => saidOf(spot, await say(by, text, spot.id)),
    async editComment(_by, said, text) {
      const post = postOf(said.id);
      const before = post.text;
      post.text = typed(text);
      post.edited = state.next();
      await sent([events.changed(post, before)]);
    },
    async removeComment(_by, said) {
      const post = postOf(said.id);
      postsIn(state, channel).splice(postsIn(state, channel).indexOf(post), 1);
      await sent([events.deleted(post)]);
    },
    async touch(by, _spot) {
      await sent([
        events.envelope({
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
