import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { problem } from "./problem.ts";

/** How often somebody may call. Webhooks are not limited here. */
export interface Limits {
  /** Signing in, one-time links, pairing: by address. */
  guess(address: string): Promise<void>;
  /** Everything, by person, or by address for people who are not signed in. */
  call(who: string): Promise<void>;
}

interface Numbers {
  readonly guessesPerMinute: number;
  readonly callsPerMinute: number;
}

const consume = async (limiter: RateLimiterMemory, key: string): Promise<void> => {
  try {
    await limiter.consume(key);
  } catch (cause) {
    if (!(cause instanceof RateLimiterRes)) throw cause;
    const seconds = Math.max(1, Math.ceil(cause.msBeforeNext / 1_000));
    throw problem(
      429,
      `Too many requests. Try again in ${seconds} seconds.`,
      {},
      { "retry-after": String(seconds) },
    );
  }
};

export const createLimits = (
  { guessesPerMinute, callsPerMinute }: Numbers = { guessesPerMinute: 20, callsPerMinute: 600 },
): Limits => {
  const guesses = new RateLimiterMemory({ points: guessesPerMinute, duration: 60 });
  const calls = new RateLimiterMemory({ points: callsPerMinute, duration: 60 });
  return { guess: (address) => consume(guesses, address), call: (who) => consume(calls, who) };
};
