import { Failure } from "@ask-openhands/core/failure.ts";

/** Slack takes about one message a second in one channel, and lets short bursts pass: https://docs.slack.dev/apis/web-api/rate-limits. A little more, because clocks differ. */
const gap = 1_100;
/** After a refusal a channel gets its writes one by one for this time. */
const strictFor = 10 * 60_000;
/** A turn that comes this soon is waited for on the spot, in milliseconds. */
const waitedFor = 1_200;
/** A turn that nobody came for is somebody else's after this time. */
const turnKept = 60_000;

/** Methods that write where people read; Slack counts them together for a channel. */
const writes: ReadonlySet<string> = new Set([
  "chat.postMessage",
  "chat.update",
  "chat.startStream",
  "chat.appendStream",
]);

export interface Pacing {
  readonly connection: string;
  readonly method: string;
  /** Where it writes, and which message: a write that was told to come later keeps its turn. */
  readonly channel?: string | undefined;
  readonly message?: string | undefined;
}

export interface Pace {
  /** Does the work when its turn has come; throws `rate-limited` with the time of the turn when that is not soon, or while Slack wants no call of this method. */
  take<T>(pacing: Pacing, work: () => Promise<T>): Promise<T>;
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const slow = (retryAt: number): Failure =>
  new Failure("rate-limited", "Slack asked us to slow down; we go on by ourselves.", {
    retryAt,
    status: 429,
  });

/** Keeps us within Slack's rates. Waits that Slack names count for the method in the whole workspace, as its documentation says. */
export const createPace = (now: () => number): Pace => {
  /** When Slack takes the method again, by connection and method. */
  const closedUntil = new Map<string, number>();
  /** Channels where Slack refused a write for its rate, and until when they are treated with care. */
  const strictUntil = new Map<string, number>();
  /** When the next write may be made, by connection and channel. */
  const free = new Map<string, number>();
  const sent = new Map<string, number>();
  /** Turns that were promised, by connection, channel, method and message. */
  const turns = new Map<string, number>();
  /** Writes of one method go out one by one: a refusal must be known before the next one leaves. */
  const last = new Map<string, Promise<unknown>>();

  const refuseWhileClosed = (slot: string): void => {
    const until = closedUntil.get(slot) ?? 0;
    if (until > now()) throw slow(until);
  };

  const forgetOld = (): void => {
    for (const [key, at] of turns) if (at + turnKept < now()) turns.delete(key);
    for (const map of [free, sent, strictUntil])
      for (const [room, at] of map) if (at + turnKept < now()) map.delete(room);
  };

  /** Milliseconds until this write's turn, which is now its own; throws when that is not soon. */
  const waitForTurn = (room: string, key: string): number => {
    if ((strictUntil.get(room) ?? 0) <= now()) {
      sent.set(room, now());
      return 0;
    }
    const promised = turns.get(key);
    const spaced = (sent.get(room) ?? 0) + gap;
    const at = promised ?? Math.max(now(), free.get(room) ?? 0);
    if (promised === undefined) free.set(room, at + gap);
    if (at - now() <= waitedFor) {
      turns.delete(key);
      const when = Math.max(now(), at, spaced);
      sent.set(room, when);
      free.set(room, Math.max(free.get(room) ?? 0, when + gap));
      return when - now();
    }
    forgetOld();
    turns.set(key, at);
    throw slow(at);
  };

  const call = async <T>(slot: string, room: string, work: () => Promise<T>): Promise<T> => {
    refuseWhileClosed(slot);
    try {
      return await work();
    } catch (failure) {
      if (failure instanceof Failure && failure.retryAt !== undefined) {
        closedUntil.set(slot, Math.max(closedUntil.get(slot) ?? 0, failure.retryAt));
        strictUntil.set(room, now() + strictFor);
        free.set(room, Math.max(free.get(room) ?? 0, failure.retryAt));
      }
      throw failure;
    }
  };

  return {
    async take({ connection, method, channel, message }, work) {
      const slot = `${connection}:${method}`;
      const room = `${connection}:${channel ?? ""}`;
      if (!writes.has(method)) return call(slot, `${room}:${method}`, work);
      refuseWhileClosed(slot);
      await sleep(waitForTurn(room, `${room}:${message ?? ""}`));
      const before = last.get(slot) ?? Promise.resolve();
      const own = before.then(() => call(slot, room, work));
      last.set(
        slot,
        own.catch(() => undefined),
      );
      return own;
    },
  };
};
