import type { FakeReply } from "../routes.ts";
import { allowanceOf } from "./tiers.ts";

/** Writes that Slack counts for a channel. */
const counted: ReadonlySet<string> = new Set([
  "chat.postMessage",
  "chat.update",
  "chat.startStream",
  "chat.appendStream",
]);

export interface SlackLimitOptions {
  /** Milliseconds of the minute that tiers are counted in; shorter makes both the allowance come back and the waiting end sooner. */
  readonly minute?: number | undefined;
  /** Milliseconds between two writes in one channel. Absent: bursts are tolerated, as Slack does most of the time. */
  readonly channelEvery?: number | undefined;
  /** Calls a minute of single methods, where they are not those that Slack promises every app. */
  readonly perMinute?: Readonly<Record<string, number>> | undefined;
}

export interface SlackLimits {
  /** Calls that came although Slack had said to wait. */
  readonly violations: readonly string[];
  /** Methods of the calls that were refused for their rate, oldest first. */
  readonly refused: readonly string[];
  /** Methods of the calls that were taken, oldest first. */
  readonly taken: readonly string[];
  /** Refuses a call for its rate. */
  check(method: string, args: Readonly<Record<string, unknown>>): FakeReply | undefined;
}

/** Rates as Slack counts them: each method for the app in the workspace, writes also for the channel. What it refuses it refuses with `Retry-After`, and until then no call of the method may come. */
export const createLimits = ({
  minute = 60_000,
  channelEvery,
  perMinute,
}: SlackLimitOptions = {}): SlackLimits => {
  const lastWrite = new Map<string, number>();
  const calls = new Map<string, number[]>();
  const closed = new Map<string, number>();
  const violations: string[] = [];
  const refused: string[] = [];
  const taken: string[] = [];

  const refuse = (method: string, seconds: number): FakeReply => {
    refused.push(method);
    return {
      status: 429,
      json: { ok: false, error: "ratelimited" },
      headers: { "retry-after": String(seconds) },
    };
  };
  const close = (method: string, now: number, wait: number): FakeReply => {
    const seconds = Math.max(1, Math.ceil(wait / 1_000));
    closed.set(method, now + seconds * 1_000);
    return refuse(method, seconds);
  };

  /** Milliseconds until the tier has room again. */
  const tierWait = (method: string, now: number): number => {
    const allowance = perMinute?.[method] ?? allowanceOf(method);
    if (allowance === undefined) throw new Error(`nothing is known of the rate of ${method}`);
    const recent = (calls.get(method) ?? []).filter((at) => at > now - minute);
    calls.set(method, recent);
    const [oldest = now] = recent;
    return recent.length < allowance ? 0 : oldest + minute - now;
  };
  const channelWait = (method: string, channel: string, now: number): number =>
    channelEvery === undefined || !counted.has(method)
      ? 0
      : Math.max(0, (lastWrite.get(channel) ?? 0) + channelEvery - now);

  return {
    violations,
    refused,
    taken,
    check(method, args) {
      const now = Date.now();
      const until = closed.get(method) ?? 0;
      if (now < until) {
        violations.push(`${method} ${until - now} ms too early`);
        return refuse(method, Math.ceil((until - now) / 1_000));
      }
      const channel = String(args["channel"] ?? "");
      const wait = Math.max(tierWait(method, now), channelWait(method, channel, now));
      if (wait > 0)
        return close(method, now, channelEvery === undefined ? wait : Math.max(wait, channelEvery));
      calls.get(method)?.push(now);
      if (counted.has(method)) lastWrite.set(channel, now);
      taken.push(method);
      return undefined;
    },
  };
};
