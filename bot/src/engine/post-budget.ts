import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/** How often we may write to one server with one account. */
export interface PostBudget {
  /** Takes one write from the budget; else milliseconds until there is one. */
  take(account: string): Promise<{ readonly taken: true } | { readonly wait: number }>;
}

/** GitHub's secondary limit is 80 writes a minute and 500 an hour per account; others allow more. First posts and ends are never held back, so the edits get less than that. */
export const createPostBudget = (perMinute = 60, perHour = 450): PostBudget => {
  const minute = new RateLimiterMemory({ points: perMinute, duration: 60 });
  const hour = new RateLimiterMemory({ points: perHour, duration: 3_600 });
  const consume = async (limiter: RateLimiterMemory, account: string): Promise<number> => {
    try {
      await limiter.consume(account);
      return 0;
    } catch (refused) {
      // It counts to the end of its window by the machine's clock, which may have been set back meanwhile.
      if (refused instanceof RateLimiterRes)
        return Math.min(Math.max(250, refused.msBeforeNext), limiter.duration * 1_000);
      throw refused;
    }
  };
  return {
    take: async (account) => {
      const wait = Math.max(await consume(minute, account), await consume(hour, account));
      return wait === 0 ? { taken: true } : { wait };
    },
  };
};
