import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Reply, type Request, readingCalls, type StartData } from "./calls.ts";
import { newerSchema, type OpenDatabase, openDatabase } from "./open.ts";

/** Entry of the database thread. Requests that arrived while a transaction ran are committed together in the next: one fsync for all of them. */

interface Batch {
  readonly requests: readonly Request[];
}

const describe = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const perform = (database: OpenDatabase, [, call, args]: Request): unknown => {
  if (!readingCalls.has(call)) database.begin();
  return (database.calls[call] as (...values: readonly unknown[]) => unknown)(...args);
};

const performAll = (database: OpenDatabase, requests: readonly Request[]): readonly Reply[] => {
  try {
    const replies = requests.map((request): Reply => [request[0], true, perform(database, request)]);
    database.commit();
    return replies;
  } catch (cause) {
    database.rollback();
    const only = requests[0];
    if (requests.length === 1 && only !== undefined) return [[only[0], false, describe(cause)]];
    // One bad request must not take its neighbours with it: each again, alone.
    return requests.flatMap((request) => performAll(database, [request]));
  }
};

/** All that has arrived by now, in order. */
const drain = (
  port: MessagePort,
  first: Batch | "close",
): { readonly requests: readonly Request[]; readonly close: boolean } => {
  if (first === "close") return { requests: [], close: true };
  const requests = [...first.requests];
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    const batch = next.message as Batch | "close";
    if (batch === "close") return { requests, close: true };
    requests.push(...batch.requests);
  }
  return { requests, close: false };
};

/**
 * After an error of the disk nothing in memory of the connection can be trusted (a second fsync would report success for pages that were dropped),
 * so the file is opened again from what the disk has.
 */
const diskTrouble = /disk I\/O|disk is full|malformed|unable to open|readonly/i;

const serve = (port: MessagePort, data: StartData): void => {
  let database = openDatabase(data.file, data.now);

  const reopen = (replies: readonly Reply[]): void => {
    if (!replies.some(([, ok, result]) => !ok && diskTrouble.test(String(result)))) return;
    try {
      database.close();
      database = openDatabase(data.file, Date.now());
    } catch (cause) {
      port.postMessage({ broken: describe(cause) });
    }
  };

  port.on("message", (message: Batch | "close") => {
    const { requests, close } = drain(port, message);
    if (requests.length > 0) {
      const replies = performAll(database, requests);
      port.postMessage({ replies });
      reopen(replies);
    }
    if (!close) return;
    database.close();
    port.postMessage({ closed: true });
    port.close();
  });
  port.postMessage({ ready: true });
};

if (parentPort !== null) {
  const port = parentPort;
  try {
    serve(port, workerData as StartData);
  } catch (cause) {
    port.postMessage({ refused: describe(cause), newer: describe(cause) === newerSchema });
    port.close();
  }
}
