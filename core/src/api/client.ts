import { readEvents } from "./read-events.ts";
import type { RouteFacts } from "./route.ts";
import { type RouteName, routes } from "./routes.ts";
import type { Input, LiveEvent, Problem, Reply } from "./types.ts";

/** The bot said no, or could not be reached (`problem.status` 0). `problem.detail` is a sentence for a person. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** Seconds to wait, when the bot named a time. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

export interface ClientOptions {
  /** Address of the bot without a slash at the end; empty on the bot's own page. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  /** Device or personal token. On the bot's own page the session cookie is used instead. */
  readonly token?: (() => string | undefined) | undefined;
  /** From `getSession`; needed with a cookie session. */
  readonly csrfToken?: (() => string | undefined) | undefined;
  /** Milliseconds for one answer. Default: one minute, because checks ask other servers. */
  readonly timeout?: number | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface Client {
  /** Throws `ProblemError`. */
  call<Name extends RouteName>(name: Name, input: Input<Name>, options?: CallOptions): Promise<Reply<Name>>;
  /** Calls back with news until `signal` aborts; reconnects by itself. `connected` tells whether the line stands. */
  watch(
    workspace: string,
    heard: (event: LiveEvent) => void,
    signal: AbortSignal,
    connected?: (on: boolean) => void,
  ): Promise<void>;
}

const unreachable = (baseUrl: string): Problem => ({
  type: "about:blank",
  title: "No answer",
  status: 0,
  detail: `No answer from ${baseUrl === "" ? "the bot" : baseUrl}. Check that it runs and that the address is right, then try again.`,
});

const unreadable = (status: number): Problem => ({
  type: "about:blank",
  title: "Unreadable answer",
  status,
  detail: `The answer (status ${status}) is not one of this bot. Check the address; a proxy or another program may answer there.`,
});

const addressOf = (
  facts: RouteFacts,
  params: Readonly<Record<string, string>>,
  query: Readonly<Record<string, unknown>>,
): string => {
  const path = facts.path.replaceAll(/:([a-z]+)/g, (_all, name: string) =>
    encodeURIComponent(params[name] ?? ""),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return `/api/v1${path}${search.size > 0 ? `?${search}` : ""}`;
};

const readProblem = async (response: Response): Promise<Problem> => {
  const text = await response.text();
  try {
    const value: unknown = JSON.parse(text);
    if (
      typeof value === "object" &&
      value !== null &&
      "detail" in value &&
      typeof value.detail === "string"
    ) {
      return {
        type: "about:blank",
        title: "Problem",
        ...value,
        detail: value.detail,
        status: response.status,
      };
    }
  } catch {
    return unreadable(response.status);
  }
  return unreadable(response.status);
};

/** Typed client of the bot's API; knows nothing of zod, so that page and extension stay small. */
export const createClient = (options: ClientOptions): Client => {
  const send = async (
    facts: RouteFacts,
    input: { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown },
    signal?: AbortSignal,
  ): Promise<Response> => {
    const headers: Record<string, string> = {
      accept: facts.special === "events" ? "text/event-stream" : "application/json",
    };
    const token = options.token?.();
    const csrf = options.csrfToken?.();
    if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
    if (csrf !== undefined && facts.method !== "GET") headers["x-csrf-token"] = csrf;
    if (input.body !== undefined) headers["content-type"] = "application/json";
    const address = addressOf(
      facts,
      (input.params ?? {}) as Readonly<Record<string, string>>,
      (input.query ?? {}) as Readonly<Record<string, unknown>>,
    );
    const request: RequestInit = {
      method: facts.method,
      headers,
      credentials: token === undefined ? "same-origin" : "omit",
      redirect: "error",
    };
    if (input.body !== undefined) request.body = JSON.stringify(input.body);
    if (signal !== undefined) request.signal = signal;
    const response = await options.fetch(`${options.baseUrl}${address}`, request).catch(() => {
      if (signal?.aborted === true && signal.reason instanceof Error && signal.reason.name !== "TimeoutError")
        throw signal.reason;
      throw new ProblemError(unreachable(options.baseUrl), undefined);
    });
    if (response.ok) return response;
    const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
    throw new ProblemError(await readProblem(response), Number.isFinite(wait) ? wait : undefined);
  };

  const call = async <Name extends RouteName>(
    name: Name,
    input: Input<Name>,
    callOptions: CallOptions = {},
  ): Promise<Reply<Name>> => {
    const limit = AbortSignal.timeout(options.timeout ?? 60_000);
    const signal = callOptions.signal === undefined ? limit : AbortSignal.any([limit, callOptions.signal]);
    const response = await send(routes[name], input, signal);
    if (response.status === 204) return undefined as Reply<Name>;
    try {
      return (await response.json()) as Reply<Name>;
    } catch {
      throw new ProblemError(unreadable(response.status));
    }
  };

  const watch = async (
    workspace: string,
    heard: (event: LiveEvent) => void,
    signal: AbortSignal,
    connected?: (on: boolean) => void,
  ): Promise<void> => {
    let pause = 1_000;
    while (!signal.aborted) {
      try {
        const response = await send(routes.watchRuns, { params: { workspace } }, signal);
        connected?.(true);
        pause = 1_000;
        await readEvents(response, (data) => heard(JSON.parse(data) as LiveEvent));
      } catch (cause) {
        // A role that is gone does not come back by waiting; everything else is tried again.
        if (
          cause instanceof ProblemError &&
          (cause.problem.status === 401 || cause.problem.status === 403 || cause.problem.status === 404)
        )
          throw cause;
      }
      connected?.(false);
      if (signal.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(pause * 2, 30_000);
    }
  };

  return { call, watch };
};
