import { Failure } from "../failure.ts";
import { connectionFailure, type Target, timeoutFailure } from "./failures.ts";
import { readBody } from "./read-body.ts";

export interface Sending {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: BodyInit | undefined;
  /** Milliseconds for everything: connection, headers, body. */
  readonly timeout: number;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 3;

const nextUrl = (response: Response, from: Sending, target: Target): URL => {
  const location = response.headers.get("location");
  const to = location === null ? undefined : new URL(location, from.url);
  if (to !== undefined && to.origin === from.url.origin) return to;
  // Browsers hide where an "opaqueredirect" goes. Credentials go to the host that the person named, nowhere else.
  const where = to === undefined ? "elsewhere" : `to ${to.host}`;
  throw new Failure(
    "unexpected-reply",
    `${target.name} (${target.host}) redirects ${where}; we do not follow with credentials. Check the address, also http or https.`,
    {
      status: response.status,
    },
  );
};

/** 307 and 308 keep method and body; the older ones turn everything but GET and HEAD into GET, which would only look like success. */
const mayFollow = (sending: Sending, status: number): boolean =>
  status === 307 || status === 308 || sending.method === "GET" || sending.method === "HEAD";

/** One attempt. Throws `Failure` for everything that is no HTTP answer; an abort by `signal` is thrown as it is. */
export const send = async (
  doFetch: typeof fetch,
  target: Target,
  sending: Sending,
  hops = 0,
): Promise<Answer> => {
  const timeout = AbortSignal.timeout(sending.timeout);
  const signal = sending.signal === undefined ? timeout : AbortSignal.any([timeout, sending.signal]);
  const { method, headers, body } = sending;
  const attempt = async (): Promise<Answer | URL> => {
    const response = await doFetch(sending.url, {
      method,
      headers,
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body }),
    });
    if (response.type !== "opaqueredirect" && !redirects.has(response.status)) {
      return {
        status: response.status,
        headers: response.headers,
        bytes: await readBody(response, sending.maxBytes, target),
      };
    }
    await response.body?.cancel();
    const next = nextUrl(response, sending, target);
    if (hops < mostRedirects && mayFollow(sending, response.status)) return next;
    throw new Failure(
      "unexpected-reply",
      `${target.name} (${target.host}) keeps redirecting (HTTP ${response.status}). Check the address.`,
      { status: response.status },
    );
  };
  const found = await attempt().catch((error: unknown) => {
    if (sending.signal?.aborted === true) throw sending.signal.reason;
    if (timeout.aborted) throw timeoutFailure(target, sending.timeout);
    throw connectionFailure(target, error);
  });
  return found instanceof URL ? send(doFetch, target, { ...sending, url: found }, hops + 1) : found;
};
