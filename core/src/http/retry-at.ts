/** Beyond this a reset time is a mistake of the other side, or a hostile one: an hour. */
const longest = 3_600_000;

const inSeconds = (text: string): number | undefined =>
  /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;

const fromRetryAfter = (value: string | null, now: number): number | undefined => {
  if (value === null) return undefined;
  const seconds = inSeconds(value);
  if (seconds !== undefined) return now + seconds * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date;
};

/** GitHub and OpenHands send epoch seconds, others seconds from now. */
const fromReset = (value: string | null, now: number): number | undefined => {
  const seconds = value === null ? undefined : inSeconds(value);
  if (seconds === undefined) return undefined;
  if (seconds > 1e12) return seconds;
  return seconds > 1e9 ? seconds * 1_000 : now + seconds * 1_000;
};

/** When the other side wants to be asked again (epoch milliseconds): `Retry-After` in seconds or as a date, else the reset of a used-up limit. At most an hour away. */
export const retryAt = (headers: Headers, now: number): number | undefined => {
  const usedUp = headers.get("x-ratelimit-remaining") === "0" || headers.get("ratelimit-remaining") === "0";
  const reset = usedUp
    ? fromReset(headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset"), now)
    : undefined;
  const at = fromRetryAfter(headers.get("retry-after"), now) ?? reset;
  return at === undefined ? undefined : Math.min(Math.max(at, now), now + longest);
};
