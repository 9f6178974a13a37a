import { Failure } from "@ask-openhands/core/failure.ts";
import { createHttp, type Http, type HttpRequest } from "@ask-openhands/core/http/http.ts";
import type { RequestHandlerFn } from "@gitbeaker/requester-utils";
import * as z from "zod";

/** How one connection reaches its server. */
export interface Line {
  /** `https://host` with the context path, no slash at the end. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  token(): Promise<string>;
  /** A newer token after the server refused this one, where the credentials can be renewed. */
  renewedToken?(refused: string): Promise<string | undefined>;
  readonly now: () => number;
}

/** Milliseconds. Who looks for a lost post waits 30 s at least; renewing the token, a reply and, where its discussion is gone, a comment must be over by then. */
const writeWithin = 10_000;

const isRefusal = (error: unknown): boolean => error instanceof Failure && error.kind === "bad-credentials";

const Options = z.object({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
  prefixUrl: z.string(),
  searchParams: z.string().optional(),
  body: z.string().optional(),
  headers: z.record(z.string(), z.string()),
});

/**
 * gitbeaker's own requester uses the global fetch, repeats a 429 ten times within seconds without reading `Retry-After`, and has no size limit.
 * This one lends gitbeaker our client instead: guarded fetch, `Retry-After` as `Failure.retryAt`, limits, sentences without secrets.
 */
export function createRequester(line: Line): {
  readonly answer: RequestHandlerFn;
  readonly http: Http;
} {
  let made: Http | undefined;
  /** Made when it is used: what is wrong with one connection's address must not keep the others from being listed. */
  const base = (): Http => {
    made ??= createHttp({ fetch: line.fetch, baseUrl: line.baseUrl, name: "GitLab", now: line.now });
    return made;
  };

  const withToken = async <T>(ask: (headers: Readonly<Record<string, string>>) => Promise<T>): Promise<T> => {
    const token = await line.token();
    try {
      return await ask({ authorization: `Bearer ${token}` });
    } catch (error) {
      const newer = isRefusal(error) ? await line.renewedToken?.(token) : undefined;
      if (newer === undefined) throw error;
      return await ask({ authorization: `Bearer ${newer}` });
    }
  };
  const signed = (request: HttpRequest, headers: Readonly<Record<string, string>>): HttpRequest => ({
    ...request,
    headers: { ...request.headers, ...headers },
  });

  const http: Http = {
    json: (schema, request) => withToken((headers) => base().json(schema, signed(request, headers))),
    reply: (schema, request) => withToken((headers) => base().reply(schema, signed(request, headers))),
    async *pages(schema, request, next, most) {
      // The token is asked for once: pages follow each other within seconds.
      yield* base().pages(
        schema,
        signed(request, { authorization: `Bearer ${await line.token()}` }),
        next,
        most,
      );
    },
    bytes: (request) => withToken((headers) => base().bytes(signed(request, headers))),
    call: (request) => withToken((headers) => base().call(signed(request, headers))),
  };

  const answer: RequestHandlerFn = async (endpoint, given) => {
    const { method, prefixUrl, searchParams, body, headers } = Options.parse(given);
    const query = searchParams ? `?${searchParams}` : "";
    const path = `${prefixUrl.replace(/\/$/, "")}/${endpoint}${query}`;
    const reply = await http.reply(z.unknown(), {
      method,
      path,
      headers,
      ...(method === "GET" ? {} : { timeout: writeWithin }),
      ...(body === undefined ? {} : { body }),
    });
    return {
      body: (reply.value ?? null) as Record<string, unknown> | null,
      headers: Object.fromEntries(reply.headers),
      status: reply.status,
    };
  };

  return { answer, http };
}
