import type { Log } from "../log.ts";
import type { Platform } from "../platforms/platform.ts";

export interface LongListening {
  stop(): Promise<void>;
}

const firstPause = 1_000;
const longestPause = 60_000;

/** Keeps platforms listening that are heard over a connection of their own (Socket Mode); one that breaks is taken up again, after growing pauses. */
export const createLongListening = (platforms: readonly Platform[], log: Log): LongListening => {
  const stopping = new AbortController();
  const pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      stopping.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });

  const keep = async (platform: Platform): Promise<void> => {
    let wait = firstPause;
    while (!stopping.signal.aborted) {
      const startedAt = Date.now();
      try {
        await platform.listen?.(stopping.signal);
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
