import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { type SlackMessage, SlackMessages } from "@ask-openhands/core/wire/slack.ts";
import type { PlatformDeps } from "../deps.ts";
import type { SlackRooms } from "./connect.ts";

/** What `conversations.replies` gives by default, and at most. https://docs.slack.dev/reference/methods/conversations.replies */
const perPage = 1_000;
/** Pages of one look: Slack allows fifty a minute for all threads of a workspace together. */
const mostPages = 5;
/** All that an app gets of a thread in a minute which is distributed commercially outside of Slack's Marketplace; the parent may stand before them. */
const fewest = 15 + 1;
const mostSearches = 500;

export interface SlackThread {
  readonly channel: string;
  /** Timestamp of the first message. */
  readonly thread: string;
}

export interface ThreadLook {
  /** Oldest first, each once. */
  readonly messages: readonly SlackMessage[];
  /** False when there is more than one look may read. */
  readonly whole: boolean;
}

export interface SlackThreads {
  /** All messages of a thread, as far as one look may read. */
  read(connection: Connection, at: SlackThread): Promise<ThreadLook>;
  /** The message that `isIt`, among those since `since` (a timestamp). A search that Slack interrupts throws, and goes on where it was by its `name`. */
  find(
    connection: Connection,
    at: SlackThread,
    search: {
      readonly name: string;
      readonly since: string | undefined;
      isIt(message: SlackMessage): boolean;
    },
  ): Promise<SlackMessage | undefined>;
}

const lowRate = {
  problem:
    "Slack lets this app read 15 messages of a thread a minute, as it does with apps that are distributed outside of its Marketplace: of longer threads the agent knows only a part, and says so.",
  cure: "Use an app of your own: make it at api.slack.com/apps from the manifest (npx pnpm@12 -s slack:manifest), and install it in your workspace only.",
} as const;

/** Threads, page by page. The documentation's example begins with the earliest page, and the newest page first was seen too, with the parent on each: so nothing here depends on the order of pages. */
export const createSlackThreads = (deps: PlatformDeps, rooms: SlackRooms): SlackThreads => {
  /** Cursors of searches that were interrupted. */
  const interrupted = new Map<string, string>();
  const warned = new Set<string>();

  const page = async (
    connection: Connection,
    { channel, thread }: SlackThread,
    values: Readonly<Record<string, unknown>>,
    cursor: string | undefined,
  ) => {
    const asked = {
      channel,
      ts: thread,
      limit: perPage,
      ...values,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const answer = await rooms.call(connection, "conversations.replies", asked, SlackMessages);
    return { messages: answer.messages ?? [], next: answer.response_metadata?.next_cursor || undefined };
  };

  const warn = (connection: Connection): void => {
    if (warned.has(connection.id)) return;
    warned.add(connection.id);
    deps.connections.note(connection.id, lowRate);
  };

  return {
    async read(connection, at) {
      const found = new Map<string, SlackMessage>();
      const look = (whole: boolean): ThreadLook => ({
        messages: [...found.values()].sort((one, other) => Number(one.ts) - Number(other.ts)),
        whole,
      });
      let cursor: string | undefined;
      let isShort = false;
      for (let read = 0; read < mostPages; read += 1) {
        try {
          const { messages, next } = await page(connection, at, {}, cursor);
          for (const message of messages) found.set(message.ts ?? "", message);
          if (next === undefined) return look(true);
          isShort = messages.length <= fewest;
          cursor = next;
        } catch (cause) {
          const isLowRate = isShort && cause instanceof Failure && cause.kind === "rate-limited";
          if (!isLowRate) throw cause;
          // The next fifteen come in a minute: rather a part now, that is called one, than the whole in a quarter of an hour.
          warn(connection);
          return look(false);
        }
      }
      return look(false);
    },

    async find(connection, at, { name, since, isIt }) {
      const values = { include_all_metadata: true, ...(since === undefined ? {} : { oldest: since }) };
      let cursor = interrupted.get(name);
      for (let read = 0; read < mostPages; read += 1) {
        let answer: Awaited<ReturnType<typeof page>>;
        try {
          answer = await page(connection, at, values, cursor);
        } catch (cause) {
          // A cursor that Slack does not know any more is none to go on with.
          if (!(cause instanceof Failure && cause.passing)) interrupted.delete(name);
          throw cause;
        }
        interrupted.delete(name);
        const found = answer.messages.find(isIt);
        if (found !== undefined || answer.next === undefined) return found;
        cursor = answer.next;
        if (interrupted.size >= mostSearches) interrupted.clear();
        interrupted.set(name, cursor);
      }
      throw new Failure(
        "unavailable",
        "The thread is too long to be looked through at once; we go on by ourselves.",
      );
    },
  };
};
