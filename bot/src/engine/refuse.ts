import { describeLinkNeeded, describeRefusal } from "@ask-openhands/core/render/answers.ts";
import type { LaneNotes, Pending } from "@ask-openhands/core/work/lane.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { MentionOutcome } from "../store/store.ts";
import { answer } from "./answer.ts";
import type { Judgement } from "./judge.ts";
import type { Result, Turn } from "./turn.ts";

/** The same reason is told once per person and place in this time, and at most this many reasons; more asks are refused without a word (`why` tells it again). */
const silentFor = 24 * 3_600_000;
const mostTold = 3;
const rememberedPeople = 200;

export const accountOf = (author: Author): string => `${author.platform}:${author.host}:${author.id}`;

const remember = (notes: LaneNotes, account: string, why: string, told: number, now: number): LaneNotes => {
  const others = Object.entries(notes.refused ?? {}).filter(([key]) => key !== account);
  return {
    ...notes,
    refused: Object.fromEntries([...others.slice(-rememberedPeople), [account, { at: now, why, told }]]),
  };
};

/** Gives one mention its outcome. */
export const readAs = (
  pending: Pending,
  outcome: MentionOutcome,
  details: { readonly run?: string; readonly why?: string } = {},
): NonNullable<Result["read"]> => [{ seq: pending.seq, outcome, ...details }];

/** Says why an ask is not run and what to do, each reason once per person, place and day; the ask is refused either way. */
export const refuse = async (
  turn: Turn,
  pending: Pending,
  refusal: {
    readonly why: string;
    readonly cure?: string | undefined;
    readonly silent?: boolean | undefined;
  },
  notes: LaneNotes = turn.view.notes,
): Promise<Result> => {
  const { mention } = pending;
  const now = turn.deps.now();
  const account = accountOf(mention.author);
  const before = notes.refused?.[account];
  const read = readAs(pending, "refused", { why: refusal.why });
  const lately = before !== undefined && now - before.at < silentFor ? before.told : 0;
  const wasTold = lately >= mostTold || (lately > 0 && before?.why === refusal.why);
  const answering = notes.answers?.[mention.key] !== undefined;
  if (refusal.silent === true || (wasTold && !answering))
    return { read, notes: before === undefined ? remember(notes, account, refusal.why, 0, now) : notes };
  const { said, notes: after } = await answer(
    turn,
    { mention, id: mention.key, privately: true, message: (facts) => describeRefusal(refusal, facts) },
    notes,
  );
  return said ? { read, notes: remember(after, account, refusal.why, lately + 1, now) } : { notes: after };
};

/** The ask waits in its lane; the link is said once, privately where the platform can. */
export const park = async (
  turn: Turn,
  pending: Pending,
  needed: Extract<Judgement, { readonly may: "link" }>,
): Promise<Result> => {
  const { deps, view } = turn;
  const { mention } = pending;
  const since = view.notes.parked?.[mention.key];
  const read = readAs(pending, "refused", { why: needed.why });
  // It has waited as long as it may: the link was never used.
  if (since !== undefined) return { read, notes: unpark(view.notes, mention.key) };
  const told = Object.keys(view.notes.parked ?? {}).some((key) =>
    view.pending.some((one) => one.mention.key === key && one.mention.author.id === mention.author.id),
  );
  const { author } = mention;
  await deps.store.setNote(
    waitingNote(author),
    JSON.stringify([...new Set([...(await waitingLanes(turn, author)), turn.work.lane])]),
  );
  const parked = (notes: LaneNotes): LaneNotes => ({
    ...notes,
    parked: { ...notes.parked, [mention.key]: deps.now() },
  });
  if (told) return { notes: parked(view.notes) };
  const { said, notes } = await answer(turn, {
    mention,
    id: mention.key,
    privately: true,
    message: (facts) => describeLinkNeeded({ why: needed.why, url: needed.url }, facts),
  });
  return { notes: said ? parked(notes) : notes };
};

export const unpark = (notes: LaneNotes, key: string): LaneNotes => {
  if (notes.parked?.[key] === undefined) return notes;
  const kept = Object.entries(notes.parked).filter(([one]) => one !== key);
  return { ...notes, parked: kept.length === 0 ? undefined : Object.fromEntries(kept) };
};

const waitingNote = (account: Pick<Author, "platform" | "host" | "id">): string =>
  `link:${account.platform}:${account.host}:${account.id}`;

const readLanes = (text: string | undefined): readonly string[] => {
  const value: unknown = text === undefined || text === "" ? [] : JSON.parse(text);
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
};

const waitingLanes = async (turn: Turn, author: Author): Promise<readonly string[]> =>
  readLanes(await turn.deps.store.getNote(waitingNote(author)));

/** An account was linked: its waiting asks get their turn. */
export const wakeLinked = async (
  store: Turn["deps"]["store"],
  account: Pick<Author, "platform" | "host" | "id">,
  now: number,
): Promise<void> => {
  const note = waitingNote(account);
  for (const lane of readLanes(await store.getNote(note))) await store.wake(lane, now);
  await store.setNote(note, "");
};
