import type { Log } from "../log.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Leadership } from "../store/leadership.ts";

export interface LongListening {
  stop(): Promise<void>;
}

const firstPause = 1_000;
const longestPause = 60_000;

/** Keeps platforms listening that are heard over a connection of their own (Socket Mode); one that breaks is taken up again, after growing pauses. Among several processes only the leader listens. */
export const createLongListening = (
  platforms: readonly Platform[],
  leadership: Leadership,
  log: Log,
): LongListening => {
  const stopping = new AbortController();
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        stopping.signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      stopping.signal.addEventListener("abort", end);
    });

  const listenWhileLeading = async (platform: Platform): Promise<void> => {
    const deposed = new AbortController();
    const unwatch = leadership.onChange(() => {
      if (!leadership.leads()) deposed.abort();
    });
    try {
      await platform.listen?.(AbortSignal.any([stopping.signal, deposed.signal]));
    } finally {
      unwatch();
    }
  };

  const keep = async (platform: Platform): Promise<void> => {
    let wait = firstPause;
    while (!stopping.signal.aborted) {
      if (!leadership.leads()) {
        await pause(firstPause);
        continue;
      }
      const startedAt = Date.now();
      try {
        await listenWhileLeading(platform);
        if (stopping.signal.aborted) return;
      } catch (cause) {
        log.warn(
          { platform: platform.id, error: cause instanceof Error ? cause.message : String(cause) },
          "listening broke",
        );
      }
      wait = Date.now() - startedAt > longestPause ? firstPause : Math.min(longestPause, wait * 2);
      await pause(wait);
    }
  };

  const kept = platforms.filter((platform) => platform.listen !== undefined).map(keep);
  return {
    stop: async () => {
      stopping.abort();
      await Promise.allSettled(kept);
    },
  };
};
