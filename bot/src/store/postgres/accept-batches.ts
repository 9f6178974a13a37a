import type { toDocument } from "../storable.ts";

type Document = ReturnType<typeof toDocument>;

interface Waiting extends Document {
  resolve(result: "new" | "known"): void;
  reject(error: unknown): void;
}

/** Writes a batch; gives the keys that were not there before. */
export type WriteBatch = (
  keys: readonly string[],
  places: readonly string[],
  mentions: readonly string[],
) => Promise<readonly string[]>;

/** Mentions of one transaction. More only makes the answer to the first one later. */
const mostInBatch = 200;
/** So many leave before the others of the same moment: the database writes them meanwhile. */
const leaving = 24;
/** Transactions under way at once: one waits for the disk while the next is filled. */
const atOnce = 2;

/** Deliveries that arrive while a transaction runs are stored together by the next: one commit for all of them. */
export const createAcceptBatches = (write: WriteBatch) => {
  let waiting: Waiting[] = [];
  let running = 0;

  const settle = (batch: readonly Waiting[], added: readonly string[]): void => {
    const unclaimed = new Set(added);
    // Two deliveries of one mention in one batch: the first made it, the second found it.
    for (const one of batch) one.resolve(unclaimed.delete(one.mention.key) ? "new" : "known");
  };

  const run = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const added = await write(
        batch.map((one) => one.mention.key),
        batch.map((one) => one.mention.place.key),
        batch.map((one) => one.json),
      );
      settle(batch, added);
    } catch (error) {
      for (const one of batch) one.reject(error);
    } finally {
      running -= 1;
      flush();
    }
  };

  const flush = (): void => {
    while (running < atOnce && waiting.length > 0) {
      const batch = waiting.slice(0, mostInBatch);
      waiting = waiting.slice(mostInBatch);
      running += 1;
      void run(batch);
    }
  };

  return (document: Document): Promise<"new" | "known"> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ ...document, resolve, reject });
      if (waiting.length === leaving) flush();
    });
};
