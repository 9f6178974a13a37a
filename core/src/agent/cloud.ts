import { Failure } from "../failure.ts";
import { createHttp, type HttpCall } from "../http/http.ts";
import { type AppConversation, plainId, type StartTask } from "../wire/openhands-cloud.ts";
import type { Conversation } from "../work/run.ts";
import type { Agent, Order } from "./agent.ts";
import { createBatch } from "./batch.ts";
import { createCloudApi } from "./cloud-api.ts";
import { checkCloud } from "./cloud-check.ts";
import type { CloudFacts } from "./cloud-facts.ts";
import { createCloudReader } from "./cloud-read.ts";
import { createCloudSayer } from "./cloud-say.ts";
import { startInCloud } from "./cloud-start.ts";
import { gitProviderOf } from "./git-providers.ts";
import { withMemo } from "./memo.ts";
import { createRateLimit, type Window } from "./rate-limit.ts";
import { liveSandbox } from "./sandbox.ts";
import { undefinedFor } from "./undefined-for.ts";
import { keepUnheard, readUnheard } from "./unheard.ts";

export interface CloudDeps {
  readonly fetch: typeof fetch;
  readonly now?: (() => number) | undefined;
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  /** Milliseconds that a status question waits for others to join it. */
  readonly maxBatchWait?: number | undefined;
  /** Milliseconds that the history may lag behind the status. */
  readonly patience?: number | undefined;
  /** Milliseconds that a sleeping machine may take to wake up. */
  readonly wakePatience?: number | undefined;
  readonly onCall?: ((call: HttpCall) => void) | undefined;
}

/** OpenHands counts 10 requests a second and 100 a minute for each person, in windows that it begins itself: a little less is always right. */
const limits: readonly Window[] = [
  { per: 1_000, most: 9 },
  { per: 60_000, most: 95 },
];

/** Requests a minute that reading leaves to what people wait for: starting, saying, stopping. */
const spared = 20;

/** Below so many free requests a minute we go easy on reading. */
const busy = 50;

const defaultSleep = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));

const authHeaders = (facts: CloudFacts): Readonly<Record<string, string>> => {
  const org: Record<string, string> = facts.orgId === undefined ? {} : { "x-org-id": facts.orgId };
  if (facts.key === undefined) return org;
  return facts.auth === "bearer"
    ? { authorization: `Bearer ${facts.key}`, ...org }
    : { "x-session-api-key": facts.key, ...org };
};

const memoOf = (order: Order): Readonly<Record<string, string>> => {
  const { repository } = order;
  if (repository === undefined) return {};
  const provider = gitProviderOf(repository.platform);
  const path: Record<string, string> =
    provider === undefined ? {} : { pullRequestPath: provider.pullRequest };
  return { repository: repository.url.replace(/\/+$/, ""), ...path };
};

/** OpenHands Cloud, Enterprise, or the self-hosted app server: the V1 API. It tells nobody of news, so it is polled. */
export const createCloudAgent = (facts: CloudFacts, deps: CloudDeps): Agent => {
  const now = deps.now ?? Date.now;
  const sleep = deps.sleep ?? defaultSleep;
  const baseUrl = facts.baseUrl
    .trim()
    .replace(/\/+$/, "")
    .replace(/\/api(\/v1)?$/, "");
  const limit = createRateLimit(limits, now, sleep);
  const limited =
    (left: number): typeof fetch =>
    async (input, init) => {
      await limit.acquire(left);
      return deps.fetch(input, init);
    };
  const settings = { ...deps, now, sleep, name: "OpenHands", baseUrl, headers: authHeaders(facts) };
  const http = createHttp({ ...settings, fetch: limited(0) });
  const reading = createHttp({ ...settings, fetch: limited(spared) });
  const api = createCloudApi(http, reading, now);
  // With many conversations at once, questions wait longer for each other: one request a few seconds tells of 99 of them.
  const wait = (): number => (limit.room() > busy ? (deps.maxBatchWait ?? 50) : 2_000);
  const find = createBatch<AppConversation | null>({ load: api.conversations, most: 99, wait, sleep });
  const findTask = createBatch<StartTask | null>({ load: api.tasks, most: 99, wait, sleep });
  const sandboxDeps = { fetch: deps.fetch, sleep, now };
  const patience = deps.patience ?? 45_000;
  const wakePatience = deps.wakePatience ?? 120_000;
  const sayer = createCloudSayer({ ...sandboxDeps, api, find, wakePatience, grace: patience });
  const stopped = new Set<string>();
  const read = createCloudReader({
    ...sandboxDeps,
    api,
    find,
    findTask,
    patience,
    isTight: () => limit.room() < spared + 10,
    wasStopped: (id) => stopped.has(id),
  });

  const pause = async (sandboxId: string): Promise<void> => {
    await api.pause(sandboxId);
  };

  return {
    async start(order) {
      const task = await startInCloud(api, order);
      const url = `${baseUrl}/conversations/${plainId(order.runId)}`;
      return {
        agent: facts.id,
        id: order.runId,
        url,
        memo: { ...memoOf(order), ...(task === undefined ? {} : { task: task.id }) },
      };
    },

    async say(conversation, message) {
      const { id, memo } = conversation;
      const taskId = memo?.["task"];
      const task = taskId === undefined ? null : await findTask(taskId);
      const isPrepared = task === null || task.status === "READY" || task.status === "ERROR";
      const sure = isPrepared ? await sayer.say(id, message) : await sayer.queue(task.id, message);
      stopped.delete(id);
      const told = withMemo(conversation, { said: message.id });
      return sure ? told : keepUnheard(told, message);
    },

    renew: ({ id }, secrets) => sayer.renew(id, secrets),
    read: (conversation, cursor) =>
      readUnheard(conversation, cursor, {
        mend: async (unheard, since) => {
          if (!stopped.has(conversation.id)) await sayer.mend(conversation.id, unheard, since);
          return {};
        },
        read: (one) => read(one, cursor),
      }),

    async stop({ id, memo }: Conversation) {
      stopped.add(id);
      const found = await find(id);
      if (found?.execution_status !== "running" && found?.sandbox_status === "PAUSED") return;
      const live = found === null ? undefined : liveSandbox(found, sandboxDeps);
      const interrupted = await live?.api.interrupt(live.id).then(
        () => true,
        (error: unknown) => undefinedFor(error),
      );
      if (interrupted === true) return;
      // Its machine is out of our reach, or not ready: the whole machine is put to sleep.
      const sandbox = found?.sandbox_id ?? memo?.["sandbox"];
      if (sandbox !== undefined && sandbox !== null) return pause(sandbox);
      if (found === null && memo?.["task"] === undefined)
        throw new Failure("not-found", "The conversation is not in OpenHands any more.");
      throw new Failure("unavailable", "The conversation has no machine yet that could be stopped.", {
        retryAt: now() + 3_000,
      });
    },

    check: () => checkCloud(api, facts),
  };
};
