/** The result of `work`, or of `late` when it takes longer than `ms`. A later failure of `work` is left alone: the caller has its answer. */
export const withinTime = <Result>(work: Promise<Result>, ms: number, late: () => Result): Promise<Result> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late()), ms);
    work.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (cause: unknown) => {
        clearTimeout(timer);
        reject(cause);
      },
    );
  });
