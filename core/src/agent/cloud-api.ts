import * as z from "zod";
import { Failure } from "../failure.ts";
import type { Http } from "../http/http.ts";
import { nextByToken } from "../http/pages.ts";
import {
  type AppConversation,
  AppConversationPage,
  AppConversations,
  CurrentKey,
  ProviderHosts,
  plainId,
  type Sandbox,
  Sandboxes,
  SendResult,
  type StartTask,
  StartTaskPage,
  StartTask as StartTaskSchema,
  StartTasks,
} from "../wire/openhands-cloud.ts";
import { EventPage, type OpenHandsEvent } from "../wire/openhands-event.ts";
import type { Position } from "./progress.ts";
import type { Content } from "./server-api.ts";

const eventBytes = 33_554_432;

/** Events of one moment may become visible one after the other: the last stretch is read again. Milliseconds. */
const overlap = 30_000;

/** How far back a start that nobody heard of again is looked for. Milliseconds. */
const startWindow = 1_800_000;

const MaybeRequest = z.looseObject({
  request: z.looseObject({ conversation_id: z.string().nullish() }).nullish().catch(undefined),
});

/** Values in the order of the ids, whatever order and form the server gives them in. */
const byId = <T extends { readonly id: string }>(
  ids: readonly string[],
  found: readonly (T | null)[],
): readonly (T | null)[] =>
  ids.map((id) => found.find((one) => one !== null && plainId(one.id) === plainId(id)) ?? null);

const stampMs = (stamp: string): number =>
  Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(stamp) ? stamp : `${stamp}Z`);

/** The same clock as the events' own naive timestamps. */
const before = (stamp: string, milliseconds: number): string => {
  const at = stampMs(stamp);
  return Number.isNaN(at) ? stamp : new Date(at - milliseconds).toISOString().replace("Z", "");
};

/** What is new, and the position after it. `after` is the newest timestamp read; `seen` are the ids of the last stretch before it. */
export const advancePosition = (
  position: Position,
  read: readonly OpenHandsEvent[],
): { readonly events: readonly OpenHandsEvent[]; readonly position: Position } => {
  const from = position.after === undefined ? undefined : before(position.after, overlap);
  const inRange = read.filter((event) => from === undefined || event.timestamp >= from);
  const events = inRange.filter((event) => !position.seen.includes(plainId(event.id)));
  const after = [...inRange.map((event) => event.timestamp), position.after ?? ""].sort().at(-1) ?? "";
  if (after === "") return { events, position };
  const stretch = before(after, overlap);
  const recent = inRange.filter((event) => event.timestamp >= stretch).map((event) => plainId(event.id));
  return { events, position: { after, seen: [...new Set(recent)] } };
};

/**
 * The routes of the app server's V1 API that we use. `http` may use every request of the rate limit, `reading` leaves some for what people wait for.
 * https://docs.openhands.dev/openhands/usage/cloud/cloud-api
 */
export const createCloudApi = (http: Http, reading: Http, now: () => number) => {
  const v1 = "/api/v1";

  const search = async (
    id: string,
    query: Readonly<Record<string, string | number | undefined>>,
    pages: number,
  ): Promise<readonly OpenHandsEvent[]> => {
    const request = {
      path: `${v1}/conversation/${plainId(id)}/events/search`,
      query: { limit: 100, ...query },
      maxBytes: eventBytes,
    };
    const events: OpenHandsEvent[] = [];
    for await (const page of reading.pages(
      EventPage,
      request,
      nextByToken("next_page_id", "page_id"),
      pages,
    )) {
      events.push(...page.items.filter((item) => item !== null));
    }
    return events;
  };

  return {
    start: (body: unknown): Promise<StartTask> =>
      http.json(StartTaskSchema, {
        method: "POST",
        path: `${v1}/app-conversations`,
        json: body,
        timeout: 60_000,
      }),
    conversations: async (ids: readonly string[]): Promise<readonly (AppConversation | null)[]> =>
      byId(
        ids,
        await reading.json(AppConversations, {
          path: `${v1}/app-conversations`,
          query: { ids: ids.map(plainId) },
        }),
      ),
    tasks: async (ids: readonly string[]): Promise<readonly (StartTask | null)[]> =>
      byId(
        ids,
        await reading.json(StartTasks, {
          path: `${v1}/app-conversations/start-tasks`,
          query: { ids: ids.map(plainId) },
        }),
      ),

    /** A start task for this conversation that has not failed. The server's own filter knows the conversation only once it is ready, so the requests are compared here. */
    async findTask(id: string): Promise<StartTask | undefined> {
      const query = {
        created_at__gte: new Date(now() - startWindow).toISOString(),
        sort_order: "CREATED_AT_DESC",
        limit: 100,
      };
      const { items } = await http.json(StartTaskPage, {
        path: `${v1}/app-conversations/start-tasks/search`,
        query,
      });
      const wanted = (task: StartTask): boolean => {
        const asked = MaybeRequest.safeParse(task).data?.request?.conversation_id;
        return [task.app_conversation_id, asked].some(
          (one) => one !== null && one !== undefined && plainId(one) === plainId(id),
        );
      };
      return items.find((task) => wanted(task) && task.status !== "ERROR");
    },

    send: (id: string, content: readonly Content[]) =>
      http.json(SendResult, {
        method: "POST",
        path: `${v1}/app-conversations/${plainId(id)}/send-message`,
        json: { role: "user", content, run: true },
        timeout: 120_000,
      }),
    /** Delivered when the start task is ready; takes the task's id. */
    queue: (taskId: string, content: readonly Content[]) =>
      http.call({
        method: "POST",
        path: `${v1}/conversations/${plainId(taskId)}/pending-messages`,
        json: { role: "user", content },
      }),

    sandbox: async (id: string): Promise<Sandbox | null> =>
      (await http.json(Sandboxes, { path: `${v1}/sandboxes`, query: { id } }))[0] ?? null,
    resume: (id: string) =>
      http.call({
        method: "POST",
        path: `${v1}/sandboxes/${encodeURIComponent(id)}/resume`,
        idempotent: true,
      }),
    pause: (id: string) =>
      http.call({
        method: "POST",
        path: `${v1}/sandboxes/${encodeURIComponent(id)}/pause`,
        idempotent: true,
      }),

    newestFirst: (id: string, pages: number) => search(id, { sort_order: "TIMESTAMP_DESC" }, pages),

    async eventsAfter(id: string, position: Position) {
      const since = position.after === undefined ? undefined : before(position.after, overlap);
      const all = () => search(id, { sort_order: "TIMESTAMP" }, 100);
      if (since === undefined) return advancePosition(position, await all());
      const read = await search(id, { sort_order: "TIMESTAMP", timestamp__gte: since }, 50).catch(
        (error: unknown) => {
          // Some versions fail on timestamp filters (OpenHands issue 14399): then all of it is read.
          if (error instanceof Failure && error.status === 500) return all();
          throw error;
        },
      );
      return advancePosition(position, read);
    },

    providerHosts: async () =>
      (await http.json(ProviderHosts, { path: `${v1}/settings` })).provider_tokens_set ?? {},
    currentKey: () => http.json(CurrentKey, { path: "/api/keys/current" }),
    anyConversation: () =>
      http.json(AppConversationPage, { path: `${v1}/app-conversations/search`, query: { limit: 1 } }),
  };
};

export type CloudApi = ReturnType<typeof createCloudApi>;
