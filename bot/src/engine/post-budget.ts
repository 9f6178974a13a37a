import type { WriteLimits } from "../platforms/platform.ts";

/** Something that is about to be written. */
export interface Writing {
  /** Whose writes are counted together: a server, and our account there. */
  readonly account: string;
  /** Absent: the server says by its answers when it is too much. */
  readonly limits: WriteLimits | undefined;
  /** Which message. Whoever is told to wait keeps the turn that was named. */
  readonly message: string;
  /** A first post, a question, an end: counted, never held back. */
  readonly urgent?: boolean | undefined;
}

/** How often we may write to one server with one account. */
export interface PostBudget {
  /** Takes one write from the budget; else milliseconds until this message's turn. */
  take(writing: Writing): Promise<{ readonly taken: true } | { readonly wait: number }>;
}

/** The rest of a limit is left to what is never held back. */
const shareOfProgress = 0.75;
/** What flows back evenly; the rest may be written in one go. */
const shareOfFlow = 5 / 6;
/** Ends and first posts hold progress back for so many writes at most. */
const mostBorrowed = 10;
/** A turn that nobody came for is nobody's after this time, in milliseconds. */
const turnKept = 60_000;
const minute = 60_000;
const hour = 60 * minute;

interface Account {
  /** When the next write is free; in the past: so much may be written at once. */
  next: number;
  readonly turns: Map<string, number>;
}

/** Milliseconds from one write to the next, and how many may come at once, so that no minute and no hour, wherever it begins, has more than the limits. */
const rhythmOf = ({
  perMinute = Number.POSITIVE_INFINITY,
  perHour = Number.POSITIVE_INFINITY,
}: WriteLimits) => {
  const inMinute = perMinute * shareOfProgress;
  const inHour = perHour * shareOfProgress;
  const flow = Math.min(inMinute / minute, inHour / hour) * shareOfFlow;
  return { gap: 1 / flow, burst: Math.max(1, Math.min(inMinute - flow * minute, inHour - flow * hour)) };
};

/**
 * Progress gets rarer when much was written, and never ends: what an hour allows flows back write by write, and those who wait get their turns one after the
 * other. (A fixed window would be used up early, and nothing said until it ends.) `now` in milliseconds; only differences count.
 */
export const createPostBudget = (now: () => number = () => performance.now()): PostBudget => {
  const accounts = new Map<string, Account>();

  const accountOf = (name: string): Account => {
    const known = accounts.get(name);
    if (known !== undefined) return known;
    const made = { next: Number.NEGATIVE_INFINITY, turns: new Map<string, number>() };
    accounts.set(name, made);
    return made;
  };

  const take = ({ account: name, limits, message, urgent }: Writing): number => {
    if (limits?.perMinute === undefined && limits?.perHour === undefined) return 0;
    const { gap, burst } = rhythmOf(limits);
    const account = accountOf(name);
    const at = now();
    for (const [waiting, turn] of account.turns) if (turn + turnKept < at) account.turns.delete(waiting);
    const kept = account.turns.get(message);
    if (kept !== undefined && (urgent === true || kept <= at)) {
      account.turns.delete(message);
      return 0;
    }
    if (kept !== undefined) return kept - at;
    const turn = Math.max(account.next, at - (burst - 1) * gap);
    if (urgent === true) {
      account.next = Math.max(turn, Math.min(turn + gap, at + mostBorrowed * gap));
      return 0;
    }
    account.next = turn + gap;
    if (turn <= at) return 0;
    account.turns.set(message, turn);
    return turn - at;
  };

  return {
    take: async (writing) => {
      const wait = take(writing);
      return wait === 0 ? { taken: true } : { wait: Math.ceil(wait) };
    },
  };
};
