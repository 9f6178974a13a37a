import { createSlots } from "../slots.ts";

/** The result of `work`, or of `late` when it takes too long. A later failure of `work` is left alone: the caller has its answer. */
export type WithinTime = <Result>(work: Promise<Result>, late: () => Result) => Promise<Result>;

interface Waiting {
  readonly until: number;
  late(): void;
}

/** Gives everything the same time, in milliseconds. What began first is due first, so one timer serves thousands of works a second. */
export const createTimeLimit = (ms: number): WithinTime => {
  const waiting = createSlots<Waiting>();
  let armed = false;

  const arm = (after: number): void => {
    armed = true;
    setTimeout(ring, after).unref();
  };
  const ring = (): void => {
    const now = performance.now();
    armed = false;
    let next = Number.POSITIVE_INFINITY;
    for (const one of waiting.all()) {
      if (one.until <= now) one.late();
      else next = Math.min(next, one.until);
    }
    if (next < Number.POSITIVE_INFINITY) arm(next - now);
  };

  return (work, late) =>
    new Promise((resolve, reject) => {
      let isLate = false;
      const slot = waiting.put({
        until: performance.now() + ms,
        late: () => {
          isLate = true;
          waiting.take(slot);
          resolve(late());
        },
      });
      // After it was late, the slot is somebody else's.
      const leave = (): void => {
        if (!isLate) waiting.take(slot);
      };
      if (!armed) arm(ms);
      work.then(
        (result) => {
          leave();
          resolve(result);
        },
        (cause: unknown) => {
          leave();
          reject(cause);
        },
      );
    });
};

/** One work with a time of its own. */
export const withinTime = <Result>(work: Promise<Result>, ms: number, late: () => Result): Promise<Result> =>
  createTimeLimit(ms)(work, late);
