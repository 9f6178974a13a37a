import { Failure } from "../failure.ts";
import { createHttp, type HttpCall } from "../http/http.ts";
import { costOf, textOf } from "../wire/openhands-event.ts";
import type { ServerConversation } from "../wire/openhands-server.ts";
import type { Conversation } from "../work/run.ts";
import type { Agent, FollowUp, Reading } from "./agent.ts";
import { isYes } from "./approval.ts";
import { createBatch } from "./batch.ts";
import { finalAnswer } from "./final-answer.ts";
import { type Cursor, readCursor, writeCursor } from "./progress.ts";
import { readConversation } from "./read-conversation.ts";
import { referencesIn, withReference } from "./reference.ts";
import { createServerApi, unless } from "./server-api.ts";
import { checkServer } from "./server-check.ts";
import { listenToServer, type OpenSocket } from "./server-listen.ts";
import { contentOf, type ModelSettings, startOnServer, staticSecrets } from "./server-start.ts";

export interface ServerFacts {
  /** Connection id. */
  readonly id: string;
  /** Address of the agent server or of Agent Canvas, with or without `/canvas`. */
  readonly baseUrl: string;
  /** Session API key; servers on one's own machine may have none. */
  readonly key?: string | undefined;
  readonly model: ModelSettings;
  readonly workspace?: string | undefined;
  readonly maxSteps?: number | undefined;
}

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
    wait: deps.maxBatchWait ?? 20,
    sleep,
  });

  const gone = (): Failure =>
    new Failure("not-found", "The conversation is not on the agent server any more.");

  const wasSaid = async (id: string, reference: string): Promise<boolean> =>
    (await api.newestFirst(id, 5)).some(
      (event) =>
        event.source === "user" && referencesIn(textOf(event.llm_message?.content)).includes(reference),
    );

  /** 429: the server's places are taken; the message is saved and must not be sent again, only run. */
  const sendOrSave = async (id: string, message: FollowUp): Promise<{ readonly waits: boolean }> => {
    try {
      await api.send(id, contentOf(withReference(message.text, message.id), message.images));
      return { waits: false };
    } catch (error) {
      if (error instanceof Failure && error.status === 429) return { waits: true };
      throw error;
    }
  };

  /** Starts what was saved but not run. True: still no free place. */
  const runSaved = async (id: string): Promise<boolean> => {
    try {
      await unless(409, api.run(id));
      return false;
    } catch (error) {
      if (error instanceof Failure && error.status === 429) return true;
      throw error;
    }
  };

  const sayNew = async (id: string, message: FollowUp, standing: ServerConversation): Promise<boolean> => {
    if (standing.execution_status === "waiting_for_confirmation") {
      const yes = isYes(message.text);
      await api.respond(id, yes, yes ? "Approved." : message.text);
    }
    return (await sendOrSave(id, message)).waits;
  };

  const answer = async (id: string): Promise<string> => {
    const told = await api.finalResponse(id);
    return told !== "" ? told : (finalAnswer(await api.newestFirst(id, 2)) ?? "");
  };

  const withMemo = (
    conversation: Conversation,
    change: Readonly<Record<string, string | undefined>>,
  ): Conversation => {
    const memo = Object.entries({ ...conversation.memo, ...change }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return { ...conversation, memo: Object.fromEntries(memo) };
  };

  const readLive = async (
    conversation: Conversation,
    cursor: Cursor,
    standing: ServerConversation,
  ): Promise<Reading> => {
    const { id, memo } = conversation;
    const saved = memo?.["saved"] === "yes" && standing.execution_status === "idle";
    const changed = saved && !(await runSaved(id)) ? withMemo(conversation, { saved: undefined }) : undefined;
    const read = await readConversation(cursor, {
      status: standing.execution_status,
      events: (position) => api.eventsAfter(id, position),
      answer: () => answer(id),
      said: memo?.["said"],
      patience: deps.patience ?? 10_000,
      facts: { repositoryUrl: memo?.["repository"], workingDir: memo?.["folder"], now: now() },
    });
    const cost = costOf(standing.stats);
    const { progress } = read.cursor;
    const newCost = cost !== undefined && cost !== progress.cost;
    return {
      events: newCost ? [{ type: "cost", usd: cost }, ...read.events] : read.events,
      cursor: writeCursor(newCost ? { ...read.cursor, progress: { ...progress, cost } } : read.cursor),
      ...(changed === undefined ? {} : { conversation: changed }),
    };
  };

  const agent: Agent = {
    async start(order) {
      const { workingDir } = await startOnServer({ api, sleep, ...facts }, order);
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
      if (message.secrets !== undefined) await api.setSecrets(id, staticSecrets(message.secrets));
      const arrived = message.again && (await wasSaid(id, message.id));
      const waits = arrived ? standing.execution_status === "idle" : await sayNew(id, message, standing);
      const saved = waits && (await runSaved(id));
      return withMemo(conversation, { said: message.id, saved: saved ? "yes" : undefined });
    },

    async read(conversation, cursorText) {
      const standing = await status(conversation.id);
      const cursor = readCursor(cursorText);
      if (standing !== null) return readLive(conversation, cursor, standing);
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
