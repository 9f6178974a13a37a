import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";

const every = 3_600_000;
const firstAfter = 60_000;

/** Forgets finished work that is older than `keep` milliseconds, every hour. Returns the way to stop. */
export const startTidying = (
  store: Pick<Store, "prune">,
  keep: number,
  log: Log,
  now: () => number,
): (() => void) => {
  const tidy = async (): Promise<void> => {
    try {
      const gone = await store.prune(now() - keep);
      if (gone > 0) log.info({ rows: gone }, "old work forgotten");
    } catch (cause) {
      log.warn(
        { error: cause instanceof Error ? cause.message : String(cause) },
        "old work could not be forgotten",
      );
    }
  };
  const first = setTimeout(() => void tidy(), firstAfter);
  const timer = setInterval(() => void tidy(), every);
  first.unref();
  timer.unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
};
