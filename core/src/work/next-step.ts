import type { Effect, LaneView, Pending } from "./lane.ts";
import { noRepository } from "./mention.ts";
import { isOver, type Run } from "./run.ts";

export type NextStep =
  /** A turn of this lane ended the process again and again. */
  | { readonly do: "set-aside" }
  /** Answer a command, or an ask whose options are not accepted. */
  | { readonly do: "obey"; readonly pending: Pending }
  /** It asks nothing any more (the words that call us were changed meanwhile). */
  | { readonly do: "drop"; readonly pending: Pending }
  /** The request of a run that still waits was taken back. */
  | { readonly do: "withdraw" }
  /** The request of a run that still waits was edited. */
  | { readonly do: "reword"; readonly pending: Pending }
  /** Judge an ask and make a run of it; `retry`: with the request of the last run. */
  | { readonly do: "begin"; readonly pending: Pending; readonly retry: boolean }
  | { readonly do: "admit" }
  | { readonly do: "start" }
  | { readonly do: "say"; readonly pending: Pending }
  | { readonly do: "overtime" }
  | { readonly do: "stop" }
  | { readonly do: "finish-stop" }
  | { readonly do: "announce" }
  | { readonly do: "bind" }
  | { readonly do: "point" }
  | { readonly do: "post"; readonly part: "report" | "closing" }
  | { readonly do: "look" }
  /** Nothing to do before `until` (epoch milliseconds), or before something new arrives. */
  | { readonly do: "rest"; readonly until?: number | undefined };

/** Turns that may die before the lane is set aside. */
export const mostAttempts = 3;
/** How long an interrupted agent may take to say what it did, in milliseconds. */
export const lastWords = 4_000;
/** A queued run looks at the limits again by itself, in case that nobody woke it. */
export const admitAgain = 60_000;
/** The elapsed time in the report of a working run, or of one in trouble, is brought up to date this often. */
export const refreshEvery = 300_000;

/** An ask waits this long for its author to link the account, or for an answer about its repository; then it is refused. Milliseconds. */
export const longestPark = 7 * 24 * 3_600_000;
/** A waiting ask looks after this time, and ever less often, for what nobody called it for: a token that was brought, a link that another process was told of. Milliseconds; asks nothing outside. */
const parkedAgain = 60_000;
const lookAtParked = (since: number, now: number): number =>
  Math.min(since + longestPark, now + Math.max(parkedAgain, (now - since) / 10));

const later = (view: LaneView, effect: Effect): number => view.notes.later?.[effect]?.at ?? 0;

const isDue = (view: LaneView, effect: Effect, now: number): boolean => later(view, effect) <= now;

/** When the report may be tried again. */
const reportLater = (view: LaneView, run: Run): number => {
  const kept = view.notes.later?.report;
  const isUrgent = isOver(run) || run.state === "waiting";
  return kept === undefined || (isUrgent && kept.progressOnly === true) ? 0 : kept.at;
};

/** The request of a run that has not begun is kept unread, so that an edit or a deletion still reaches it. */
const waitsForStart = (run: Run): boolean => run.state === "queued";

const isBehind = (run: Run): boolean =>
  run.report?.givenUp === undefined && (run.report?.shown ?? -1) < run.version;

/** Earliest moment at which the report may be edited or posted; undefined when it is up to date. */
const reportAt = (view: LaneView, run: Run): number | undefined => {
  const { report } = run;
  if (report?.givenUp !== undefined) return undefined;
  const allowed = report?.ref === undefined ? 0 : (report.at ?? 0) + view.rules.editEvery;
  if (isBehind(run)) return Math.max(allowed, reportLater(view, run));
  const counts = run.state === "working" || (run.trouble !== undefined && !isOver(run));
  if (!counts || report?.at === undefined) return undefined;
  return Math.max(report.at + refreshEvery, reportLater(view, run));
};

const needsClosing = (view: LaneView, run: Run): boolean =>
  view.rules.closing &&
  isOver(run) &&
  run.outcome?.reason !== "withdrawn" &&
  run.closing?.givenUp === undefined &&
  run.closing?.ref === undefined;

const needsBind = (view: LaneView, run: Run): boolean =>
  run.pullRequest !== undefined && view.notes.bound?.includes(run.pullRequest.url) !== true;

const needsPoint = (view: LaneView, run: Run): boolean =>
  view.notes.origin !== undefined && view.notes.origin.shown !== run.state;

const needsAnnounce = (view: LaneView, run: Run): boolean =>
  run.state === "waiting" &&
  run.question !== undefined &&
  view.notes.announced !== run.question &&
  run.report?.ref !== undefined;

const isStop = (pending: Pending): boolean => pending.wish.kind === "command" && pending.wish.name === "stop";

const isRetry = (pending: Pending): boolean =>
  pending.wish.kind === "command" && pending.wish.name === "retry";

/** Commands and unacceptable asks are answered at once, whatever waits before them. */
const answerable = (view: LaneView, over: boolean): Pending | undefined =>
  view.pending.find(({ wish, mention }) => {
    if (mention.key === view.run?.asks[0]?.key && !over) return false;
    if (wish.kind === "ask") return wish.refused !== undefined;
    return wish.kind === "command" && !(wish.name === "retry" && over);
  });

/** True for an ask that was answered by a question about its repository and was not edited since. */
const isAskedAbout = ({ notes }: LaneView, { mention }: Pending, now: number): boolean =>
  notes.asking?.key === mention.key &&
  notes.asking.said === mention.text &&
  now < notes.asking.at + longestPark;

/** The ask that comes next; asks that wait for a link, for an answer, or (`said` to a live run) for the end of it let others pass. */
const nextAsk = (view: LaneView, now: number, said = false): Pending | undefined =>
  view.pending.find(
    (pending) =>
      !view.parked.has(pending.mention.key) &&
      !(said && view.notes.apart?.includes(pending.mention.key) === true) &&
      !isAskedAbout(view, pending, now) &&
      pending.mention.key !== view.run?.asks[0]?.key &&
      (pending.wish.kind === "ask" || (isRetry(pending) && view.run !== undefined)),
  );

const isOtherRepository = ({ repository }: Run, name: string): boolean =>
  repository === undefined
    ? name !== noRepository
    : name !== repository.name && name !== `${repository.host}/${repository.name}`;

const wantsOther = (run: Run, pending: Pending): boolean => {
  if (pending.wish.kind !== "ask") return true;
  const { options, fresh } = pending.wish;
  const name = options.repository;
  const otherRepository = name !== undefined && isOtherRepository(run, name);
  return fresh || otherRepository || (options.model !== undefined && options.model !== run.model);
};

const stepOfStopping = (view: LaneView, run: Run, now: number): NextStep | undefined => {
  if (run.stopAsked === undefined && run.overtime === undefined) return undefined;
  if (run.conversation === undefined) {
    const mayHaveStarted = view.notes.startTried === true && (view.notes.later?.start?.tries ?? 0) < 2;
    if (!mayHaveStarted) return { do: "finish-stop" };
    return isDue(view, "start", now) ? { do: "start" } : undefined;
  }
  if (view.notes.stopping === undefined) return isDue(view, "stop", now) ? { do: "stop" } : undefined;
  if (now >= view.notes.stopping + lastWords) return { do: "finish-stop" };
  return (view.notes.look?.at ?? 0) <= now ? { do: "look" } : undefined;
};

/** True when what stands there now is not what was judged: other words, or words of somebody else. */
const isReworded = ({ mention, wish }: Pending, first: Run["asks"][number] | undefined): boolean =>
  wish.kind === "ask" && (wish.request !== first?.request || mention.author.id !== first.author.id);

const stepOfWaiting = (view: LaneView, run: Run, now: number): NextStep | undefined => {
  const [first] = run.asks;
  const own = view.pending.find(({ mention }) => mention.key === first?.key);
  if (own === undefined) return { do: "withdraw" };
  // Until it is known whether whoever changed it may ask, it does not begin.
  if (isReworded(own, first))
    return isDue(view, "judge", now)
      ? { do: "reword", pending: own }
      : { do: "rest", until: later(view, "judge") };
  return run.position === undefined ? { do: "admit" } : undefined;
};

const stepOfConversation = (view: LaneView, run: Run, now: number): NextStep | undefined => {
  if (run.conversation === undefined) return isDue(view, "start", now) ? { do: "start" } : undefined;
  const ask = run.state === "starting" ? undefined : nextAsk(view, now, true);
  if (ask !== undefined && !wantsOther(run, ask) && isDue(view, "say", now) && isDue(view, "answer", now))
    return { do: "say", pending: ask };
  return undefined;
};

const stepAround = (view: LaneView, run: Run, now: number): NextStep | undefined => {
  if (needsAnnounce(view, run) && isDue(view, "question", now)) return { do: "announce" };
  if (needsBind(view, run) && isDue(view, "bind", now)) return { do: "bind" };
  if (needsPoint(view, run) && isDue(view, "origin", now)) return { do: "point" };
  const at = reportAt(view, run);
  return at !== undefined && at <= now ? { do: "post", part: "report" } : undefined;
};

const stepOfLive = (view: LaneView, run: Run, now: number): NextStep | undefined => {
  const stopping = stepOfStopping(view, run, now);
  if (stopping !== undefined) return stopping;
  // The limits are asked first, so that the first report already says whether it starts or waits.
  const unasked = run.state === "queued" && run.position === undefined;
  if (run.report === undefined && !unasked && isDue(view, "report", now))
    return { do: "post", part: "report" };
  const command = answerable(view, false);
  if (command !== undefined && isDue(view, "answer", now)) return { do: "obey", pending: command };
  const working = run.state === "starting" || run.state === "working";
  if (working && run.overtime === undefined && (run.activeSince ?? now) + view.rules.runTimeout <= now)
    return { do: "overtime" };
  const step = waitsForStart(run) ? stepOfWaiting(view, run, now) : stepOfConversation(view, run, now);
  if (step !== undefined) return step;
  const around = stepAround(view, run, now);
  if (around !== undefined) return around;
  // Whoever wakes a queued lane has news about the limits; asking them costs nothing outside.
  if (run.state === "queued") return { do: "admit" };
  const looking =
    run.conversation !== undefined && (view.notes.look?.at ?? 0) <= now && isDue(view, "look", now);
  return looking ? { do: "look" } : undefined;
};

const stepOfIdle = (view: LaneView, now: number): NextStep | undefined => {
  const { run } = view;
  if (run !== undefined) {
    const around = stepAround(view, run, now);
    if (around !== undefined) return around;
    if (needsClosing(view, run) && isDue(view, "closing", now)) return { do: "post", part: "closing" };
  }
  const command = answerable(view, run !== undefined);
  if (command !== undefined && isDue(view, "answer", now)) return { do: "obey", pending: command };
  // The last words about a run come before the first about the next.
  if (run !== undefined && (isBehind(run) || needsClosing(view, run))) return undefined;
  const ask = nextAsk(view, now);
  return ask !== undefined && isDue(view, "judge", now) && isDue(view, "answer", now)
    ? { do: "begin", pending: ask, retry: isRetry(ask) }
    : undefined;
};

/** Moments at which something of this lane becomes due. */
const moments = (view: LaneView, now: number): readonly number[] => {
  const { run, notes } = view;
  const times = Object.values(notes.later ?? {}).map((one) => one.at);
  times.push(...Object.values(notes.parked ?? {}).map((since) => lookAtParked(since, now)));
  if (notes.asking !== undefined) times.push(notes.asking.at + longestPark);
  if (run === undefined) return times;
  const report = reportAt(view, run);
  if (report !== undefined) times.push(report);
  if (isOver(run)) return times;
  if (run.state === "queued") times.push(now + admitAgain);
  if (run.conversation !== undefined) times.push(Math.max(notes.look?.at ?? 0, later(view, "look")));
  if (run.activeSince !== undefined && run.state !== "waiting")
    times.push(run.activeSince + view.rules.runTimeout);
  if (notes.stopping !== undefined) times.push(notes.stopping + lastWords);
  return times;
};

/** The earliest of them after `now`; undefined: only something new wakes the lane. */
export const nextMoment = (view: LaneView, now: number): number | undefined => {
  const next = moments(view, now).filter((at) => at > now);
  return next.length === 0 ? undefined : Math.min(...next);
};

/**
 * What a lane does now. Pure and total: one step per turn, so that after every step the newest mentions decide again and `stop` overtakes everything else.
 */
export const nextStep = (view: LaneView, now: number): NextStep => {
  const { run, pending } = view;
  const live = run !== undefined && !isOver(run);
  if (view.attempt > mostAttempts && (live || pending.length > 0)) return { do: "set-aside" };
  const stop = pending.find(isStop);
  if (stop !== undefined && isDue(view, "answer", now)) return { do: "obey", pending: stop };
  const dropped = pending.find(({ wish }) => wish.kind === "none");
  if (dropped !== undefined) return { do: "drop", pending: dropped };
  const step = live ? stepOfLive(view, run, now) : stepOfIdle(view, now);
  if (step !== undefined) return step;
  return { do: "rest", until: nextMoment(view, now) };
};
