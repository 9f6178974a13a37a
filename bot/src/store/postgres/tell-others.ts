/** Milliseconds between two calls: under load the other processes are awake anyway, and `NOTIFY` makes all commits of the database wait for each other. */
const pause = 20;

export interface TellOthers {
  /** Calls the other processes, at once or soon. A call that fails is left alone: they look by themselves every few seconds. */
  tell(): void;
  /** Says what was still to be said. */
  end(): Promise<void>;
}

/** Many reasons to call within a short time make one call, and the last of them is never forgotten. */
export const createTellOthers = (call: () => Promise<unknown>): TellOthers => {
  let timer: NodeJS.Timeout | undefined;
  let again = false;

  const callNow = (): Promise<unknown> => call().catch(() => undefined);
  const tell = (): void => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    void callNow();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) tell();
    }, pause);
    again = false;
  };

  return {
    tell,
    end: async () => {
      clearTimeout(timer);
      if (again) await callNow();
    },
  };
};
