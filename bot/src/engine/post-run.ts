import { Failure } from "@ask-openhands/core/failure.ts";
import { describeClosing, describeReport, type ReportFacts } from "@ask-openhands/core/render/report.ts";
import { advance, type PostedPart } from "@ask-openhands/core/work/advance.ts";
import type { LaneNotes } from "@ask-openhands/core/work/lane.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { ensurePost, mayHaveLanded, type PostResult } from "./ensure-post.ts";
import { withLater, withoutLater } from "./later.ts";
import { react } from "./react.ts";
import { putOff, type Result, type Turn } from "./turn.ts";

/** The elapsed time in a live report counts in steps of this. */
const clockStep = 60_000;

export const reportFacts = (
  deps: EngineDeps,
  run: Run,
  part: string,
  { removed, order }: Pick<LaneNotes, "removed" | "order">,
): ReportFacts => {
  const settings = deps.policy.settings(run.place.connection);
  return {
    handle: settings.handles[0] ?? "@openhands",
    marker: deps.marker(run.id, part),
    hosts: deps.hosts(run.place),
    withSummary: settings.closing === "report",
    changeRequest: deps.platforms.get(order?.repository?.platform ?? "")?.changeRequest,
    ...(removed === undefined ? {} : { removed }),
  };
};

const describe = (turn: Turn, run: Run, part: PostedPart) => {
  const { deps } = turn;
  const began = run.startedAt ?? run.queuedAt;
  const passed = Math.max(0, Math.floor((deps.now() - began) / clockStep)) * clockStep;
  const now = isOver(run) ? (run.endedAt ?? deps.now()) : began + passed;
  const { notes } = turn.view;
  if (part === "closing")
    return describeClosing(run, now, reportFacts(deps, run, "closing", { order: notes.order }));
  return describeReport(run, now, reportFacts(deps, run, "report", notes));
};

/** Where the words go: the report answers the first ask, the closing words the last one. */
const replyOf = (run: Run, part: PostedPart): Readonly<Record<string, string>> =>
  (part === "closing" ? run.asks.at(-1) : run.asks[0])?.reply ?? {};

export const ensureRunPost = (
  turn: Turn,
  run: Run,
  part: PostedPart,
  save: (run: Run) => Promise<void>,
): Promise<PostResult> =>
  ensurePost(turn, {
    place: run.place,
    message: describe(turn, run, part),
    reply: replyOf(run, part),
    urgent: isOver(run) || run.state === "waiting",
    posted: run[part],
    intend: () => save(advance(run, { type: "posting", part }, turn.deps.now())),
  });

/** The run after its post was seen to: what stands, or that somebody deleted it. */
export const withPosted = (run: Run, part: PostedPart, result: PostResult, now: number): Run => {
  if ("wait" in result) return run;
  if ("deleted" in result) return advance(run, { type: "unposted", part }, now);
  return advance(
    run,
    { type: "posted", part, ref: result.stands, digest: result.digest, shown: run.version },
    now,
  );
};

const isHopeless = (turn: Turn, failure: Failure, notes: LaneNotes, part: PostedPart): boolean => {
  const since = notes.later?.[part]?.since;
  if (since !== undefined && turn.deps.now() - since >= turn.deps.times.posting) return true;
  return failure.kind === "not-allowed" || failure.kind === "not-found" || failure.kind === "bad-input";
};

/** Brings the report or the closing comment up to date. Passing trouble is tried again; a place that is gone or locked is left in peace. */
export const postRun = async (turn: Turn, run: Run, part: PostedPart): Promise<Result> => {
  const { deps, view } = turn;
  let current = run;
  const save = async (changed: Run): Promise<void> => {
    current = changed;
    await turn.save({ run: changed });
  };
  try {
    const result = await ensureRunPost(turn, run, part, save);
    if ("wait" in result) {
      return {
        run: current,
        notes: withLater(view.notes, part, {
          at: result.wait,
          tries: view.notes.later?.[part]?.tries ?? 0,
          since: view.notes.later?.[part]?.since ?? deps.now(),
          ...(result.progressOnly === undefined ? {} : { progressOnly: true }),
        }),
      };
    }
    if (part === "closing") await react(turn, run, run.state === "done" ? "done" : "failed");
    return { run: withPosted(current, part, result, deps.now()), notes: withoutLater(view.notes, part) };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    if (isHopeless(turn, cause, view.notes, part)) {
      turn.log.warn({ part, kind: cause.kind, hint: cause.hint }, "post given up");
      return {
        run: advance(current, { type: "post-given-up", part, why: cause.hint }, deps.now()),
        notes: withoutLater(view.notes, part),
      };
    }
    return {
      run: current,
      notes: putOff(turn, part, cause, view.notes, mayHaveLanded(cause) ? deps.times.request : 0),
    };
  }
};
