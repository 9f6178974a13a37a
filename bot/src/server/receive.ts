import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer, Delivery } from "../intake.ts";
import type { FindRoute, FoundRoute } from "./find-route.ts";
import { createGathering } from "./gathering.ts";
import { readBody } from "./read-body.ts";

const plain = (status: number, body: string): Answer => ({
  status,
  body,
  contentType: "text/plain; charset=utf-8",
});

const lingerTime = 2_000;

const answers = {
  notFound: plain(404, "There is no receiver here."),
  otherMethod: plain(405, "This receiver takes another method."),
  compressed: plain(415, "Compressed bodies are not accepted."),
  failed: plain(500, "Something went wrong here."),
} as const;

const queryOf = (url: string): string => {
  const mark = url.indexOf("?");
  return mark === -1 ? "" : url.slice(mark + 1);
};

const write = (response: ServerResponse, answer: Answer, close: boolean): void => {
  // A string leaves with the headers in one write, a buffer would need a second one.
  const body = answer.body ?? "";
  const headers = ["content-length", String(Buffer.byteLength(body))];
  if (answer.contentType !== undefined) headers.push("content-type", answer.contentType);
  if (close) headers.push("connection", "close");
  if (answer.headers !== undefined) headers.push(...Object.entries(answer.headers).flat());
  response.writeHead(answer.status, headers);
  response.end(body);
};

/** A plain object: one with an accessor gets a hidden class of its own, which keeps its closure, and with it the request and its body, until the next full garbage collection. */
const toDelivery = (request: IncomingMessage, found: FoundRoute, bytes: Uint8Array): Delivery => ({
  method: request.method ?? "POST",
  query: queryOf(request.url ?? ""),
  params: found.params,
  // Node joins repeated headers with ", "; only set-cookie stays a list, and no sender sets cookies.
  headers: request.headers as Readonly<Record<string, string | undefined>>,
  bytes,
  source: request.socket.remoteAddress ?? "unknown",
});

export interface ReceiveDeps {
  readonly find: FindRoute;
  /** Told of every answer. */
  answered(path: string, status: number, startedAt: number): void;
  failed(path: string, cause: unknown): void;
}

/** Answers what comes to `/webhooks/…` straight from node:http: the shortest way from the socket to the store. */
export const createReceive = ({ find, answered, failed }: ReceiveDeps) => {
  const gather = createGathering();
  const refuse = (
    request: IncomingMessage,
    response: ServerResponse,
    found: FoundRoute,
    failed: "too-large" | "cut-off" | "compressed",
  ): number => {
    if (failed === "cut-off") {
      response.destroy();
      return 499;
    }
    const refused =
      failed === "compressed"
        ? answers.compressed
        : plain(413, `The body is larger than ${found.route.limit} bytes.`);
    write(response, refused, true);
    // A sender that is still writing would lose the answer to a reset, so the rest is read into nothing for a moment.
    request.resume();
    setTimeout(() => request.destroy(), lingerTime).unref();
    return refused.status;
  };

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const startedAt = performance.now();
    const found = find(request.method ?? "GET", path);
    if (found === undefined || found === "other-method") {
      const refused = found === undefined ? answers.notFound : answers.otherMethod;
      write(response, refused, true);
      request.resume();
      answered("other", refused.status, startedAt);
      return;
    }
    try {
      const body = await readBody(request, found.route.limit);
      if ("failed" in body) {
        answered(found.route.path, refuse(request, response, found, body.failed), startedAt);
        return;
      }
      await gather();
      const answer = await found.route.answer(toDelivery(request, found, body.bytes));
      write(response, answer, false);
      answered(found.route.path, answer.status, startedAt);
    } catch (cause) {
      failed(found.route.path, cause);
      if (!response.headersSent) write(response, answers.failed, true);
      answered(found.route.path, 500, startedAt);
    }
  };
};
