import { describeLinkNeeded, describeRefusal } from "@ask-openhands/core/render/answers.ts";
import type { LaneNotes, Pending } from "@ask-openhands/core/work/lane.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Link } from "@ask-openhands/core/work/message.ts";
import { longestPark } from "@ask-openhands/core/work/next-step.ts";
import type { MentionOutcome } from "../store/store.ts";
import { answer } from "./answer.ts";
import type { Judgement } from "./judge.ts";
import { meansOf, type Server } from "./means.ts";
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
    readonly title?: string | undefined;
    readonly why: string;
    readonly cure?: string | undefined;
    readonly link?: Link | undefined;
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

/** Somebody who was told already at this place, for another ask, what to link. */
const isTold = ({ view }: Turn, { mention }: Pending, server: Server): boolean =>
  view.pending.some((other) => {
    const { key, author } = other.mention;
    const awaited = view.notes.awaiting?.[key];
    return (
      key !== mention.key &&
      view.notes.parked?.[key] !== undefined &&
      accountOf(author) === accountOf(mention.author) &&
      awaited?.platform === server.platform &&
      awaited.host === server.host
    );
  });

/** Lanes that are noted for one account; the others look by themselves. */
const mostNoted = 50;

/** The ask waits in its lane; the link is said once, privately where the platform can. */
export const park = async (
  turn: Turn,
  pending: Pending,
  needed: Extract<Judgement, { readonly may: "link" }>,
): Promise<Result> => {
  const { deps, view } = turn;
  const { mention } = pending;
  const { author, key } = mention;
  const { server } = needed;
  const now = deps.now();
  const since = view.notes.parked?.[key];
  // It has waited as long as it may: the link was never used.
  if (since !== undefined && now >= since + longestPark)
    return { read: readAs(pending, "refused", { why: needed.why }), notes: unpark(view.notes, key) };
  const personId = deps.connections.personOf(author.platform, author.host, author.id);
  for (const note of notesOf(author, personId))
    await deps.store.setNote(
      note,
      JSON.stringify(
        [...new Set([...readLanes(await deps.store.getNote(note)), turn.work.lane])].slice(-mostNoted),
      ),
    );
  const workspaceId = deps.policy.workspaceOf(mention.place.connection);
  const awaited = { ...server, means: meansOf(deps.connections, author, server, workspaceId) };
  const parked = (notes: LaneNotes): LaneNotes => ({
    ...notes,
    parked: { ...notes.parked, [key]: since ?? now },
    awaiting: { ...notes.awaiting, [key]: awaited },
  });
  if (isTold(turn, pending, server)) return { notes: parked(view.notes) };
  const { said, notes } = await answer(turn, {
    mention,
    // Who has linked the account here may need another one, on another server.
    id: view.notes.awaiting?.[key] === undefined ? key : `${key}@${server.platform}:${server.host}`,
    privately: true,
    message: (facts) => describeLinkNeeded(needed, facts),
  });
  return { notes: said ? parked(notes) : notes };
};

const omit = <Value>(
  record: Readonly<Record<string, Value>> | undefined,
  key: string,
): Readonly<Record<string, Value>> | undefined => {
  const kept = Object.entries(record ?? {}).filter(([one]) => one !== key);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
};

export const unpark = (notes: LaneNotes, key: string): LaneNotes =>
  notes.parked?.[key] === undefined
    ? notes
    : { ...notes, parked: omit(notes.parked, key), awaiting: omit(notes.awaiting, key) };

/** Where it is noted which lanes wait for somebody: an account that is not linked yet, or a person who has to link another one. */
const notesOf = (
  { platform, host, id }: Pick<Author, "platform" | "host" | "id">,
  personId: string | undefined,
): readonly string[] => [
  `link:${platform}:${host}:${id}`,
  ...(personId === undefined ? [] : [`link-person:${personId}`]),
];

const readLanes = (text: string | undefined): readonly string[] => {
  const value: unknown = text === undefined || text === "" ? [] : JSON.parse(text);
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
};

/** An account was linked: the asks that waited for it, or for another account of the same person, get their turn; some wait on, for yet another one, and stay noted. Resolves with the lanes. */
export const wakeLinked = async (
  store: Turn["deps"]["store"],
  account: Pick<Author, "platform" | "host" | "id">,
  personId: string | undefined,
  now: number,
): Promise<readonly string[]> => {
  const woken: string[] = [];
  for (const note of notesOf(account, personId)) {
    const lanes = readLanes(await store.getNote(note));
    for (const lane of lanes) await store.wake(lane, now);
    woken.push(...lanes);
  }
  return woken;
};
