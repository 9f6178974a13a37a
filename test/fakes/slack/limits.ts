import type { FakeReply } from "../routes.ts";
import type { SlackState } from "./state.ts";

/** Writes that Slack counts for a channel. */
const counted: ReadonlySet<string> = new Set([
  "chat.postMessage",
  "chat.update",
  "chat.startStream",
  "chat.appendStream",
]);

export interface ChannelLimit {
  /** Calls that came although Slack had said to wait. */
  readonly violations: readonly string[];
  /** Calls that were refused for their rate. */
  readonly refused: number;
  /** Writes that were taken. */
  readonly taken: number;
}

/** One write in `every` milliseconds for each channel; what comes earlier is refused with `Retry-After`, and until then no call of the method may come. */
export const limitChannels = (state: SlackState, every: number): ChannelLimit => {
  const lastWrite = new Map<string, number>();
  const closed = new Map<string, number>();
  const violations: string[] = [];
  let refused = 0;
  let taken = 0;
  const refusal = (seconds: number): FakeReply => {
    refused += 1;
    return {
      status: 429,
      json: { ok: false, error: "ratelimited" },
      headers: { "retry-after": String(seconds) },
    };
  };
  state.limit = (method, args) => {
    if (!counted.has(method)) return undefined;
    const now = Date.now();
    const until = closed.get(method) ?? 0;
    if (now < until) {
      violations.push(`${method} ${until - now} ms too early`);
      return refusal(Math.ceil((until - now) / 1_000));
    }
    const channel = String(args["channel"]);
    const last = lastWrite.get(channel) ?? 0;
    if (now - last < every) {
      const seconds = Math.ceil(every / 1_000);
      closed.set(method, now + seconds * 1_000);
      return refusal(seconds);
    }
    lastWrite.set(channel, now);
    taken += 1;
    return undefined;
  };
  return {
    violations,
    get refused() {
      return refused;
    },
    get taken() {
      return taken;
    },
  };
};
