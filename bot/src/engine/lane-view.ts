import { findTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import type { LaneNotes, LaneView, Pending } from "@ask-openhands/core/work/lane.ts";
import { longestPark } from "@ask-openhands/core/work/next-step.ts";
import type { Work } from "../store/store.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { meansOf } from "./means.ts";

const isParked = (deps: EngineDeps, notes: LaneNotes, pending: Pending, now: number): boolean => {
  const since = notes.parked?.[pending.mention.key];
  if (since === undefined || now >= since + longestPark) return false;
  const { author, place } = pending.mention;
  const workspaceId = deps.policy.workspaceOf(place.connection);
  const awaited = notes.awaiting?.[pending.mention.key];
  return meansOf(deps.connections, author, awaited ?? author, workspaceId) === (awaited?.means ?? "");
};

/** What the pure rules see of a claimed lane: mentions with what they want, typed notes, the settings that count. */
export const toLaneView = (deps: EngineDeps, work: Work, now: number): LaneView => {
  // Only this engine writes the notes, and every part of them may be missing.
  const notes = work.notes as LaneNotes;
  const pending = work.unread.map(({ seq, mention }): Pending => {
    const { handles } = deps.policy.settings(mention.place.connection);
    return { seq, mention, wish: findTrigger(mention, handles) };
  });
  const place = work.run?.place ?? pending[0]?.mention.place;
  const settings = deps.policy.settings(place?.connection);
  return {
    run: work.run,
    pending,
    notes,
    attempt: Math.max(work.attempt, (notes.deaths ?? 0) + 1),
    parked: new Set(pending.filter((one) => isParked(deps, notes, one, now)).map((one) => one.mention.key)),
    rules: {
      runTimeout: settings.runTimeout,
      editEvery: deps.platforms.get(place?.platform ?? "")?.editEvery ?? 5_000,
      closing: settings.closing === "comment",
    },
  };
};
