import type { FakeReply } from "../routes.ts";

const windows = [
  { per: 1_000, most: 10 },
  { per: 60_000, most: 100 },
];

/** Fixed windows as the app server counts them: 10 requests a second and 100 a minute. */
export const createRateLimiter = (on: boolean) => {
  const counts = new Map<string, number>();
  return {
    refuse(): FakeReply | undefined {
      if (!on) return undefined;
      const now = Date.now();
      for (const { per, most } of windows) {
        const slot = `${per}:${Math.floor(now / per)}`;
        const count = (counts.get(slot) ?? 0) + 1;
        counts.set(slot, count);
        if (count > most) {
          const seconds = Math.ceil((per - (now % per)) / 1_000);
          return {
            status: 429,
            json: { detail: "Rate limit exceeded" },
            headers: { "retry-after": String(seconds) },
          };
        }
      }
      return undefined;
    },
  };
};
