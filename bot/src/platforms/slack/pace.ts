import { Failure } from "@ask-openhands/core/failure.ts";
import { allowanceOf } from "./tiers.ts";

/** Slack takes about one message a second in one channel, and lets short bursts pass: https://docs.slack.dev/apis/web-api/rate-limits. A little more, because clocks differ. */
const gap = 1_100;
/** After a refusal a channel gets its writes one by one for this time. */
const strictFor = 10 * 60_000;
/** A turn that comes this soon is waited for on the spot, in milliseconds. */
const waitedFor = 1_200;
/** Tiers are counted by the minute. */
const minute = 60_000;
/** Below this share of a method's allowance its calls need not wait for each other. */
const roomy = 0.5;
/** What can wait leaves the rest of the allowance to what cannot. */
const sharePatient = 0.7;
/** Longer waits are the method's own, in the whole workspace; a channel opens again within this time. */
const channelWait = 5_000;
/** More calls do not wait for each other here: whoever called would think that Slack does not answer. They come again after this time. */
const mostQueued = 12;
const queueWait = 1_000;
/** Nor does a call leave that waited longer, in milliseconds: whoever made it has given up, looks for what it wrote, and would write it again. */
const longestQueue = 2_000;
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
  /** Progress, which the next one replaces anyway: not made while little of the method's allowance is left, and it queues nowhere. */
  readonly patient?: boolean | undefined;
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
  /** Writes of one method go out one by one, and so does everything that may be refused: a refusal must be known before the next one leaves. */
  const last = new Map<string, Promise<unknown>>();
  /** How many calls of a method wait for each other. */
  const queued = new Map<string, number>();
  /** Until when a method that was refused goes one by one. */
  const carefulUntil = new Map<string, number>();
  /** When each method was called in the last minute, by connection and method. */
  const calls = new Map<string, number[]>();
  let lastSeen = now();

  const refuseWhileClosed = (slot: string): void => {
    const until = closedUntil.get(slot) ?? 0;
    if (until > now()) throw slow(until);
  };

  /** A clock that is set back leaves times behind that are hours away: better asked for patience once more than silent for so long. */
  const forgetFuture = (): void => {
    if (now() < lastSeen - gap)
      for (const map of [closedUntil, strictUntil, carefulUntil, free, sent, turns, calls]) map.clear();
    lastSeen = now();
  };

  const forgetOld = (): void => {
    for (const [key, at] of turns) if (at + turnKept < now()) turns.delete(key);
    for (const map of [free, sent, strictUntil])
      for (const [room, at] of map) if (at + turnKept < now()) map.delete(room);
  };

  /** Milliseconds until this write's turn, which is now its own; throws when that is not soon. What is patient takes no turn that is not now. */
  const waitForTurn = (room: string, key: string, patient: boolean): number => {
    if ((strictUntil.get(room) ?? 0) <= now()) {
      sent.set(room, now());
      return 0;
    }
    const promised = turns.get(key);
    const spaced = (sent.get(room) ?? 0) + gap;
    const at = promised ?? Math.max(now(), free.get(room) ?? 0);
    if (patient && at - now() > waitedFor) throw slow(at);
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

  const recent = (slot: string): readonly number[] => {
    const kept = (calls.get(slot) ?? []).filter((at) => at > now() - minute);
    calls.set(slot, kept);
    return kept;
  };

  /** What can wait waits until enough of the allowance has come back. */
  const holdBack = (slot: string, method: string): void => {
    const most = Math.max(1, Math.floor(allowanceOf(method) * sharePatient));
    const used = recent(slot);
    const [blocking] = used.slice(used.length - most);
    if (used.length >= most && blocking !== undefined) throw slow(blocking + minute);
  };

  const oneByOne = <T>(slot: string, work: () => Promise<T>): Promise<T> => {
    const before = queued.get(slot) ?? 0;
    if (before >= mostQueued) throw slow(now() + queueWait);
    queued.set(slot, before + 1);
    const asked = now();
    const inTime = (): Promise<T> => {
      if (now() - asked > longestQueue) throw slow(now() + queueWait);
      return work();
    };
    const own = (last.get(slot) ?? Promise.resolve())
      .then(inTime)
      .finally(() => queued.set(slot, (queued.get(slot) ?? 1) - 1));
    last.set(
      slot,
      own.catch(() => undefined),
    );
    return own;
  };

  const call = async <T>(slot: string, room: string, work: () => Promise<T>): Promise<T> => {
    refuseWhileClosed(slot);
    calls.set(slot, [...recent(slot), now()]);
    try {
      return await work();
    } catch (failure) {
      if (failure instanceof Failure && failure.retryAt !== undefined) {
        closedUntil.set(slot, Math.max(closedUntil.get(slot) ?? 0, failure.retryAt));
        carefulUntil.set(slot, now() + strictFor);
        if (failure.retryAt - now() <= channelWait) {
          strictUntil.set(room, now() + strictFor);
          free.set(room, Math.max(free.get(room) ?? 0, failure.retryAt));
        }
      }
      throw failure;
    }
  };

  return {
    async take({ connection, method, channel, message, patient }, work) {
      forgetFuture();
      const slot = `${connection}:${method}`;
      const room = `${connection}:${channel ?? ""}`;
      refuseWhileClosed(slot);
      if (patient === true) holdBack(slot, method);
      if (writes.has(method)) await sleep(waitForTurn(room, `${room}:${message ?? ""}`, patient === true));
      const isRoomy =
        recent(slot).length < allowanceOf(method) * roomy && (carefulUntil.get(slot) ?? 0) <= now();
      return isRoomy && !writes.has(method)
        ? call(slot, `${room}:${method}`, work)
        : oneByOne(slot, () => call(slot, writes.has(method) ? room : `${room}:${method}`, work));
    },
  };
};
