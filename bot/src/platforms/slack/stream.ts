import { Failure } from "@ask-openhands/core/failure.ts";
import { clipLine } from "@ask-openhands/core/render/clip.ts";
import { toSlack } from "@ask-openhands/core/render/to-slack.ts";
import { stateMarks } from "@ask-openhands/core/render/words.ts";
import type { Block, Message } from "@ask-openhands/core/work/message.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { PostRef } from "@ask-openhands/core/work/run.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import type { SlackRooms } from "./connect.ts";
import { slackErrorOf } from "./failures.ts";
import { isDirect } from "./place.ts";

/** A workspace that refused to stream is asked again after this time: apps and plans change. Milliseconds. */
const forgottenAfter = 24 * 3_600_000;
const mostRemembered = 10_000;
/** Characters of a plan's title and of a task's; Slack's own limit of a card's title is 150. */
const titleLength = 150;

/** Refusals that are about this one message or about us, not about streaming: posting would fail in the same way. */
const ordinary: ReadonlySet<string> = new Set([
  "channel_not_found",
  "not_in_channel",
  "is_archived",
  "thread_not_found",
  "message_not_found",
  "restricted_action",
  "invalid_thread_ts",
  "user_not_in_channel",
]);
export const isOrdinary = (error: string): boolean => ordinary.has(error);

/** Slack said no to this very call, and will again. */
const isRefusal = (failure: unknown): failure is Failure =>
  failure instanceof Failure &&
  (failure.kind === "unexpected-reply" || failure.kind === "not-allowed") &&
  slackErrorOf(failure) !== undefined;

/** Progress that changes again soon; that it is being stopped is an answer to somebody. */
export const isPatient = (message: Message): boolean =>
  isProgress(message) && message.actions.some(({ kind }) => kind === "stop");

const Started = z.object({ ts: z.string() });
const Done = z.looseObject({});

type Chunk = Readonly<Record<string, unknown>>;

/** The blocks that carry our mark name it: a stream takes metadata only when it ends. https://docs.slack.dev/reference/methods/chat.stopStream */
export const streamMark = (marker: string): string => `ask_openhands:${marker}`;

const statusOf = (message: Message): Extract<Block, { type: "status" }> | undefined =>
  message.blocks.find((block) => block.type === "status");

/** The report of work that goes on. Only that is streamed: what is appended cannot be taken back, so questions and ends are told in blocks. */
const isProgress = (message: Message): boolean => {
  const state = statusOf(message)?.state;
  return message.part === "report" && (state === "starting" || state === "working");
};

/** Slack takes no card without a title. */
const titleOf = (text: string): string => clipLine(text, titleLength) || "…";

const taskStates = { todo: "pending", doing: "in_progress", done: "complete" } as const;

/** The plan as it is now. Everything has an id, so that saying it twice changes nothing. */
const planChunks = (message: Message): readonly Chunk[] =>
  message.blocks.flatMap((block): readonly Chunk[] => {
    if (block.type === "status")
      return [
        { type: "plan_update", title: clipLine(`${stateMarks[block.state]} ${block.text}`, titleLength) },
      ];
    if (block.type === "tasks")
      return block.tasks.map((task, at) => ({
        type: "task_update",
        id: `task-${at + 1}`,
        title: titleOf(task.title),
        status: taskStates[task.state],
      }));
    const step = block.type === "steps" ? block.steps.at(-1) : undefined;
    return step === undefined
      ? []
      : [
          {
            type: "task_update",
            id: "last-step",
            title: titleOf(step.text),
            status: step.failed === true ? "error" : "in_progress",
          },
        ];
  });

/** Buttons that the stream does not show yet. `mark` names the first of them. */
const buttonChunks = (message: Message, shown: readonly string[], mark?: string): readonly Chunk[] => {
  const actions = message.actions.filter((action) => !shown.includes(action.kind));
  const { blocks } = toSlack({ ...message, blocks: [], actions });
  const [first] = blocks;
  const marked = mark === undefined ? undefined : { block_id: mark };
  if (first !== undefined) return [{ type: "blocks", blocks: [{ ...first, ...marked }] }];
  if (marked === undefined) return [];
  const small = { type: "mrkdwn", text: "OpenHands", verbatim: true };
  return [{ type: "blocks", blocks: [{ type: "context", elements: [small], ...marked }] }];
};

const kindsOf = (message: Message): string => message.actions.map(({ kind }) => kind).join(" ");

export interface Streams {
  /** Begins a stream; `undefined` where it cannot be one, so that it is to be posted. */
  begin(
    place: Place,
    message: Message,
    reply: Readonly<Record<string, string>>,
  ): Promise<Omit<PostRef, "url"> | undefined>;
  /** Brings an open stream up to date; `undefined` when it is none (any more), so that it is to be edited. */
  advance(place: Place, ref: PostRef, message: Message): Promise<PostRef | undefined>;
}

/**
 * Slack's own streaming of plans and tasks. A stream ends by itself after some five minutes, whatever is appended
 * (https://github.com/slackapi/python-slack-sdk/issues/1859); the message stays and is edited from then on.
 */
export const createStreams = (deps: PlatformDeps, rooms: SlackRooms): Streams => {
  /** Connections whose workspace does not stream, and until when that is believed. */
  const without = new Map<string, number>();
  /** Streams that were ended, so that editing their messages again and again costs one call. */
  const ended = new Set<string>();
  const keyOf = (place: Place, ref: PostRef): string => `${place.key} ${ref.id}`;
  const remember = (key: string): void => {
    if (ended.size >= mostRemembered) ended.clear();
    ended.add(key);
  };

  const refused = (connection: string, failure: unknown): boolean => {
    if (!(failure instanceof Failure)) return false;
    // Another method with a rate of its own is free.
    if (failure.kind === "rate-limited" && failure.status === 429) return true;
    const error = slackErrorOf(failure);
    if (!isRefusal(failure) || error === undefined || isOrdinary(error)) return false;
    without.set(connection, deps.now() + forgottenAfter);
    deps.log.info({ connection, error }, "this workspace does not stream; messages are edited instead");
    return true;
  };

  return {
    async begin(place, message, reply) {
      const connection = rooms.forPlace(place);
      const { channel = "", thread } = place.address;
      const recipient = reply["user"];
      if (!isProgress(message) || thread === undefined) return undefined;
      if (recipient === undefined && !isDirect(channel)) return undefined;
      if ((without.get(connection.id) ?? 0) > deps.now()) return undefined;
      try {
        const { ts } = await rooms.call(
          connection,
          "chat.startStream",
          {
            channel,
            thread_ts: thread,
            ...(recipient === undefined
              ? {}
              : { recipient_user_id: recipient, recipient_team_id: place.host }),
            task_display_mode: "plan",
            chunks: [...planChunks(message), ...buttonChunks(message, [], streamMark(message.marker))],
          },
          Started,
        );
        return { id: ts, memo: { stream: kindsOf(message) } };
      } catch (failure) {
        if (refused(connection.id, failure)) return undefined;
        throw failure;
      }
    },

    async advance(place, ref, message) {
      const shown = ref.memo?.["stream"];
      if (shown === undefined) return undefined;
      const connection = rooms.forPlace(place);
      const where = { channel: place.address["channel"] ?? "", ts: ref.id };
      const goesOn = isProgress(message);
      try {
        if (goesOn) {
          const chunks = [...planChunks(message), ...buttonChunks(message, shown.split(" "))];
          await rooms.call(connection, "chat.appendStream", { ...where, chunks }, Done, {
            patient: isPatient(message),
          });
          return { ...ref, memo: { stream: kindsOf(message) } };
        }
        if (!ended.has(keyOf(place, ref))) await rooms.call(connection, "chat.stopStream", where, Done);
        remember(keyOf(place, ref));
      } catch (failure) {
        // Ended by Slack or by somebody's Stop: the message itself is still ours.
        if (!isRefusal(failure)) throw failure;
        remember(keyOf(place, ref));
      }
      return undefined;
    },
  };
};
