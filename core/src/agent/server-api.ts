import * as z from "zod";
import { Failure } from "../failure.ts";
import type { Http } from "../http/http.ts";
import { nextByToken } from "../http/pages.ts";
import { EventPage, type OpenHandsEvent } from "../wire/openhands-event.ts";
import {
  BashOutput,
  FinalResponse,
  type ServerConversation,
  ServerConversations,
  ServerInfo,
} from "../wire/openhands-server.ts";
import type { Position } from "./progress.ts";

/** Some requests are answered only when the agent's running step has ended. */
const untilStepEnds = 1_800_000;

/** Event pages may carry whole files. */
const eventBytes = 33_554_432;

const BashPage = z.looseObject({ items: z.array(BashOutput) });
const Started = z.looseObject({ id: z.string() });
const Profiles = z.looseObject({ active_agent_profile_id: z.string().nullish() });

const compact = (items: readonly (OpenHandsEvent | null)[]): readonly OpenHandsEvent[] =>
  items.filter((item) => item !== null);

export type Content =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly image_urls: readonly string[] };

/** The routes of the agent server that we use, one function each. `at` is the address of the API: `/api`. */
export const createServerApi = (http: Http, at = "/api") => {
  const conversation = (id: string, rest = ""): string => `${at}/conversations/${id}${rest}`;

  const newestFirst = async (id: string, pages: number): Promise<readonly OpenHandsEvent[]> => {
    const events: OpenHandsEvent[] = [];
    const request = {
      path: conversation(id, "/events/search"),
      query: { sort_order: "TIMESTAMP_DESC", limit: 100 },
      maxBytes: eventBytes,
    };
    for await (const page of http.pages(EventPage, request, nextByToken("next_page_id", "page_id"), pages)) {
      events.push(...compact(page.items));
    }
    return events;
  };

  return {
    info: () => http.json(ServerInfo, { path: "/server_info" }),
    /** Fails with `bad-credentials` where the key is wrong; `/server_info` is open to everybody. */
    checkKey: () => http.json(z.number(), { path: `${at}/conversations/count` }),
    activeProfile: async () =>
      (await http.json(Profiles, { path: `${at}/agent-profiles` })).active_agent_profile_id ?? undefined,
    conversations: (ids: readonly string[]): Promise<readonly (ServerConversation | null)[]> =>
      http.json(ServerConversations, { path: `${at}/conversations`, query: { ids } }),
    /** The same `conversation_id` again answers with the conversation that there is. */
    start: (body: unknown) =>
      http.json(Started, {
        method: "POST",
        path: `${at}/conversations`,
        json: body,
        idempotent: true,
        timeout: 90_000,
      }),
    /** `run` is false by default on this server. */
    send: (id: string, content: readonly Content[]) =>
      http.call({
        method: "POST",
        path: conversation(id, "/events"),
        json: { role: "user", content, run: true },
        timeout: untilStepEnds,
      }),
    /** 409: runs already. */
    run: (id: string) => http.call({ method: "POST", path: conversation(id, "/run"), idempotent: true }),
    interrupt: (id: string) =>
      http.call({ method: "POST", path: conversation(id, "/interrupt"), idempotent: true, timeout: 8_000 }),
    respond: (id: string, accept: boolean, reason: string) =>
      http.call({
        method: "POST",
        path: conversation(id, "/events/respond_to_confirmation"),
        json: { accept, reason },
      }),
    setSecrets: (id: string, secrets: unknown) =>
      http.call({
        method: "POST",
        path: conversation(id, "/secrets"),
        json: { secrets },
        idempotent: true,
        timeout: untilStepEnds,
      }),
    finalResponse: async (id: string) =>
      (await http.json(FinalResponse, { path: conversation(id, "/agent_final_response") })).response,
    newestFirst,

    /** `page_id` is the id of the event that a page begins with; the list only grows at its end, whatever the clocks say. */
    async eventsAfter(id: string, position: Position) {
      const request = {
        path: conversation(id, "/events/search"),
        query: { limit: 100, page_id: position.after },
        maxBytes: eventBytes,
      };
      const events: OpenHandsEvent[] = [];
      for await (const page of http.pages(EventPage, request, nextByToken("next_page_id", "page_id")))
        events.push(...compact(page.items));
      const fresh = events[0]?.id === position.after ? events.slice(1) : events;
      return { events: fresh, position: { after: fresh.at(-1)?.id ?? position.after, seen: [] } };
    },

    async bash(command: string, seconds: number) {
      const json = { command, timeout: seconds };
      return http.json(BashOutput, {
        method: "POST",
        path: `${at}/bash/execute_bash_command`,
        json,
        timeout: (seconds + 10) * 1_000,
      });
    },
    /** For long commands: does not hold a request open. */
    startBash: async (command: string, seconds: number) =>
      (
        await http.json(Started, {
          method: "POST",
          path: `${at}/bash/start_bash_command`,
          json: { command, timeout: seconds },
        })
      ).id,
    /** `undefined` while it runs. */
    async bashResult(id: string) {
      const query = { command_id__eq: id, kind__eq: "BashOutput", limit: 100 };
      const { items } = await http.json(BashPage, { path: `${at}/bash/bash_events/search`, query });
      const end = items.find((item) => item.exit_code !== null && item.exit_code !== undefined);
      if (end === undefined) return undefined;
      const all = (pick: (output: BashOutput) => string | null | undefined): string =>
        items.map((item) => pick(item) ?? "").join("");
      return {
        code: end.exit_code ?? -1,
        stdout: all((item) => item.stdout),
        stderr: all((item) => item.stderr),
      };
    },
    /** The path must be absolute; folders on the way are made. */
    upload(path: string, content: string) {
      const body = new FormData();
      body.append("file", new Blob([content]), "file");
      return http.call({
        method: "POST",
        path: `${at}/file/upload`,
        query: { path },
        body,
        idempotent: true,
      });
    },
  };
};

export type ServerApi = ReturnType<typeof createServerApi>;

/** For answers that are fine: what we wanted is so already. */
export const unless = async (status: number, promise: Promise<unknown>): Promise<void> => {
  await promise.catch((error: unknown) => {
    if (!(error instanceof Failure) || error.status !== status) throw error;
  });
};
