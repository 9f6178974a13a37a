import { Failure } from "@ask-openhands/core/failure.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import * as z from "zod";
import type { PlatformDeps } from "../deps.ts";
import type { SlackRooms } from "./connect.ts";
import { slackErrorOf } from "./failures.ts";
import { isOrdinary } from "./stream.ts";

type Status = "processing" | "suspended" | "active";

/** How a workspace shows that somebody is at work: sessions of agents with Slack's own Stop button, the older line of text, or not at all. */
type Way = "sessions" | "line" | "none";
const nextWay: Readonly<Record<Way, Way>> = { sessions: "line", line: "none", none: "none" };

/** A way that was refused is tried again after this time: apps and plans change. Milliseconds. */
const forgottenAfter = 3_600_000;
/** The line of text goes out after two minutes. Milliseconds. */
const refreshed = 90_000;
/** Slack puts the app's name before it. */
const line = "is working on it";
const mostShown = 5_000;
const mostTries = 3;

const Answered = z.looseObject({ warning: z.string().nullish() });
const noStopButton = "missing_agent_session_stopped_event_subscription";

/** What the thread is to show, by what our report says; nothing changes while it waits in line or is being stopped. */
const statusOf = (message: Message): Status | undefined => {
  const status = message.blocks.find((block) => block.type === "status");
  if (message.part !== "report" || status?.type !== "status" || status.state === "queued") return undefined;
  if (status.state === "waiting") return "suspended";
  if (status.state !== "starting" && status.state !== "working") return "active";
  return message.actions.some(({ kind }) => kind === "stop") ? "processing" : undefined;
};

export interface Sessions {
  /** Shows at the place what the report says. Never throws: it is a courtesy. `reply` names who asked. */
  show(place: Place, message: Message, reply?: Readonly<Record<string, string>>): Promise<void>;
  /** Somebody pressed Slack's own Stop: Slack leaves it to us to end the display. */
  stopped(place: Place): Promise<void>;
}

/**
 * The thread's own display of work: https://docs.slack.dev/ai/agent-sessions, and where the app is no agent
 * https://docs.slack.dev/reference/methods/assistant.threads.setStatus.
 */
export const createSessions = (deps: PlatformDeps, rooms: SlackRooms): Sessions => {
  const shown = new Map<string, { readonly status: Status; readonly at: number }>();
  const ways = new Map<string, { readonly way: Way; readonly until: number }>();
  const warned = new Set<string>();
  const wanted = new Map<string, Status>();

  const wayOf = (connection: string): Way => {
    const known = ways.get(connection);
    return known === undefined || known.until <= deps.now() ? "sessions" : known.way;
  };

  const tell = async (place: Place, status: Status, user: string | undefined): Promise<void> => {
    const connection = rooms.forPlace(place);
    const way = wayOf(connection.id);
    const where = { channel_id: place.address["channel"], thread_ts: place.address["thread"] };
    const patient = status === "processing";
    if (way === "none") return;
    if (way === "line") {
      const text = patient ? line : "";
      const values = { ...where, status: text };
      await rooms.call(connection, "assistant.threads.setStatus", values, Answered, { patient });
      return;
    }
    const initiator = user === undefined ? {} : { initiator_user_id: user };
    const values = { ...where, status, ...initiator };
    const { warning } = await rooms.call(connection, "agents.sessions.setStatus", values, Answered, {
      patient,
    });
    if (warning?.includes(noStopButton) !== true || warned.has(connection.id)) return;
    warned.add(connection.id);
    deps.connections.note(connection.id, {
      problem:
        "The app does not subscribe to agent_session_stopped, so Slack shows no Stop button of its own.",
      cure: "Paste the manifest (npx pnpm@12 -s slack:manifest) at api.slack.com/apps → App Manifest.",
    });
  };

  /** Slack has no such thing here: the next way is taken, at once and for a while. */
  const isRefused = (connection: string, failure: Failure): boolean => {
    const error = slackErrorOf(failure);
    if (error === undefined || failure.passing || failure.kind === "bad-credentials" || isOrdinary(error))
      return false;
    const way = nextWay[wayOf(connection)];
    ways.set(connection, { way, until: deps.now() + forgottenAfter });
    deps.log.info({ connection, error, way }, "this workspace shows work in another way");
    return true;
  };

  const set = async (place: Place, status: Status, user: string | undefined, tries = 1): Promise<void> => {
    const connection = rooms.forPlace(place).id;
    wanted.set(place.key, status);
    try {
      await tell(place, status, user);
      if (shown.size >= mostShown) for (const map of [shown, wanted]) map.clear();
      shown.set(place.key, { status, at: deps.now() });
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      if (isRefused(connection, failure)) return set(place, status, user);
      deps.log.debug({ connection, hint: failure.hint }, "status not shown");
      // That work goes on is told again with the next edit; that it ended is not.
      if (status === "processing" || !failure.passing || tries >= mostTries) return;
      const wait = Math.max(1_000, (failure.retryAt ?? 0) - deps.now());
      setTimeout(() => {
        if (wanted.get(place.key) === status) void set(place, status, user, tries + 1);
      }, wait).unref();
    }
  };

  /** Whatever goes wrong with a courtesy is a line in the log. */
  const quietly = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (cause) {
      deps.log.warn({ error: String(cause) }, "status not shown");
    }
  };

  const show = async (place: Place, message: Message, user: string | undefined): Promise<void> => {
    const status = statusOf(message);
    if (status === undefined || place.address["thread"] === undefined) return;
    const before = shown.get(place.key);
    // The older line goes out by itself.
    const isOld =
      status === "processing" &&
      wayOf(rooms.forPlace(place).id) === "line" &&
      deps.now() - (before?.at ?? 0) > refreshed;
    if (before?.status === status && !isOld) return;
    await set(place, status, user);
  };

  return {
    show: (place, message, reply) => quietly(() => show(place, message, reply?.["user"])),
    stopped: (place) =>
      quietly(async () => {
        if (place.address["thread"] !== undefined) await set(place, "active", undefined);
      }),
  };
};
