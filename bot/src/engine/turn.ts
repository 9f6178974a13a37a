import { Failure } from "@ask-openhands/core/failure.ts";
import { advance, type RunEvent } from "@ask-openhands/core/work/advance.ts";
import type { Effect, LaneNotes, LaneView } from "@ask-openhands/core/work/lane.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import type { Log } from "../log.ts";
import type { Platform } from "../platforms/platform.ts";
import type { Change, Work } from "../store/store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { nextTry, withLater } from "./later.ts";

/** Somebody else has the lane now: everything of this turn that is not stored is forgotten, nothing more goes out. */
export class LeaseLost extends Error {
  constructor() {
    super("lease lost");
    this.name = "LeaseLost";
  }
}

/** What a step leaves behind; stored together with giving the lane back. */
export type Result = Pick<Change, "others" | "read" | "joins"> & {
  readonly run?: Run | undefined;
  readonly notes?: LaneNotes | undefined;
  /** Rest until then; absent: the next step follows at once. */
  readonly rest?: { readonly until?: number | undefined } | undefined;
};

/** One turn of a lane: one step, with everything it needs. */
export interface Turn {
  readonly deps: EngineDeps;
  readonly work: Work;
  readonly view: LaneView;
  readonly log: Log;
  /** Stores an intent before an effect that must not happen twice; the lane stays ours. */
  save(change: Pick<Change, "run" | "others"> & { readonly notes?: LaneNotes | undefined }): Promise<void>;
  /** The notes as they were stored last: those of the view, or of the newest `save`. */
  latest(): LaneNotes;
  /** Throws when the lease may have run out (the process was paused): asked right before an effect that must not happen twice. */
  assertOurs(): void;
}

export const platformAt = (deps: EngineDeps, place: Pick<Place, "platform">): Platform => {
  const platform = deps.platforms.get(place.platform);
  if (platform === undefined)
    throw new Failure("bad-settings", `This bot knows no platform called ${place.platform}.`);
  return platform;
};

/** A call to the platform of a place, bounded and behind its breaker. */
export const askPlatform = <Answer>(
  deps: EngineDeps,
  place: Place,
  work: (platform: Platform) => Promise<Answer>,
  within = deps.times.request,
): Promise<Answer> => {
  const platform = platformAt(deps, place);
  if (place.connection !== undefined) deps.connections.note(place.connection, { used: true });
  return deps.outside.call({ host: place.host, name: platform.name, within }, () => work(platform));
};

export const advanceAll = (run: Run, events: readonly RunEvent[], at: number): Run =>
  events.reduce((now, event) => advance(now, event, at), run);

/** The effect failed in passing: remember when to try again. */
export const putOff = (
  turn: Turn,
  effect: Effect,
  failure: Failure,
  notes: LaneNotes = turn.latest(),
  atLeast = 0,
): LaneNotes => {
  const { deps } = turn;
  const later = nextTry(notes.later?.[effect], failure, deps.now(), deps.random(), atLeast);
  turn.log.warn(
    {
      effect,
      kind: failure.kind,
      hint: failure.hint,
      status: failure.status,
      tries: later.tries,
      in: later.at - deps.now(),
    },
    "put off",
  );
  return withLater(notes, effect, later);
};
