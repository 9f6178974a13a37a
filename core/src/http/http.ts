import type * as z from "zod";
import { Failure } from "../failure.ts";
import { type Backoff, backoffDelay, quickBackoff } from "./backoff.ts";
import { conceal, secretsIn } from "./conceal.ts";
import { pageInsteadOfData, statusFailure, type Target, wrongShape } from "./failures.ts";
import { type NextPage, walkPages } from "./pages.ts";
import { type Answer, type Sending, send } from "./send.ts";

type QueryValue = string | number | boolean | undefined;

export interface HttpRequest {
  /** GET when not given. */
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  /** Joined to the base address, already encoded: `/repos/o/r`. Or a whole address of the same origin. */
  readonly path: string;
  /** `undefined` is left out; a list repeats the name. */
  readonly query?: Readonly<Record<string, QueryValue | readonly string[]>> | undefined;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly body?: BodyInit | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** True when repeating does no harm; GET, HEAD, PUT and DELETE are so anyway. Only then it is retried. */
  readonly idempotent?: boolean | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  readonly maxBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one attempt, for metrics and logs. */
export interface HttpCall {
  readonly method: string;
  readonly host: string;
  /** Without query. */
  readonly path: string;
  /** 0: no answer. */
  readonly status: number;
  readonly milliseconds: number;
  readonly attempt: number;
}

export interface HttpSettings {
  readonly fetch: typeof fetch;
  /** May have a path (`https://host/prefix`). */
  readonly baseUrl: string;
  /** What people call the other side, for sentences. */
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>) | undefined;
  /** Further values that must never stand in a sentence. */
  readonly secrets?: readonly string[] | undefined;
  /** Milliseconds for one attempt; 30 s when not given. */
  readonly timeout?: number | undefined;
  /** 8 MiB when not given. */
  readonly maxBytes?: number | undefined;
  readonly retry?: Backoff | undefined;
  /** Longest wait between two attempts, in milliseconds (10 s); when the other side asks for more, the `Failure` carries `retryAt` instead. */
  readonly longestWait?: number | undefined;
  readonly now?: (() => number) | undefined;
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined;
  readonly random?: (() => number) | undefined;
  readonly onCall?: ((call: HttpCall) => void) | undefined;
}

export interface Http {
  /** Body of a 2xx answer, checked; a web page with status 200 is a `Failure`. */
  json<T>(schema: z.ZodType<T>, request: HttpRequest): Promise<T>;
  /** As `json`, with what the headers tell. */
  reply<T>(
    schema: z.ZodType<T>,
    request: HttpRequest,
  ): Promise<{ readonly value: T; readonly status: number; readonly headers: Headers }>;
  /** Pages, as long as `next` finds one on the same origin, at most `most` (50). */
  pages<T>(schema: z.ZodType<T>, request: HttpRequest, next: NextPage<T>, most?: number): AsyncIterable<T>;
  bytes(request: HttpRequest): Promise<{ readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> }>;
  /** Where the answer's body does not matter. */
  call(request: HttpRequest): Promise<void>;
}

const defaultSleep = (milliseconds: number): Promise<void> =>
  new Promise((done) => setTimeout(done, milliseconds));
const harmless = new Set(["GET", "HEAD", "PUT", "DELETE"]);

const parseBase = (settings: HttpSettings): URL => {
  const base = URL.canParse(settings.baseUrl) ? new URL(settings.baseUrl) : undefined;
  if (base !== undefined && (base.username !== "" || base.password !== ""))
    throw new Failure(
      "bad-settings",
      `The address of ${settings.name} holds a user name or a password. Enter it without them.`,
    );
  if (base !== undefined && (base.protocol === "https:" || base.protocol === "http:")) return base;
  throw new Failure(
    "bad-settings",
    `The address of ${settings.name} is not a web address. Write it as https://host.`,
  );
};

/** JSON client of one server. Every error is a `Failure` with a sentence; no sentence holds a secret that was sent. */
export const createHttp = (settings: HttpSettings): Http => {
  const base = parseBase(settings);
  const target: Target = { name: settings.name, host: base.host };
  const now = settings.now ?? Date.now;
  const sleep = settings.sleep ?? defaultSleep;
  const random = settings.random ?? Math.random;
  const retry = settings.retry ?? quickBackoff;
  const longestWait = settings.longestWait ?? 10_000;

  const urlOf = (request: HttpRequest): URL => {
    const whole = /^https?:\/\//.test(request.path);
    const url = new URL(whole ? request.path : base.origin + base.pathname.replace(/\/$/, "") + request.path);
    if (url.origin !== base.origin) {
      throw new Failure(
        "unexpected-reply",
        `${target.name} (${target.host}) points to ${url.host}; we stay on its own address.`,
      );
    }
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value === undefined) continue;
      const values: readonly (string | number | boolean)[] = typeof value === "object" ? value : [value];
      for (const one of values) url.searchParams.append(name, String(one));
    }
    return url;
  };

  const sendingOf = (request: HttpRequest): Sending => {
    const own = typeof settings.headers === "function" ? settings.headers() : settings.headers;
    const typed = ((): readonly [BodyInit | undefined, string | undefined] => {
      if (request.json !== undefined) return [JSON.stringify(request.json), "application/json"];
      if (request.form !== undefined)
        return [new URLSearchParams(request.form).toString(), "application/x-www-form-urlencoded"];
      return [request.body, undefined];
    })();
    const type: Record<string, string> = typed[1] === undefined ? {} : { "content-type": typed[1] };
    return {
      method: request.method ?? "GET",
      url: urlOf(request),
      headers: { accept: "application/json", ...type, ...own, ...request.headers },
      body: typed[0],
      timeout: request.timeout ?? settings.timeout ?? 30_000,
      maxBytes: request.maxBytes ?? settings.maxBytes ?? 8_388_608,
      signal: request.signal,
    };
  };

  const attemptOnce = async (sending: Sending, attempt: number): Promise<Answer> => {
    const began = now();
    const note = (status: number): void =>
      settings.onCall?.({
        method: sending.method,
        host: target.host,
        path: sending.url.pathname,
        status,
        milliseconds: now() - began,
        attempt,
      });
    const answer = await send(settings.fetch, target, sending).catch((error: unknown) => {
      note(0);
      throw error;
    });
    note(answer.status);
    if (answer.status >= 200 && answer.status < 300) return answer;
    const secrets = [...(settings.secrets ?? []), ...secretsIn(sending.headers)];
    throw statusFailure(
      target,
      answer.status,
      answer.headers,
      conceal(new TextDecoder().decode(answer.bytes), secrets),
      now(),
    );
  };

  const answerTo = async (request: HttpRequest): Promise<Answer> => {
    const sending = sendingOf(request);
    const mayRepeat = request.idempotent ?? harmless.has(sending.method);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptOnce(sending, attempt);
      } catch (error) {
        if (!(error instanceof Failure) || !error.passing || !mayRepeat || attempt >= retry.attempts)
          throw error;
        const delay = backoffDelay(retry, attempt, random, { now: now(), notBefore: error.retryAt });
        if (error.retryAt !== undefined && delay > longestWait) throw error;
        await sleep(delay);
      }
    }
  };

  const dataOf = (answer: Answer): unknown => {
    if (answer.bytes.length === 0) return undefined;
    const type = answer.headers.get("content-type") ?? "";
    // OpenHands' app server answers unknown addresses with its start page and 200; so do sign-in proxies.
    if (!type.includes("json")) throw pageInsteadOfData(target, answer.status);
    try {
      return JSON.parse(new TextDecoder().decode(answer.bytes));
    } catch (notJson) {
      if (notJson instanceof SyntaxError) throw wrongShape(target, "no JSON", answer.status);
      throw notJson;
    }
  };

  const reply: Http["reply"] = async (schema, request) => {
    const answer = await answerTo(request);
    const parsed = schema.safeParse(dataOf(answer));
    if (parsed.success) return { value: parsed.data, status: answer.status, headers: answer.headers };
    const issue = parsed.error.issues[0];
    throw wrongShape(
      target,
      `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "wrong"}`,
      answer.status,
    );
  };

  return {
    reply,
    json: async (schema, request) => (await reply(schema, request)).value,
    pages: (schema, request, next, most = 50) =>
      walkPages((page) => reply(schema, page), request, next, most),
    async bytes(request) {
      const answer = await answerTo({ ...request, headers: { accept: "*/*", ...request.headers } });
      return { type: answer.headers.get("content-type") ?? "application/octet-stream", bytes: answer.bytes };
    },
    async call(request) {
      const answer = await answerTo(request);
      if ((answer.headers.get("content-type") ?? "").includes("text/html"))
        throw pageInsteadOfData(target, answer.status);
    },
  };
};
