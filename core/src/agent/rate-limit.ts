export interface Window {
  /** Milliseconds. */
  readonly per: number;
  readonly most: number;
}

export interface RateLimit {
  /** Waits until there is room in every window. `spared` places of the longest window are left to others. */
  acquire(spared?: number): Promise<void>;
  /** Free places in the longest window. */
  room(): number;
}

/** Keeps calls within several windows at once, counted on our side; `windows` shortest first. */
export const createRateLimit = (
  windows: readonly Window[],
  now: () => number,
  sleep: (milliseconds: number) => Promise<void>,
): RateLimit => {
  let calls: number[] = [];
  const longest = windows.at(-1);

  const forget = (): void => {
    const oldest = now() - (longest?.per ?? 0);
    calls = calls.filter((at) => at > oldest);
  };

  /** Milliseconds until the window has room. */
  const waitOf = (window: Window, spared: number): number => {
    const most = window === longest ? Math.max(1, window.most - spared) : window.most;
    const inside = calls.filter((at) => at > now() - window.per);
    const blocking = inside[inside.length - most];
    return blocking === undefined ? 0 : blocking + window.per - now();
  };

  return {
    async acquire(spared = 0) {
      for (;;) {
        forget();
        const wait = Math.max(...windows.map((window) => waitOf(window, spared)));
        if (wait <= 0) break;
        await sleep(Math.max(wait, 1));
      }
      calls.push(now());
    },
    room() {
      forget();
      return longest === undefined ? 0 : longest.most - calls.length;
    },
  };
};
