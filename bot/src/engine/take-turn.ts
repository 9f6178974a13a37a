import type { LaneNotes, LaneView } from "@ask-openhands/core/work/lane.ts";
import { nextStep } from "@ask-openhands/core/work/next-step.ts";
import type { Change, Work } from "../store/store.ts";
import { doStep } from "./do-step.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { toLaneView } from "./lane-view.ts";
import { LeaseLost, type Result, type Turn } from "./turn.ts";

/** The lease of the work in hand, as the worker keeps it. */
export interface Holding {
  /** Epoch milliseconds until which nobody else can have the lane. */
  until(): number;
}

/** A step that changed nothing must not spin. */
const breath = 1_000;

const noteDeath = (notes: LaneNotes): LaneNotes => ({ ...notes, deaths: (notes.deaths ?? 0) + 1 });

const isEmpty = (result: Result, turn: Turn): boolean =>
  (result.run === undefined || result.run === turn.view.run) &&
  (result.notes === undefined || result.notes === turn.view.notes) &&
  (result.read?.length ?? 0) === 0 &&
  (result.others?.length ?? 0) === 0 &&
  (result.joins?.length ?? 0) === 0;

/**
 * When the lane wants its next turn. The rules are asked at once what follows: when that is a rest, the lane rests without another turn.
 * (What arrived meanwhile is not in this view; the store gives the lane a turn for it by itself.)
 */
const wakeAfter = (turn: Turn, result: Result, notes: LaneNotes): number | undefined => {
  const now = turn.deps.now();
  if (isEmpty(result, turn)) return now + breath;
  const read = new Set(result.read?.map(({ seq }) => seq));
  const view: LaneView = {
    ...turn.view,
    run: result.run ?? turn.view.run,
    notes,
    attempt: 1,
    pending: turn.view.pending.filter(({ seq }) => !read.has(seq)),
  };
  const next = nextStep(view, now);
  return next.do === "rest" ? next.until : now;
};

const toChange = (turn: Turn, result: Result): Change => {
  const before = result.notes ?? turn.latest();
  const notes = before.deaths === undefined ? before : { ...before, deaths: undefined };
  const changed = notes === turn.view.notes ? undefined : (notes as Change["notes"]);
  if (result.rest !== undefined) return { notes: changed, wakeAt: result.rest.until };
  return {
    run: result.run === turn.view.run ? undefined : result.run,
    others: result.others,
    read: result.read,
    joins: result.joins,
    notes: changed,
    wakeAt: wakeAfter(turn, result, notes),
  };
};

const createTurn = (deps: EngineDeps, work: Work, holding: Holding): Turn => {
  const view = toLaneView(deps, work, deps.now());
  let latest = view.notes;
  return {
    deps,
    work,
    view,
    log: deps.log.child({ lane: work.lane, ...(work.run === undefined ? {} : { run: work.run.id }) }),
    save: async ({ run, others, notes }) => {
      if (notes !== undefined) latest = notes;
      const change = {
        run,
        others,
        notes: notes as Readonly<Record<string, unknown>> | undefined,
        keep: true,
      };
      if (!(await deps.store.settle(work, change, deps.now()))) throw new LeaseLost();
    },
    latest: () => latest,
    assertOurs: () => {
      if (deps.now() >= holding.until()) throw new LeaseLost();
    },
  };
};

/**
 * A turn that died: once none of its requests can still be under way, the lane goes on, and the death is counted.
 * Counted from now, not from the end of the lease: that was written by another process, whose clock may be another.
 */
const afterDeath = async (deps: EngineDeps, work: Work): Promise<void> => {
  const now = deps.now();
  const change = { notes: noteDeath(work.notes as LaneNotes), wakeAt: now + deps.times.request };
  await deps.store.settle(work, change as Change, now);
};

/** A mistake of ours, or a store in trouble: the lane rests for a moment, and it counts as a death, so that it cannot spin for ever. */
const afterMistake = async (turn: Turn, cause: unknown): Promise<void> => {
  const { deps, work, log } = turn;
  log.error(
    { error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) },
    "turn failed",
  );
  const change = { notes: noteDeath(turn.latest()), wakeAt: deps.now() + breath };
  await deps.store.settle(work, change as Change, deps.now());
};

/**
 * One step of a claimed lane; stores what came of it and gives the lane back. After a turn that died, first waits until none of its requests can still be
 * under way: only then it is certain what stands outside. Throws `LeaseLost`, and what the store throws.
 */
export const takeTurn = async (
  deps: EngineDeps,
  work: Work,
  holding: Holding,
  heard: (runId: string) => boolean,
): Promise<void> => {
  if (work.abandonedAt !== undefined) return afterDeath(deps, work);
  const startedAt = deps.now();
  const turn = createTurn(deps, work, holding);
  const step = nextStep(turn.view, startedAt);
  try {
    const result = await doStep(turn, step, turn.view.run !== undefined && heard(turn.view.run.id));
    if (!(await deps.store.settle(work, toChange(turn, result), deps.now()))) throw new LeaseLost();
  } catch (cause) {
    if (cause instanceof LeaseLost) throw cause;
    await afterMistake(turn, cause);
  }
  const took = deps.now() - startedAt;
  deps.metrics.turn(step.do, took);
  if (step.do !== "rest") turn.log.debug({ step: step.do, took }, "step done");
};
