import { Worker } from "node:worker_threads";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createSlots } from "../../slots.ts";
import type { Reply, Request, SqliteCall, SqliteCalls } from "./calls.ts";

/** So many calls leave at once: the thread writes them to disk while the next ones are made. */
const largestBatch = 24;

/** Calls into the database thread. Calls made in the same moment travel as one message. */
export interface SqliteClient {
  call<Call extends SqliteCall>(
    name: Call,
    ...args: Parameters<SqliteCalls[Call]>
  ): Promise<ReturnType<SqliteCalls[Call]>>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(failure: Failure): void;
}

type FromThread =
  | { readonly ready: true }
  | { readonly closed: true }
  | { readonly refused: string; readonly newer: boolean }
  | { readonly replies: readonly Reply[] };

const unavailable = (why: string): Failure =>
  new Failure("unavailable", `The data folder cannot be written or read: ${why}. Nothing was stored.`);

const refusal = (file: string, why: string, newer: boolean): Failure =>
  newer
    ? new Failure(
        "bad-settings",
        `${file} was written by a newer release. Start that release, or restore a copy from before the upgrade.`,
      )
    : new Failure(
        "bad-settings",
        `${file} cannot be opened: ${why}. Restore it from a copy, or name another data folder.`,
      );

/** Starts the thread; resolves when the file is open. Throws `Failure` (bad-settings) when it cannot be. */
export const openClient = async (file: string, now: number): Promise<SqliteClient> => {
  const thread = new Worker(new URL("./thread.ts", import.meta.url), { workerData: { file, now } });
  const waiting = createSlots<Waiting>();
  let queued: Request[] = [];
  let gone: string | undefined;
  let onClosed: (() => void) | undefined;

  const failAll = (why: string): void => {
    gone = why;
    for (const one of waiting.all()) one.reject(unavailable(why));
  };

  const settleReplies = (replies: readonly Reply[]): void => {
    for (const [id, ok, result] of replies) {
      const one = waiting.take(id);
      if (ok) one?.resolve(result);
      else one?.reject(unavailable(String(result)));
    }
  };

  await new Promise<void>((resolve, reject) => {
    thread.on("message", (message: FromThread) => {
      if ("replies" in message) settleReplies(message.replies);
      else if ("closed" in message) onClosed?.();
      else if ("refused" in message) reject(refusal(file, message.refused, message.newer));
      else resolve();
    });
    thread.on("error", (cause) => {
      failAll(cause instanceof Error ? cause.message : String(cause));
      reject(refusal(file, gone ?? "unknown", false));
    });
    thread.on("exit", () => {
      failAll("it is closed");
      onClosed?.();
    });
  });

  const flush = (): void => {
    if (queued.length === 0) return;
    const requests = queued;
    queued = [];
    if (gone === undefined) thread.postMessage({ requests });
  };

  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        if (gone !== undefined) {
          reject(unavailable(gone));
          return;
        }
        // The thread answers each call with the result of the function of that name, so the types belong together.
        const id = waiting.put({ resolve: resolve as (value: unknown) => void, reject });
        if (queued.length === 0) setImmediate(flush);
        queued.push([id, name, args]);
        if (queued.length >= largestBatch) flush();
      }),
    close: async () => {
      if (gone !== undefined) return;
      await new Promise<void>((resolve) => {
        onClosed = resolve;
        if (queued.length > 0) flush();
        thread.postMessage("close");
      });
      await thread.terminate();
    },
  };
};
