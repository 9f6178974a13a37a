import type { Mention } from "@ask-openhands/core/work/mention.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import type { ClaimedRow, RunRow, SettleCall } from "./rows.ts";
import { storableText } from "./storable.ts";
import type { Change, Work } from "./store.ts";

const parse = <Value>(json: string): Value => JSON.parse(json) as Value;

const askerOf = (run: Run): string => {
  const author = run.asks[0]?.author;
  return author === undefined ? "" : `${author.platform}:${author.host}:${author.id}`;
};

export const toRow = (run: Run): RunRow => ({
  id: run.id,
  run: JSON.stringify(run),
  state: run.state,
  platform: run.place.platform,
  place: storableText(run.place.key),
  asker: storableText(askerOf(run)),
  queuedAt: run.queuedAt,
  endedAt: run.endedAt ?? null,
  over: isOver(run),
});

export const toWork = (row: ClaimedRow): Work => ({
  lane: row.lane,
  lease: row.lease,
  attempt: row.attempt,
  abandonedAt: row.abandonedAt ?? undefined,
  run: row.run === null ? undefined : parse<Run>(row.run),
  unread: row.unread.map((one) => ({
    seq: one.seq,
    storedAt: one.storedAt,
    mention: parse<Mention>(one.mention),
  })),
  notes: parse<Readonly<Record<string, unknown>>>(row.notes),
});

export const toSettleCall = (work: Work, change: Change, now: number): SettleCall => ({
  lane: work.lane,
  lease: work.lease,
  now,
  run: change.run === undefined ? undefined : toRow(change.run),
  others: (change.others ?? []).map(toRow),
  read: (change.read ?? []).map((one) => ({
    seq: one.seq,
    outcome: one.outcome,
    run: one.run ?? null,
    why: one.why === undefined ? null : storableText(one.why),
  })),
  notes: change.notes === undefined ? undefined : JSON.stringify(change.notes),
  wakeAt: change.wakeAt ?? null,
  joins: (change.joins ?? []).map(storableText),
  keep: change.keep === true,
});

export const changeOf = (mention: Mention, withdraw: boolean): "new" | "edited" | "withdrawn" => {
  if (withdraw || mention.change === "deleted") return "withdrawn";
  return mention.change;
};

/** Whether a settled turn gave somebody something to do right now. */
export const makesReady = (change: Change, now: number): boolean =>
  change.keep !== true &&
  ((change.wakeAt !== undefined && change.wakeAt <= now) ||
    (change.joins?.length ?? 0) > 0 ||
    (change.run !== undefined && isOver(change.run)));
