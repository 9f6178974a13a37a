/** The result of `work`, or of `late` when it takes too long. A later failure of `work` is left alone: the caller has its answer. */
export type WithinTime = <Result>(work: Promise<Result>, late: () => Result) => Promise<Result>;

interface Waiting {
  readonly until: number;
  late(): void;
}

/** Gives everything the same time, in milliseconds. What began first is due first, so one timer serves thousands of works a second. */
export const createTimeLimit = (ms: number): WithinTime => {
  const waiting = new Set<Waiting>();
  let armed = false;

  const arm = (after: number): void => {
    armed = true;
    setTimeout(ring, after).unref();
  };
  const ring = (): void => {
    const now = performance.now();
    armed = false;
    for (const one of waiting) {
      if (one.until > now) {
        arm(one.until - now);
        return;
      }
      waiting.delete(one);
      one.late();
    }
  };

  return (work, late) =>
    new Promise((resolve, reject) => {
      const one: Waiting = { until: performance.now() + ms, late: () => resolve(late()) };
      waiting.add(one);
      if (!armed) arm(ms);
      work.then(
        (result) => {
          waiting.delete(one);
          resolve(result);
        },
        (cause: unknown) => {
          waiting.delete(one);
          reject(cause);
        },
      );
    });
};

/** One work with a time of its own. */
export const withinTime = <Result>(work: Promise<Result>, ms: number, late: () => Result): Promise<Result> =>
  createTimeLimit(ms)(work, late);
