import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { SlackEnvelope } from "@ask-openhands/core/wire/slack.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Platform } from "../platform.ts";
import { sharedIn } from "../shared-in.ts";
import { createDispatch } from "./bolt.ts";
import { configForm } from "./config-form.ts";
import { createRooms } from "./connect.ts";
import { explainSlack } from "./deliveries.ts";
import { hearSlack, isNativeStop, type SlackEar } from "./hear.ts";
import { askForm, askShortcut } from "./hear-interaction.ts";
import type { Home } from "./home-team.ts";
import { createSlackHooks } from "./hooks.ts";
import { inspectSlack } from "./inspect.ts";
import { createListeners } from "./interactions.ts";
import { slackManifestWay } from "./manifest-way.ts";
import { slackOAuth } from "./oauth.ts";
import { ownRuns } from "./own-runs.ts";
import { createSlackPeople } from "./people.ts";
import { slackPlace } from "./place.ts";
import { createReading } from "./read.ts";
import { createReceiving, type HearEvent } from "./receive.ts";
import { createSessions } from "./session.ts";
import { createHome } from "./show-home.ts";
import { listenBySocket } from "./socket.ts";
import { bodyLimit, createTalk } from "./talk.ts";

/** Slack: many workspaces, by HTTP or Socket Mode. */
export const createSlack = (deps: PlatformDeps): Platform => {
  const rooms = createRooms(deps);
  const people = createSlackPeople(rooms, deps.now);
  const home = createHome(deps, rooms);
  const reading = createReading(deps, rooms, people);
  const sessions = createSessions(deps, rooms);

  const earOf = (connection?: Connection): SlackEar => ({
    handle: deps.handles(connection?.id)[0] ?? "@openhands",
    at: (team) => ({
      connection: (connection ?? rooms.ofTeam(team))?.id,
      isOwn: (id) => rooms.isOwn(team, id),
    }),
  });

  /** A reply without our handle counts where the thread has only its asker and us. */
  const asPlainReply = async (mention: Mention): Promise<Mention> => {
    const isReply =
      mention.way === "comment" && mention.author.kind === "person" && mention.reply["thread"] !== undefined;
    if (!isReply || !deps.roomRules(mention.place.connection).plainReplies) return mention;
    const runs = await ownRuns(deps, mention.author, mention.place.connection, 20);
    if (!runs.some((run) => run.place.key === mention.place.key)) return mention;
    const { entries } = await reading.thread(mention);
    const others = entries.some(
      (entry) => entry.author.kind !== "self" && entry.author.id !== mention.author.id,
    );
    return others ? mention : { ...mention, way: "direct" };
  };

  /** What else events tell: App Home was opened, the app was removed. */
  const notice = (body: unknown, { connection, team }: Home): void => {
    const event = SlackEnvelope.safeParse(body).data?.event;
    if (event?.type === "app_home_opened" && event.user) home.show(connection, team, event.user);
    if (event?.type === "app_uninstalled" || event?.type === "tokens_revoked") {
      deps.connections.note(connection.id, {
        problem: "The app was removed from the workspace.",
        cure: "Install it again.",
      });
    }
  };

  const hearEvent: HearEvent = async (body, at) => {
    const heard = hearSlack(body, earOf(at?.connection));
    if (heard.heard === "mention") {
      if (isNativeStop(heard.mention)) void sessions.stopped(heard.mention.place);
      return { heard: "mention", mention: await asPlainReply(heard.mention) };
    }
    if (at !== undefined) notice(body, at);
    return heard;
  };

  const dispatch = createDispatch(
    createListeners(deps, rooms, (at) => earOf(at.connection), home),
    { shortcut: askShortcut, forms: [askForm, configForm] },
    deps.log,
  );
  const { routes, takeFromSocket } = createReceiving(deps, rooms, { hearEvent, dispatch });

  return {
    id: "slack",
    name: "Slack",
    bodyLimit,
    // chat.update is a method of tier 3: 50 a minute for a workspace, over all its runs.
    editEvery: 3_000,
    routes,
    accountsKnowRepositories: false,
    pacesItself: true,
    speaksPrivately: true,
    roomOf: (place) => [place.address["channel"] ?? "", place.label].filter(Boolean),
    ...reading,
    ...createTalk(deps, rooms, sessions),
    async placeAt(url, { workspaceId }, near) {
      const found = /^https:\/\/app\.slack\.com\/client\/(T\w+)\/([CDG]\w+)\/thread\/\2-([\d.]+)/.exec(url);
      const [, team, channel, thread] = found ?? [];
      if (!team || !channel || !thread) return undefined;
      await rooms.knowOurselves();
      const sameTalk = near?.platform === "slack" && near.host === team ? near.connection : undefined;
      const theirs = rooms.all().filter(sharedIn(workspaceId));
      const connection = sameTalk ?? theirs.find((one) => rooms.teamOf(one) === team)?.id;
      return connection === undefined ? undefined : slackPlace({ team, channel, thread, connection });
    },
    hooks: createSlackHooks(deps, rooms),
    oauth: slackOAuth(deps),
    manifest: slackManifestWay,
    inspect: (connectionId) => inspectSlack(deps, rooms, connectionId),
    listen: (signal) => listenBySocket(deps, takeFromSocket, signal),
    explain: (_headers, body) => explainSlack(body, earOf()),
  };
};
