import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { SlackEnvelope } from "@ask-openhands/core/wire/slack.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { webhook } from "../../intake/webhook.ts";
import type { Delivery, Route, Verified } from "../../intake.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Platform } from "../platform.ts";
import { signingKeys, verifySlackSignature } from "../signature.ts";
import { createDispatch, type Reply } from "./bolt.ts";
import { configForm } from "./config-form.ts";
import { createRooms } from "./connect.ts";
import { explainSlack, isInteractive, readDelivery } from "./deliveries.ts";
import { hearSlack, type SlackEar } from "./hear.ts";
import { askForm, askShortcut } from "./hear-interaction.ts";
import { createSlackHooks } from "./hooks.ts";
import { inspectSlack } from "./inspect.ts";
import { createListeners } from "./interactions.ts";
import { slackManifestWay } from "./manifest-way.ts";
import { slackOAuth } from "./oauth.ts";
import { createSlackPeople } from "./people.ts";
import { slackPlace } from "./place.ts";
import { createReading } from "./read.ts";
import { createHome } from "./show-home.ts";
import { listenBySocket } from "./socket.ts";
import { bodyLimit, createTalk } from "./talk.ts";

/** Slack's largest delivery is far below. */
const deliveryLimit = 4 * 1_048_576;
/** Slack waits three seconds. */
const deadline = 2_500;

/** Slack: many workspaces, by HTTP or Socket Mode. */
export const createSlack = (deps: PlatformDeps): Platform => {
  const rooms = createRooms(deps);
  const people = createSlackPeople(rooms, deps.now);
  const home = createHome(deps, rooms);

  const ear: SlackEar = {
    get handle() {
      return deps.handles()[0] ?? "@openhands";
    },
    at: (team) => ({ connection: rooms.ofTeam(team)?.id, isOwn: (id) => rooms.isOwn(team, id) }),
  };
  const dispatch = createDispatch(
    createListeners(deps, rooms, ear),
    { shortcut: askShortcut, forms: [askForm, configForm] },
    deps.log,
  );

  /** Without knowing our own accounts, our own messages would look like others'. */
  const knowOurselves = async (): Promise<void> => {
    const asked = await Promise.allSettled(rooms.all().map((connection) => rooms.self(connection)));
    for (const one of asked)
      if (one.status === "rejected")
        deps.log.warn({ error: String(one.reason) }, "own Slack account unknown");
  };

  /** A reply without our handle counts where the thread has only its asker and us. */
  const asPlainReply = async (mention: Mention): Promise<Mention> => {
    const isReply =
      mention.way === "comment" && mention.author.kind === "person" && mention.reply["thread"] !== undefined;
    if (!isReply || !deps.roomRules(mention.place.connection).plainReplies) return mention;
    const runs = await deps.runsOf(mention.author, 20);
    if (!runs.some((run) => run.place.key === mention.place.key)) return mention;
    const { entries } = await reading.thread(mention);
    const others = entries.some(
      (entry) => entry.author.kind !== "self" && entry.author.id !== mention.author.id,
    );
    return others ? mention : { ...mention, way: "direct" };
  };

  const hearEvent = async (body: unknown): Promise<Heard> => {
    const heard = hearSlack(body, ear);
    if (heard.heard === "mention") return { heard: "mention", mention: await asPlainReply(heard.mention) };
    const envelope = SlackEnvelope.safeParse(body).data;
    const { event, team_id: team } = envelope ?? {};
    const connection = team ? rooms.ofTeam(team) : undefined;
    if (event?.type === "app_home_opened" && event.user && team && connection)
      home.show(connection, team, event.user);
    if ((event?.type === "app_uninstalled" || event?.type === "tokens_revoked") && connection) {
      deps.connections.note(connection.id, {
        problem: "The app was removed from the workspace.",
        cure: "Install it again.",
      });
    }
    return heard;
  };

  const verify = (delivery: Delivery): Verified => {
    // Slack's own check of the address carries no signature; whatever else stands in it is never looked at.
    if (readDelivery.isCheck(delivery)) return { genuine: true };
    const wanted = delivery.params["connection"];
    const among = deps.connections
      .list("slack")
      .filter((connection) => connection.active && (wanted === undefined || connection.id === wanted));
    const keys = signingKeys(deps.connections, among, ["signingSecret", "previousSigningSecret"]);
    return verifySlackSignature(delivery.headers, delivery.bytes, keys, deps.now());
  };

  const answerOf = (reply: Reply): Heard => ({
    heard: "handshake",
    body: typeof reply === "object" ? JSON.stringify(reply) : (reply ?? ""),
    contentType: typeof reply === "object" ? "application/json" : "text/plain; charset=utf-8",
  });

  const route = (path: string): Route =>
    webhook({
      path,
      limit: deliveryLimit,
      verify,
      read: readDelivery.body,
      deadline,
      intake: deps.intake,
      log: deps.log,
      now: deps.now,
      async hear(delivery, body) {
        if (readDelivery.isCheck(delivery)) return { heard: "ignored", why: "Slack checks the address" };
        await knowOurselves();
        return isInteractive(body) ? answerOf(await dispatch.send(body)) : hearEvent(body);
      },
    });

  const takeFromSocket = async (
    body: Readonly<Record<string, unknown>>,
    _connection: Connection,
  ): Promise<Reply> => {
    await knowOurselves();
    if (isInteractive(body)) return dispatch.send(body);
    const heard = await hearEvent(body);
    if (heard.heard === "mention") await deps.intake.accept(heard);
    return undefined;
  };

  const reading = createReading(deps, rooms, people);

  return {
    id: "slack",
    name: "Slack",
    bodyLimit,
    // chat.update is a method of tier 3: 50 a minute for a workspace, over all its runs.
    editEvery: 3_000,
    routes: [route("/webhooks/slack"), route("/webhooks/slack/:connection")],
    accountsKnowRepositories: false,
    speaksPrivately: true,
    roomOf: (place) => [place.address["channel"] ?? "", place.label].filter(Boolean),
    ...reading,
    ...createTalk(deps, rooms),
    async placeAt(url) {
      const found = /^https:\/\/app\.slack\.com\/client\/(T\w+)\/([CDG]\w+)\/thread\/\2-([\d.]+)/.exec(url);
      const [, team, channel, thread] = found ?? [];
      if (!team || !channel || !thread) return undefined;
      await knowOurselves();
      const connection = rooms.ofTeam(team);
      return connection === undefined
        ? undefined
        : slackPlace({ team, channel, thread, connection: connection.id });
    },
    hooks: createSlackHooks(rooms),
    oauth: slackOAuth(deps),
    manifest: slackManifestWay,
    inspect: (connectionId) => inspectSlack(rooms, connectionId, deps.now()),
    async listen(signal) {
      const bySocket = deps.connections
        .list("slack")
        .filter((connection) => connection.active && deps.connections.secret(connection, "appToken"));
      await listenBySocket(deps, bySocket, takeFromSocket, signal);
    },
    explain: (_headers, body) => explainSlack(body, ear),
  };
};
