export interface Backoff {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Milliseconds. */
  readonly base: number;
  /** Milliseconds. */
  readonly cap: number;
}

/** For work that is put back and tried again later. */
export const patientBackoff: Backoff = { attempts: 8, base: 2_000, cap: 300_000 };

/** For a call somebody waits for. */
export const quickBackoff: Backoff = { attempts: 3, base: 500, cap: 5_000 };

/**
 * Milliseconds to wait after failed attempt `attempt` (1 = the first), with full jitter: anything from 0 to the doubled base, never in step
 * with others. `notBefore` (epoch milliseconds, from `Retry-After`) is kept, with jitter on top, so that those it was told to come back spread out.
 */
export const backoffDelay = (
  backoff: Backoff,
  attempt: number,
  random: () => number,
  wait: { readonly now: number; readonly notBefore?: number | undefined },
): number => {
  const jitter = random() * Math.min(backoff.cap, backoff.base * 2 ** (attempt - 1));
  if (wait.notBefore === undefined || wait.notBefore <= wait.now) return Math.round(jitter);
  return Math.ceil(wait.notBefore - wait.now + random() * backoff.base);
};
