import type { ConnectionOwner } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { findTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import { SlackInteraction } from "@ask-openhands/core/wire/slack.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import { isOver } from "@ask-openhands/core/work/run.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import { inTime } from "../in-time.ts";
import type { Listeners, Reply } from "./bolt.ts";
import { configForm } from "./config-form.ts";
import { createConfigure } from "./configure.ts";
import type { SlackRooms } from "./connect.ts";
import { askFormView, repositoryOptions } from "./forms.ts";
import type { SlackEar } from "./hear.ts";
import { hearCommand, hearInteraction } from "./hear-interaction.ts";
import { homeActions } from "./home.ts";
import type { Home } from "./home-team.ts";
import { ownRuns } from "./own-runs.ts";
import { slackPlace } from "./place.ts";
import { recentRepositories } from "./read.ts";
import type { SlackHome } from "./show-home.ts";
import { slackToMarkdown } from "./text.ts";

const Posted = z.object({ ts: z.string() });
const Done = z.looseObject({});
const myRuns = 20;

/** Other workspaces' back ends are none of this one's business. */
const isSameOwner = (one: ConnectionOwner, other: ConnectionOwner): boolean =>
  one.kind === "workspace" && other.kind === "workspace" && one.id === other.id;

/** Slack shows nothing at all when a list comes late, so slow servers are left out of it. Milliseconds. */
const listTime = 1_500;

const ephemeral = (text: string): Reply => ({ response_type: "ephemeral", text });

/** What the interactive parts do. Everything that asks goes through the intake before it is acknowledged. */
export const createListeners = (
  deps: PlatformDeps,
  rooms: SlackRooms,
  earOf: (home: Home) => SlackEar,
  appHome: SlackHome,
): Listeners => {
  const handles = (mention: Mention) => deps.handles(mention.place.connection);
  const now = (): string => new Date(deps.now()).toISOString();

  const configure = createConfigure(deps, rooms);
  const connectionOf = (mention: Mention) => rooms.forPlace(mention.place);

  /** A command word without a thread means this person's newest run in the channel. */
  const runHere = async (mention: Mention) => {
    const runs = await ownRuns(deps, mention.author, mention.place.connection, myRuns);
    const here = runs.filter(
      (run) =>
        run.place.platform === "slack" && run.place.address["channel"] === mention.place.address["channel"],
    );
    return here.find((run) => !isOver(run)) ?? here[0];
  };

  /** An ask by command has no message of its own: one is posted, and its thread is the place. */
  const openThread = async (mention: Mention): Promise<Mention> => {
    const { channel = "" } = mention.place.address;
    const quoted = mention.text.length > 300 ? `${mention.text.slice(0, 299)}…` : mention.text;
    const text = `<@${mention.author.id}> asks OpenHands:\n>${quoted.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\n", "\n>")}`;
    const { ts } = await rooms.call(
      connectionOf(mention),
      "chat.postMessage",
      { channel, text, unfurl_links: false },
      Posted,
    );
    return {
      ...mention,
      place: slackPlace({
        team: mention.place.host,
        channel,
        thread: ts,
        connection: mention.place.connection,
        private: mention.place.confidential,
      }),
      reply: {
        channel,
        thread: ts,
        user: mention.author.id,
        ...(mention.reply["responseUrl"] ? { responseUrl: mention.reply["responseUrl"] } : {}),
      },
    };
  };

  const obey = async (mention: Mention): Promise<Reply> => {
    const run = await runHere(mention);
    const placed = run === undefined ? mention : { ...mention, place: run.place };
    await deps.intake.accept({ heard: "mention", mention: { ...placed, at: now() } });
    return undefined;
  };

  return {
    async command(body, home) {
      const heard = hearCommand(body, earOf(home));
      if (heard.heard !== "mention") return undefined;
      const { mention } = heard;
      const trigger = findTrigger(mention, handles(mention));
      if (trigger.kind === "command") {
        if (trigger.name === "config") await configure.open(mention, body);
        return obey(mention);
      }
      if (trigger.kind === "none" || trigger.request === "") return obey({ ...mention, text: "help" });
      try {
        await deps.intake.accept({
          heard: "mention",
          mention: { ...(await openThread(mention)), at: now() },
        });
        return undefined;
      } catch (error) {
        if (error instanceof Failure && error.kind === "rate-limited")
          return ephemeral("Slack lets us say no more here at the moment. Try again in a few seconds.");
        if (error instanceof Failure && error.kind !== "unavailable") return ephemeral(error.hint);
        throw error;
      }
    },

    async shortcut(body, { connection, team }) {
      const read = SlackInteraction.safeParse(body);
      const channel = read.data?.channel?.id;
      const message = read.data?.message;
      const ts = message?.thread_ts ?? message?.ts;
      if (!read.success || !channel || !ts || !read.data.trigger_id) return undefined;
      const text = slackToMarkdown(message?.text ?? "", {
        handle: "",
        isUs: (user) => rooms.isOwn(team, user),
      }).trim();
      const agents = deps.connections
        .list("openhands")
        .filter(({ active, owner }) => active && isSameOwner(owner, connection.owner));
      const view = askFormView({ spot: { channel, thread: ts }, text, agents });
      await rooms.call(connection, "views.open", { trigger_id: read.data.trigger_id, view }, Done);
      return undefined;
    },

    async action(body, home) {
      if (await appHome.act(body, home)) return undefined;
      const heard = hearInteraction(body, earOf(home));
      if (heard.heard === "mention") await deps.intake.accept(heard);
      return undefined;
    },

    async form(body, home) {
      const saved = await configure.save(body, home);
      if (saved !== "another form") return saved;
      const heard = hearInteraction(body, earOf(home));
      if (heard.heard !== "mention") return undefined;
      await deps.intake.accept({ heard: "mention", mention: { ...heard.mention, at: now() } });
      return undefined;
    },

    async options(body, { connection, team }) {
      const read = SlackInteraction.safeParse(body);
      const user = read.data?.user;
      if (!user) return { options: [] };
      const author: Author = { platform: "slack", host: team, id: user.id, name: user.id, kind: "person" };
      const workspaceId = deps.workspaceOf(connection.id);
      const personId = deps.connections.personOf("slack", team, user.id, workspaceId);
      const query = (read.data?.value ?? "").trim().slice(0, 100);
      const [recent, found = []] = await Promise.all([
        recentRepositories(deps, author, connection.id),
        personId === undefined
          ? undefined
          : inTime(deps.searchRepositories(query, { personId, workspaceId }), listTime),
      ]);
      const nameOf = (one: { readonly host: string; readonly name: string }) => `${one.host}/${one.name}`;
      // Defaults, a channel's or one's own, are taken away in another way.
      const isOwnDefault = read.data?.action_id === homeActions.repository;
      const mayBeNone = read.data?.view?.callback_id !== configForm && !isOwnDefault;
      return { options: repositoryOptions(query, recent.map(nameOf), found.map(nameOf), mayBeNone) };
    },
  };
};
