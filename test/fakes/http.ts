import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createFaults, type Fault } from "./faults.ts";
import type { OpenApi } from "./openapi.ts";
import {
  type FakeReply,
  type FakeRequest,
  type FakeRoute,
  matchPath,
  pathPattern,
  readBody,
} from "./routes.ts";

export interface FakeSettings {
  readonly routes: readonly FakeRoute[];
  /** Runs before the routes (authentication, rate limits); its reply ends the request. */
  readonly before?: ((request: FakeRequest) => FakeReply | undefined) | undefined;
  /** Answers what no route does. Without it: 404 and an entry in `unrouted`. */
  readonly otherwise?:
    | ((request: FakeRequest) => FakeReply | undefined | Promise<FakeReply | undefined>)
    | undefined;
  /** Every request is checked against these; the first that knows the path counts. */
  readonly openApi?: readonly (OpenApi | undefined)[] | undefined;
  /** WebSocket and other upgrades. */
  readonly upgrade?: ((message: IncomingMessage, socket: Duplex, head: Buffer) => void) | undefined;
  readonly random?: (() => number) | undefined;
}

export interface FakeCall extends FakeRequest {
  /** What was answered; 0 when the connection was dropped or never answered. */
  readonly status: number;
}

export interface FakeServer {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  /** Every request so far, oldest first. */
  readonly calls: readonly FakeCall[];
  /** Calls to a route path (`/repos/:owner/:name/issues/:n/comments`), of one method when given. */
  callsTo(path: string | RegExp, method?: string): readonly FakeCall[];
  /** Requests that no route knew: `GET /x`. */
  readonly unrouted: readonly string[];
  /** How many requests were checked against an OpenAPI document, and what they broke. */
  readonly checked: number;
  readonly violations: readonly string[];
  /** Requests that no document knows (`GET /x`), so that nothing but our own fake says that they are right. Empty where there is no document. */
  readonly unspecified: readonly string[];
  fail(fault: Fault): () => void;
  /** Takes all faults back. */
  recover(): void;
  close(): Promise<void>;
}

const errorPage =
  "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>";

const readAll = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

const toRequest = (message: IncomingMessage, bytes: Buffer): FakeRequest => {
  const [path = "/", query = ""] = (message.url ?? "/").split("?", 2);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const text = bytes.toString("utf8");
  return {
    method: message.method ?? "GET",
    path,
    params: {},
    query: new URLSearchParams(query),
    headers,
    bytes,
    text,
    ...readBody(text, headers["content-type"] ?? ""),
    at: Date.now(),
  };
};

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const faultReply = (fault: Fault): FakeReply | undefined => {
  const retryAfter: Record<string, string> =
    fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  const headers = { ...retryAfter, ...fault.headers };
  if (fault.html === true) return { status: fault.status ?? 200, html: errorPage, headers };
  if (fault.status === undefined && fault.json === undefined) return undefined;
  return { status: fault.status ?? 200, json: fault.json ?? { message: `fault ${fault.status}` }, headers };
};

/** Headers and the first half of the body; then nothing more, or the rest byte by byte. */
const writeBadly = async (response: ServerResponse, reply: FakeReply, dripMs?: number): Promise<void> => {
  const body = Buffer.from(reply.text ?? JSON.stringify(reply.json ?? {}));
  response.writeHead(reply.status ?? 200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": body.length,
    ...reply.headers,
  });
  response.write(body.subarray(0, body.length / 2));
  if (dripMs === undefined) {
    await sleep(20);
    response.destroy();
    return;
  }
  for (let at = Math.floor(body.length / 2); at < body.length && !response.destroyed; at += 1) {
    response.write(body.subarray(at, at + 1));
    await sleep(dripMs);
  }
  response.end();
};

const write = (response: ServerResponse, reply: FakeReply): number => {
  const status = reply.status ?? 200;
  const [type, body] = ((): readonly [string | undefined, string | Uint8Array] => {
    if (reply.bytes !== undefined) return ["application/octet-stream", reply.bytes];
    if (reply.html !== undefined) return ["text/html; charset=utf-8", reply.html];
    if (reply.text !== undefined) return ["text/plain; charset=utf-8", reply.text];
    if (reply.json !== undefined) return ["application/json; charset=utf-8", JSON.stringify(reply.json)];
    return [undefined, ""];
  })();
  response.writeHead(status, { ...(type === undefined ? {} : { "content-type": type }), ...reply.headers });
  response.end(body);
  return status;
};

/** A stateful fake of an outside server: real HTTP on a free port of loopback, with faults, a log of calls, and contract checks. */
export const startFake = async (settings: FakeSettings): Promise<FakeServer> => {
  const routes = settings.routes.map(([method, path, answer]) => ({
    method,
    pattern: pathPattern(path),
    answer,
  }));
  const faults = createFaults(settings.random);
  const calls: FakeCall[] = [];
  const unrouted: string[] = [];
  const violations: string[] = [];
  const unspecified: string[] = [];
  const sockets = new Set<Duplex>();
  let checked = 0;

  const check = (request: FakeRequest): void => {
    const documents = (settings.openApi ?? []).filter((one) => one !== undefined);
    for (const openApi of documents) {
      const found = openApi.check(request);
      if (found === undefined) continue;
      checked += 1;
      violations.push(...found);
      return;
    }
    if (documents.length > 0) unspecified.push(`${request.method} ${request.path}`);
  };

  const answer = async (request: FakeRequest): Promise<FakeReply> => {
    const refused = settings.before?.(request);
    if (refused !== undefined) return refused;
    for (const route of routes) {
      if (route.method !== request.method && route.method !== "*") continue;
      const params = matchPath(route.pattern, request.path);
      if (params !== undefined) return route.answer({ ...request, params });
    }
    const other = await settings.otherwise?.(request);
    if (other !== undefined) return other;
    unrouted.push(`${request.method} ${request.path}`);
    return { status: 404, json: { message: "Not Found" } };
  };

  const respond = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = toRequest(message, await readAll(message));
    const log = (status: number): void => void calls.push({ ...request, status });
    check(request);
    const fault = faults.pick(request);
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault?.hang === true) return log(0);
    if (fault?.drop === true) {
      log(0);
      message.socket.destroy();
      return;
    }
    const spoilt = fault === undefined ? undefined : faultReply(fault);
    const reply = spoilt ?? (await answer(request));
    if (fault?.dropAfterEffect === true) {
      log(0);
      message.socket.destroy();
      return;
    }
    if (fault?.cut === true || fault?.dripMs !== undefined) {
      log(0);
      await writeBadly(response, reply, fault.dripMs);
      return;
    }
    const { statusAfterEffect: status } = fault ?? {};
    log(status ?? reply.status ?? 200);
    write(response, status === undefined ? reply : { status, html: errorPage });
  };

  const server = createServer((message, response) => {
    respond(message, response).catch((error: unknown) => {
      // A mistake of the fake itself must fail the test that meets it, never look like an answer of the real server.
      violations.push(`the fake broke at ${message.method} ${message.url}: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else write(response, { status: 500, json: { message: `the fake broke: ${String(error)}` } });
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  if (settings.upgrade !== undefined) server.on("upgrade", settings.upgrade);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    callsTo(path, method) {
      const pattern = typeof path === "string" ? pathPattern(path) : path;
      return calls.filter(
        (call) => pattern.test(call.path) && (method === undefined || method === call.method),
      );
    },
    unrouted,
    get checked() {
      return checked;
    },
    violations,
    unspecified,
    fail: faults.add,
    recover: faults.clear,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
};
