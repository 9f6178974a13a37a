import { type Check, ok, trouble, unknown } from "./check.ts";

export interface Clock {
  readonly fetch: typeof fetch;
  check(): Check;
}

/** Slack refuses signatures and GitHub App tokens that are minutes off; one minute leaves room for both. */
const mostOff = 60_000;

/** Compares this machine's clock with the Date headers of the servers that are asked anyway (whole seconds, RFC 9110 section 6.6.1). */
export const createClock = (ask: typeof fetch, now: () => number): Clock => {
  const seen: { readonly host: string; readonly off: number }[] = [];

  const watching: typeof fetch = async (input, init) => {
    const before = now();
    const response = await ask(input, init);
    const date = Date.parse(response.headers.get("date") ?? "");
    const after = now();
    if (Number.isFinite(date)) {
      const middle = (before + after) / 2;
      // The header may be a second behind, and the answer took its time.
      const doubt = (after - before) / 2 + 1_000;
      const off = Math.abs(middle - date) <= doubt ? 0 : middle - date;
      seen.push({ host: new URL(input instanceof Request ? input.url : input).host, off });
    }
    return response;
  };

  const check = (): Check => {
    if (seen.length === 0) return unknown("Clock", "No server told the time.");
    // Most servers are right; the middle one is not fooled by one that is not.
    const middle = seen.toSorted((one, other) => one.off - other.off)[Math.floor(seen.length / 2)];
    const off = middle?.off ?? 0;
    const seconds = Math.round(Math.abs(off) / 1_000);
    if (Math.abs(off) <= mostOff) return ok("Clock", `Right within a minute, by ${seen.length} answers.`);
    return trouble(
      "Clock",
      `It is ${seconds} seconds ${off > 0 ? "ahead" : "behind"}, by ${middle?.host ?? "other servers"}.`,
      "Switch time synchronisation (NTP) on; signatures and tokens depend on the time.",
    );
  };

  return { fetch: watching, check };
};
