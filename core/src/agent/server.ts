import { Failure } from "../failure.ts";
import { createHttp, type HttpCall } from "../http/http.ts";
import { costOf } from "../wire/openhands-event.ts";
import type { ServerConversation } from "../wire/openhands-server.ts";
import type { Conversation } from "../work/run.ts";
import type { Agent, Reading } from "./agent.ts";
import { createBatch } from "./batch.ts";
import { finalAnswer } from "./final-answer.ts";
import { withMemo } from "./memo.ts";
import { type Cursor, readCursor, writeCursor } from "./progress.ts";
import { readConversation } from "./read-conversation.ts";
import { createServerApi } from "./server-api.ts";
import { checkServer } from "./server-check.ts";
import { isCloning } from "./server-clone.ts";
import type { ServerFacts } from "./server-facts.ts";
import { listenToServer, type OpenSocket } from "./server-listen.ts";
import { createSayer } from "./server-say.ts";
import { prepareOnServer, startOnServer, staticSecrets } from "./server-start.ts";
import { keepUnheard, readUnheard } from "./unheard.ts";

export interface ServerDeps {
  readonly fetch: typeof fetch;
  /** Absent: no `listen`, the caller polls. */
  readonly openSocket?: OpenSocket | undefined;
  readonly now?: (() => number) | undefined;
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  readonly random?: (() => number) | undefined;
  /** Milliseconds that a status question waits for others to join it. */
  readonly maxBatchWait?: number | undefined;
  /** Milliseconds that the history may lag behind the status. */
  readonly patience?: number | undefined;
  /** Milliseconds that `say` waits for an agent in the middle of a long step. */
  readonly sayPatience?: number | undefined;
  readonly onCall?: ((call: HttpCall) => void) | undefined;
}

const defaultSleep = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

/** Agent Canvas serves its page under `/canvas` and the server's API beside it. */
const addresses = (baseUrl: string): { readonly api: string; readonly page: string | undefined } => {
  const trimmed = baseUrl.trim().replace(/\/+$/, "");
  const canvas = /^(.*?)\/canvas(\/.*)?$/.exec(trimmed);
  return canvas === null
    ? { api: trimmed, page: undefined }
    : { api: canvas[1] ?? "", page: `${canvas[1]}/canvas` };
};

/** An OpenHands agent server (REST, and WebSocket for news). https://docs.openhands.dev/sdk/guides/agent-server/overview */
export const createServerAgent = (facts: ServerFacts, deps: ServerDeps): Agent => {
  const now = deps.now ?? Date.now;
  const sleep = deps.sleep ?? defaultSleep;
  const { api: baseUrl, page } = addresses(facts.baseUrl);
  const headers: Record<string, string> = facts.key === undefined ? {} : { "x-session-api-key": facts.key };
  const secrets = [facts.key, facts.model.apiKey].filter((value) => value !== undefined);
  const http = createHttp({ ...deps, name: "The OpenHands agent server", baseUrl, headers, secrets });
  const api = createServerApi(http);
  const status = createBatch<ServerConversation | null>({
    load: api.conversations,
    most: 99,
    wait: () => deps.maxBatchWait ?? 20,
    sleep,
  });

  const patience = deps.patience ?? 10_000;
  const sayer = createSayer({ api, sleep, now, patience: deps.sayPatience ?? 10_000, grace: patience });

  const gone = (): Failure =>
    new Failure("not-found", "The conversation is not on the agent server any more.");

  const answer = async (id: string): Promise<string> => {
    const told = await api.finalResponse(id);
    return told !== "" ? told : (finalAnswer(await api.newestFirst(id, 2)) ?? "");
  };

  const readLive = async (
    conversation: Conversation,
    cursor: Cursor,
    standing: ServerConversation,
  ): Promise<Reading> => {
    const { id, memo } = conversation;
    const saved = memo?.["saved"] === "yes" && standing.execution_status === "idle";
    const changed = saved && (await sayer.run(id)) ? withMemo(conversation, { saved: undefined }) : undefined;
    const read = await readConversation(cursor, {
      status: standing.execution_status,
      events: (position) => api.eventsAfter(id, position),
      answer: () => answer(id),
      cost: costOf(standing.stats),
      said: memo?.["said"],
      patience,
      facts: { repositoryUrl: memo?.["repository"], workingDir: memo?.["folder"], now: now() },
    });
    return {
      events: read.events,
      cursor: writeCursor(read.cursor),
      ...(changed === undefined ? {} : { conversation: changed }),
    };
  };

  const machine = { api, sleep, ...facts };
  const agent: Agent = {
    prepare: (order) => prepareOnServer(machine, order),
    isPreparing: (runId) => isCloning(machine, runId),

    async start(order) {
      const { workingDir } = await startOnServer(machine, order);
      const memo = {
        folder: workingDir,
        ...(order.repository === undefined ? {} : { repository: order.repository.url }),
      };
      const url = page === undefined ? {} : { url: `${page}/conversations/${order.runId}` };
      return { agent: facts.id, id: order.runId, ...url, memo };
    },

    async say(conversation, message) {
      const { id } = conversation;
      const standing = await status(id);
      if (standing === null) throw gone();
      const { ran, sure } = await sayer.say(id, message, standing);
      const told = withMemo(conversation, { said: message.id, saved: ran ? undefined : "yes" });
      return sure ? told : keepUnheard(told, message);
    },

    async renew({ id }, values) {
      await api.setSecrets(id, staticSecrets(values));
    },

    async read(conversation, cursorText) {
      const standing = await status(conversation.id);
      const cursor = readCursor(cursorText);
      if (standing !== null)
        return readUnheard(conversation, cursorText, {
          mend: async (unheard, since) =>
            (await sayer.mend(conversation.id, unheard, standing, since)) ? {} : { saved: "yes" },
          read: (one) => readLive(one, cursor, standing),
        });
      const told = cursor.progress.told === "gone";
      const next = writeCursor({ ...cursor, progress: { ...cursor.progress, told: "gone" } });
      const detail = "The conversation is not on the agent server any more.";
      return { events: told ? [] : [{ type: "ended", reason: "archived", detail }], cursor: next };
    },

    async stop({ id }) {
      await api.interrupt(id);
    },

    check: () => checkServer(api, facts),
  };

  const { openSocket } = deps;
  if (openSocket === undefined) return agent;
  return {
    ...agent,
    listen({ id }, wake, signal) {
      const url = `${baseUrl.replace(/^http/, "ws")}/sockets/events/${id}`;
      listenToServer(
        { url, key: facts.key, open: openSocket, sleep, random: deps.random ?? Math.random },
        wake,
        signal,
      );
    },
  };
};
