/** A hundred times as fast as real time: for adapters that count minutes (limits of requests, patience) in tests that take seconds. */
export const fastTime = () => {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * 100,
    sleep: (milliseconds: number): Promise<void> =>
      new Promise((done) => setTimeout(done, milliseconds / 100)),
  };
};
