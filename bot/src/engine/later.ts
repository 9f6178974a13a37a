import type { Failure } from "@ask-openhands/core/failure.ts";
import type { Effect, LaneNotes, Later } from "@ask-openhands/core/work/lane.ts";
import { wasLeftAlone } from "./outside.ts";

/** Steps towards a person that keep failing (questions about rights, answers, follow-ups) are given up, and told, after this many tries. */
export const mostTries = 8;

const base = 2_000;
const cap = 300_000;
const least = 250;

/** Milliseconds before try number `tries` + 1: full jitter, so that many lanes that failed together do not come back together. */
export const delayAfter = (tries: number, random: number): number =>
  Math.max(least, Math.round(random * Math.min(cap, base * 2 ** Math.min(tries, 20))));

/** When an effect that failed in passing is tried again: soon after the time that the other side named, or after a growing pause; never before `atLeast` more milliseconds. */
export const nextTry = (
  before: Later | undefined,
  failure: Failure,
  now: number,
  random: number,
  atLeast = 0,
): Later => {
  const tries = (before?.tries ?? 0) + (wasLeftAlone(failure) ? 0 : 1);
  // A rate says itself when it is free again: waiting longer with every time would only make the end late.
  const isTold = failure.kind === "rate-limited" && failure.retryAt !== undefined;
  const pause = now + Math.max(delayAfter(isTold ? 1 : Math.max(1, tries), random), atLeast);
  return { at: Math.max(pause, failure.retryAt ?? 0), tries, since: before?.since ?? now };
};

export const withLater = (notes: LaneNotes, effect: Effect, later: Later): LaneNotes => ({
  ...notes,
  later: { ...notes.later, [effect]: later },
});

/** The effect went well: nothing of its failures is remembered. */
export const withoutLater = (notes: LaneNotes, ...effects: readonly Effect[]): LaneNotes => {
  if (notes.later === undefined) return notes;
  const kept = Object.entries(notes.later).filter(([effect]) => !effects.some((one) => one === effect));
  return { ...notes, later: kept.length === 0 ? undefined : Object.fromEntries(kept) };
};
