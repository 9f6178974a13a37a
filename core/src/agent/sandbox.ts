import { createHttp, type Http, type HttpSettings } from "../http/http.ts";
import type { AppConversation } from "../wire/openhands-cloud.ts";
import { createServerApi, type ServerApi } from "./server-api.ts";

export interface SandboxDeps {
  readonly fetch: typeof fetch;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}

export interface LiveSandbox {
  readonly api: ServerApi;
  /** Id of the conversation in the sandbox's own addresses. */
  readonly id: string;
  readonly http: Http;
}

/**
 * The agent server in a conversation's machine, while that runs. Its key goes to its own address and nowhere else, and the app server's key never
 * goes there. Both change with every pause, so they are read anew each time and never kept.
 */
export const liveSandbox = (conversation: AppConversation, deps: SandboxDeps): LiveSandbox | undefined => {
  const { conversation_url: url, session_api_key: key, sandbox_status } = conversation;
  const parts = /^(https?:\/\/.+)\/api\/conversations\/([^/]+)$/.exec(url ?? "");
  if (sandbox_status !== "RUNNING" || parts === null || key === undefined || key === null) return undefined;
  const settings: HttpSettings = {
    ...deps,
    name: "The conversation's machine",
    baseUrl: parts[1] ?? "",
    headers: { "x-session-api-key": key },
    timeout: 10_000,
    retry: { attempts: 2, base: 300, cap: 1_000 },
  };
  const http = createHttp(settings);
  return { http, api: createServerApi(http), id: parts[2] ?? "" };
};
