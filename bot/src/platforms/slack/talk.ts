import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { toSlack } from "@ask-openhands/core/render/to-slack.ts";
import type { SlackMessage } from "@ask-openhands/core/wire/slack.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { PostRef } from "@ask-openhands/core/work/run.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import type { Platform } from "../platform.ts";
import { isSlackAddress } from "./api-address.ts";
import type { SlackRooms } from "./connect.ts";
import { messageUrl } from "./place.ts";
import { createSlackThreads } from "./read-thread.ts";
import type { Sessions } from "./session.ts";
import { createStreams, isPatient, streamMark } from "./stream.ts";

/** Characters of one message: 50 blocks of 3,000, which rendering keeps. */
export const bodyLimit = 150_000;

/** Metadata of a message: only our app and those it shows it to read it. https://docs.slack.dev/messaging/message-metadata/ */
const markerEvent = "ask_openhands";

const Posted = z.object({ ts: z.string().optional(), message_ts: z.string().optional() });
const Done = z.looseObject({});
const emoji = { seen: "eyes", done: "white_check_mark", failed: "warning" } as const;

const isStreamOf = (message: SlackMessage, marker: string): boolean =>
  (message.blocks ?? []).some((block) => block.block_id === streamMark(marker));

type Talking = Required<Pick<Platform, "findPost" | "post" | "editPost" | "react">>;

export const createTalk = (deps: PlatformDeps, rooms: SlackRooms, sessions: Sessions): Talking => {
  const threads = createSlackThreads(deps, rooms);
  const streams = createStreams(deps, rooms);
  /** Marks of posts whose last try was turned away for its rate: nothing of them can be there, so nothing is looked for. */
  const turnedAway = new Set<string>();
  const channelOf = (place: Place): string => place.address["channel"] ?? "";
  const threadOf = (place: Place): string | undefined => place.address["thread"];

  const bodyOf = (message: Message) => ({
    ...toSlack(message),
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: markerEvent, event_payload: { marker: message.marker } },
  });

  const refOf = (place: Place, ts: string): PostRef => ({
    id: ts,
    url: messageUrl(place.host, channelOf(place), ts),
  });

  /** A command's answer in no thread: only the person who typed it sees it, and it cannot be edited. */
  const respond = async (connection: Connection, url: string, message: Message): Promise<PostRef> => {
    if (!isSlackAddress(url, connection))
      throw new Failure("bad-input", "The address to answer to is none of Slack's.");
    const { blocks, text } = toSlack(message);
    const answer = await deps.fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ response_type: "ephemeral", text, blocks }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok)
      throw new Failure(
        answer.status >= 500 ? "unavailable" : "not-found",
        "Slack takes no answer to this command any more.",
      );
    return { id: "response" };
  };

  const say = async (connection: Connection, body: Readonly<Record<string, unknown>>): Promise<string> =>
    (await rooms.call(connection, "chat.postMessage", body, Posted)).ts ?? "";

  return {
    async findPost(place, marker, options) {
      const thread = threadOf(place);
      if (thread === undefined || turnedAway.has(marker)) return undefined;
      const connection = rooms.forPlace(place);
      await rooms.self(connection);
      const isIt = (message: SlackMessage): boolean => {
        const own = [message.user, message.bot_id].some((id) => !!id && rooms.isOwn(place.host, id));
        const named =
          message.metadata?.event_type === markerEvent &&
          message.metadata.event_payload?.["marker"] === marker;
        return own && (named || isStreamOf(message, marker));
      };
      // What answers an ask was said after it.
      const search = { name: marker, since: options.reply["ts"], isIt };
      const found = await threads.find(connection, { channel: channelOf(place), thread }, search);
      if (!found?.ts) return undefined;
      const ref = refOf(place, found.ts);
      return isStreamOf(found, marker) ? { ...ref, memo: { stream: "stop" } } : ref;
    },

    async post(place, message, options) {
      const connection = rooms.forPlace(place);
      const thread = threadOf(place);
      const { responseUrl } = options.reply;
      if (thread === undefined && responseUrl !== undefined) return respond(connection, responseUrl, message);
      const where = { channel: channelOf(place), ...(thread === undefined ? {} : { thread_ts: thread }) };
      if (options.only) {
        const { blocks, text } = toSlack({ ...message, notify: [] });
        const answer = await rooms.call(
          connection,
          "chat.postEphemeral",
          { ...where, user: options.only.id, text, blocks },
          Posted,
        );
        return { id: `ephemeral:${answer.message_ts ?? ""}` };
      }
      const { marker } = message;
      turnedAway.delete(marker);
      try {
        const stream = await streams.begin(place, message, options.reply);
        const ref =
          stream === undefined
            ? refOf(place, await say(connection, { ...where, ...bodyOf(message) }))
            : { ...refOf(place, stream.id), memo: stream.memo };
        await sessions.show(place, message, options.reply);
        return ref;
      } catch (failure) {
        if (failure instanceof Failure && failure.kind === "rate-limited") turnedAway.add(marker);
        throw failure;
      }
    },

    async editPost(place, ref, message) {
      // What only one person saw cannot be edited by anybody.
      if (ref.id.startsWith("ephemeral:") || ref.id === "response") return ref;
      // An end is told twice rather than never: after a crash between the two calls the edit is made again.
      await sessions.show(place, message);
      try {
        const streamed = await streams.advance(place, ref, message);
        if (streamed !== undefined) return streamed;
        await rooms.call(
          rooms.forPlace(place),
          "chat.update",
          { channel: channelOf(place), ts: ref.id, ...bodyOf(message) },
          Done,
          { patient: isPatient(message) },
        );
        return refOf(place, ref.id);
      } catch (failure) {
        // Left out, not put off: the next change or the next minute tells it anyway, and ends come first.
        if (isPatient(message) && failure instanceof Failure && failure.kind === "rate-limited") return ref;
        throw failure;
      }
    },

    async react(mention, feeling) {
      const { ts, channel } = mention.reply;
      if (ts === undefined || channel === undefined) return;
      try {
        await rooms.call(
          rooms.forPlace(mention.place),
          "reactions.add",
          { channel, timestamp: ts, name: emoji[feeling] },
          Done,
        );
      } catch (error) {
        const already = error instanceof Failure && error.hint.includes("already_reacted");
        if (!already) throw error;
      }
    },
  };
};
