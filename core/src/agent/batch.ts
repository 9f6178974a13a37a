interface Waiting<T> {
  readonly key: string;
  readonly done: (value: T) => void;
  readonly failed: (error: unknown) => void;
}

export interface BatchSettings<T> {
  /** Values in the order of the keys. */
  readonly load: (keys: readonly string[]) => Promise<readonly T[]>;
  /** Keys in one request. */
  readonly most: number;
  /** Milliseconds that the first call waits for others to join; asked for each batch. */
  readonly wait: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Single questions of the same moment become one request. */
export const createBatch = <T>(settings: BatchSettings<T>): ((key: string) => Promise<T>) => {
  let waiting: Waiting<T>[] = [];

  const flush = async (): Promise<void> => {
    const all = waiting;
    waiting = [];
    for (let at = 0; at < all.length; at += settings.most) {
      const part = all.slice(at, at + settings.most);
      const keys = [...new Set(part.map(({ key }) => key))];
      await settings.load(keys).then(
        (values) => {
          for (const one of part) one.done(values[keys.indexOf(one.key)] as T);
        },
        (error: unknown) => {
          for (const one of part) one.failed(error);
        },
      );
    }
  };

  return (key) =>
    new Promise<T>((done, failed) => {
      waiting.push({ key, done, failed });
      if (waiting.length === 1) void settings.sleep(settings.wait()).then(flush);
    });
};
