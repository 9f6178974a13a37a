import { createHash } from "node:crypto";
import { retryAt } from "@ask-openhands/core/http/retry-at.ts";

/** Times of refusals remembered at once; beyond this those that are over are forgotten. */
const most = 1_000;

const asksForPatience: ReadonlySet<number> = new Set([403, 429, 503]);

/** When the server wants to be asked again; undefined when it said nothing of the kind. Epoch milliseconds. */
const patienceOf = (response: Response, now: number): number | undefined =>
  asksForPatience.has(response.status) ? retryAt(response.headers, now) : undefined;

/** Fetch that tells of every answer that asked for patience. */
export const createWatchedFetch =
  (ask: typeof fetch, now: () => number, refused: (host: string) => void): typeof fetch =>
  async (input, init) => {
    const response = await ask(input, init);
    if (patienceOf(response, now()) !== undefined)
      refused(new URL(input instanceof Request ? input.url : input).host);
    return response;
  };

/** The account that a server counts: its address and the credential that was sent. */
const accountOf = (input: string | URL | Request, init: RequestInit | undefined): string => {
  const url = new URL(input instanceof Request ? input.url : input);
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  const credentials = ["authorization", "private-token", "x-session-api-key"].map(
    (name) => headers.get(name) ?? "",
  );
  return `${url.host} ${createHash("sha256").update(credentials.join("\n")).digest("base64url")}`;
};

/**
 * What a request counts as, in the names of `x-ratelimit-resource`: GitHub counts these apart, so that a used-up search or GraphQL leaves the rest
 * alone. https://docs.github.com/en/rest/rate-limit/rate-limit
 */
const resourceAt = (input: string | URL | Request): string => {
  const { pathname } = new URL(input instanceof Request ? input.url : input);
  if (pathname.endsWith("/graphql")) return "graphql";
  if (pathname.endsWith("/search/code")) return "code_search";
  return /\/search\/\w+$/.test(pathname) ? "search" : "core";
};

/**
 * Fetch that keeps the promise of `Retry-After` for all who share an account: while a server wants no calls, callers get its 429 from here, with the time that is
 * left, and nothing leaves. GitHub may lock accounts out that go on asking: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
export const createPatientFetch = (
  ask: typeof fetch,
  now: () => number,
  /** Milliseconds that only pass: a clock that is set back must not make a pause of seconds one of hours. */
  passed: () => number = () => performance.now(),
): typeof fetch => {
  const quietUntil = new Map<string, number>();

  /** `Retry-After` is meant for the account; the reset of a used-up limit only for what was counted. */
  const note = (account: string, resource: string, response: Response): void => {
    const wait = (patienceOf(response, now()) ?? 0) - now();
    if (wait <= 0) return;
    if (quietUntil.size >= most)
      for (const [key, at] of quietUntil) if (at <= passed()) quietUntil.delete(key);
    const counted = `${account} ${response.headers.get("x-ratelimit-resource") ?? resource}`;
    const key = response.headers.has("retry-after") ? account : counted;
    quietUntil.set(key, Math.max(passed() + wait, quietUntil.get(key) ?? passed()));
  };

  return async (input, init) => {
    const account = accountOf(input, init);
    const resource = resourceAt(input);
    const until = Math.max(quietUntil.get(account) ?? 0, quietUntil.get(`${account} ${resource}`) ?? 0);
    const left = until - passed();
    if (left > 0) {
      return Response.json(
        { message: "This server asked for patience; nothing was sent." },
        { status: 429, headers: { "retry-after": String(Math.ceil(left) / 1_000) } },
      );
    }
    const response = await ask(input, init);
    note(account, resource, response);
    return response;
  };
};
