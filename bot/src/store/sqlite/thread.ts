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
 * so the file is opened again from what the disk has. While that cannot be done (a full disk has no place for SQLite's own files) every call fails,
 * and the next one tries again: a bot whose disk has space again needs no restart.
 */
const diskTrouble = /disk I\/O|disk is full|malformed|unable to open|readonly/i;

const serve = (port: MessagePort, data: StartData): void => {
  let database: OpenDatabase | undefined = openDatabase(data.file, data.now);

  const close = (): void => {
    const closing = database;
    database = undefined;
    try {
      closing?.close();
    } catch (cause) {
      if (!diskTrouble.test(describe(cause))) throw cause;
    }
  };

  const answer = (requests: readonly Request[]): readonly Reply[] => {
    try {
      // The leases are this process's own, and hold.
      database ??= openDatabase(data.file);
      return performAll(database, requests);
    } catch (cause) {
      return requests.map(([id]): Reply => [id, false, describe(cause)]);
    }
  };

  port.on("message", (message: Batch | "close") => {
    const { requests, close: isLast } = drain(port, message);
    if (requests.length > 0) {
      const replies = answer(requests);
      port.postMessage({ replies });
      if (replies.some(([, ok, result]) => !ok && diskTrouble.test(String(result)))) close();
    }
    if (!isLast) return;
    close();
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
