import { createHash } from "node:crypto";
import { rootCertificates } from "node:tls";
import { Failure } from "@ask-openhands/core/failure.ts";
import { Agent, buildConnector, type Dispatcher, WebSocket } from "undici";
import { createAddressGuard, type HostPort, type ResolveAll } from "./address-guard.ts";
import { concealAnswer } from "./conceal-answer.ts";

export interface GuardedFetch {
  /** As the platform's `fetch`; throws `Failure` (not-allowed) for an address that must not be reached. Redirects stay on the host. */
  readonly fetch: typeof fetch;
  /** A WebSocket to a checked address, by the same rules. Throws `Failure` (not-allowed) for one without encryption that is not approved. */
  openSocket(url: string): WebSocket;
  close(): Promise<void>;
}

interface Options {
  /** Whether a private address is allowed for this host, and plain HTTP with it. */
  isPrivateAllowed(target: HostPort): boolean;
  /** PEM bundle that the host's certificate is checked with, besides the usual authorities. */
  caOf(host: string): string | undefined;
  /** Milliseconds for connecting, and for the answer to begin (unless the caller bounds that) and between its pieces. */
  readonly connectTimeout?: number;
  readonly requestTimeout: number;
  readonly resolve?: ResolveAll | undefined;
  /** Takes known secrets out of what refusals and redirects say. */
  redact?(text: string): string;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 5;
/** A whole answer may take this many times `requestTimeout`, unless the caller bounds it. */
const wholeTime = 4;

const targetOf = (url: URL): HostPort => {
  const usual = url.protocol === "http:" ? "80" : "443";
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? usual : url.port };
};

/** A request as plain values: every `Request` object costs as much as the rest of a small call, and fetch makes one of its own. */
interface Outgoing {
  readonly url: URL;
  readonly method: string;
  readonly headers: RequestInit["headers"];
  readonly signal: AbortSignal | null | undefined;
  readonly body: Exclude<RequestInit["body"], ReadableStream>;
}

/** With a body that can be sent again. */
const toOutgoing = async (input: string | URL | Request, init: RequestInit = {}): Promise<Outgoing> => {
  if (input instanceof Request) {
    const { url, method, headers, signal, body } = new Request(input, init);
    return {
      url: new URL(url),
      method,
      headers,
      signal,
      body: body && (await new Response(body).arrayBuffer()),
    };
  }
  const { method = "GET", headers, signal, body } = init;
  return {
    url: new URL(input),
    method: method.toUpperCase(),
    headers,
    signal,
    body: body instanceof ReadableStream ? await new Response(body).arrayBuffer() : body,
  };
};

/** The request that a redirect asks for: 303, and by old custom 301 and 302 after a POST, turn it into a GET (Fetch standard, HTTP-redirect fetch). */
const follow = (request: Outgoing, status: number, to: URL): Outgoing => {
  const becomesGet =
    status === 303
      ? request.method !== "HEAD"
      : (status === 301 || status === 302) && request.method === "POST";
  if (!becomesGet) return { ...request, url: to };
  const headers = new Headers(request.headers);
  for (const name of ["content-type", "content-length", "content-encoding"]) headers.delete(name);
  return { ...request, url: to, method: "GET", headers, body: null };
};

/** Why an address may not be followed, or nothing. */
const refuseRedirect = (from: URL, to: URL): Failure | undefined => {
  if (
    to.hostname === from.hostname &&
    targetOf(to).port === targetOf(from).port &&
    to.protocol === from.protocol
  )
    return undefined;
  const isUpgrade =
    to.hostname === from.hostname &&
    from.protocol === "http:" &&
    to.protocol === "https:" &&
    from.port === "" &&
    to.port === "";
  return isUpgrade
    ? undefined
    : new Failure(
        "unexpected-reply",
        `${from.host} redirects to another server (${to.host}), which is not followed. Check the address.`,
      );
};

/**
 * Fetch for everything the bot asks of other servers: https only, unless the host is approved; every connected address is a checked one;
 * private addresses only for approved hosts; redirects never leave the host; a private authority is trusted for its own host only.
 */
export const createGuardedFetch = ({
  isPrivateAllowed,
  caOf,
  connectTimeout = 10_000,
  requestTimeout,
  resolve,
  redact = (text) => text,
}: Options): GuardedFetch => {
  const guard = createAddressGuard({ isPrivateAllowed, resolve });
  const agents = new Map<string, Agent>();

  const makeAgent = (ca: string | undefined): Agent => {
    const trust = ca === undefined ? {} : { ca: [...rootCertificates, ca] };
    const connectors = new Map<string, buildConnector.connector>();
    const connect: buildConnector.connector = (target, done) => {
      const host = target.hostname.replace(/^\[|\]$/g, "");
      const refused = guard.checkLiteral({ host, port: target.port });
      if (refused !== undefined) return done(refused, null);
      const connector =
        connectors.get(target.port) ??
        buildConnector({ timeout: connectTimeout, lookup: guard.lookupFor(target.port), ...trust });
      connectors.set(target.port, connector);
      return connector(target, done);
    };
    return new Agent({ connect, headersTimeout: requestTimeout, bodyTimeout: requestTimeout });
  };

  const agentFor = (url: URL): Agent => {
    const ca = caOf(url.host);
    const key = ca === undefined ? "" : createHash("sha256").update(ca).digest("hex");
    const agent = agents.get(key) ?? makeAgent(ca);
    agents.set(key, agent);
    return agent;
  };

  const checkProtocol = (url: URL): void => {
    if (url.protocol !== "https:" && url.protocol !== "http:")
      throw new Failure("not-allowed", `${url.protocol} addresses are not reached; use https.`);
    if (url.protocol === "http:" && !isPrivateAllowed(targetOf(url))) {
      throw new Failure(
        "not-allowed",
        `${url.host} would be asked without encryption. Use https, or have a maintainer approve this host.`,
      );
    }
  };

  /** Some requests are answered only when minutes of work are done: who says when it gives up may wait longer for the first byte than others. */
  const dispatcherFor = (url: URL, isBounded: boolean): Dispatcher => {
    const agent = agentFor(url);
    if (!isBounded) return agent;
    return agent.compose(
      (dispatch) => (options, handler) => dispatch({ ...options, headersTimeout: 0 }, handler),
    );
  };

  const send = async ({ url, ...options }: Outgoing, isBounded: boolean): Promise<Response> => {
    checkProtocol(url);
    try {
      // undici bounds the headers and each pause; an answer that drips byte by byte has no end but this one.
      const signal = options.signal ?? AbortSignal.timeout(requestTimeout * wholeTime);
      // `dispatcher` is Node's own addition to the options of fetch.
      const response = await fetch(url, {
        ...options,
        signal,
        redirect: "manual",
        dispatcher: dispatcherFor(url, isBounded),
      } as RequestInit);
      return await concealAnswer(response, redact, signal);
    } catch (cause) {
      throw cause instanceof TypeError && cause.cause instanceof Failure ? cause.cause : cause;
    }
  };

  const guarded: typeof fetch = async (input, init) => {
    const wanted = init?.redirect ?? (input instanceof Request ? input.redirect : "follow");
    // Every `Request` has a signal, also one that nobody bounds.
    const isBounded = init?.signal instanceof AbortSignal;
    let request = await toOutgoing(input, init);
    for (let hops = 0; ; hops += 1) {
      const response = await send(request, isBounded);
      const location = redirects.has(response.status) ? response.headers.get("location") : null;
      if (location === null || wanted === "manual") return response;
      await response.body?.cancel();
      const from = request.url;
      if (wanted === "error" || hops === mostRedirects || !URL.canParse(location, from)) {
        throw new Failure(
          "unexpected-reply",
          `${from.host} answered with a redirect that is not followed. Check the address.`,
        );
      }
      const to = new URL(location, from);
      const refused = refuseRedirect(from, to);
      if (refused !== undefined) throw refused;
      request = follow(request, response.status, to);
    }
  };

  return {
    fetch: guarded,
    openSocket: (address) => {
      const url = new URL(address.replace(/^ws/, "http"));
      checkProtocol(url);
      return new WebSocket(address, { dispatcher: agentFor(url) });
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.close()));
    },
  };
};
