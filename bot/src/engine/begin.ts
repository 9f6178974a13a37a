import { randomUUID } from "node:crypto";
import { Failure } from "@ask-openhands/core/failure.ts";
import { describeRepositoryQuestion } from "@ask-openhands/core/render/answers.ts";
import { personName } from "@ask-openhands/core/render/words.ts";
import type { LaneNotes, Pending, RunOrder } from "@ask-openhands/core/work/lane.ts";
import { noRepository } from "@ask-openhands/core/work/mention.ts";
import { longestPark } from "@ask-openhands/core/work/next-step.ts";
import type { Ask, Run } from "@ask-openhands/core/work/run.ts";
import { isSameRepository } from "@ask-openhands/core/work/same-repository.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import { answer } from "./answer.ts";
import { findRepository } from "./find-repository.ts";
import { foreignWork, isForeign, mayHear } from "./holder.ts";
import { isOwn, type Judgement, judge } from "./judge.ts";
import { mostTries, withoutLater } from "./later.ts";
import { reactTo } from "./react.ts";
import { park, readAs, refuse, unpark } from "./refuse.ts";
import { putOff, type Result, type Turn } from "./turn.ts";

/** Milliseconds for which an ask waits for its turn at a server's rate. */
const longestQueue = 60 * 60_000;

export const toAsk = ({ mention, wish }: Pending): Ask => ({
  key: mention.key,
  author: mention.author,
  request: wish.kind === "ask" ? wish.request : "",
  at: mention.at,
  url: mention.url,
  spot: mention.spot,
  reply: mention.reply,
});

/** The asks of the new run: the one in turn, after the one whose repository its author names in it; for `retry` those of the last run under the key of the command. */
const asksOf = (
  turn: Turn,
  pending: Pending,
  retry: boolean,
  original: Pending | undefined,
): readonly Ask[] => {
  const own = toAsk(pending);
  if (original !== undefined) return [toAsk(original), own];
  if (!retry) return [own];
  const [first, ...others] = turn.view.run?.asks ?? [];
  return first === undefined
    ? [own]
    : [{ ...first, key: own.key, reply: own.reply, author: own.author }, ...others];
};

/** The conversation to go on with: the last one here, unless it is spent or something else is wanted. */
const resumeOf = (turn: Turn, pending: Pending, order: RunOrder, retry: boolean): LaneNotes["resume"] => {
  const last = turn.view.run;
  if (last?.conversation === undefined) return undefined;
  if (pending.wish.kind === "ask" && (pending.wish.fresh || pending.wish.options.model !== undefined))
    return undefined;
  const reason = last.outcome?.reason;
  const spent =
    reason === "archived" || (retry && reason !== "stopped" && reason !== "timeout" && reason !== "finished");
  // A conversation that has somebody's own credentials hears nobody else.
  if (!mayHear(turn.view.notes.order, order)) return undefined;
  if (spent || !isSameRepository(last.repository, order.repository)) return undefined;
  return { conversation: last.conversation, cursor: last.cursor };
};

/** What outlives a run of the lane; parked mentions that were taken back meanwhile are forgotten. */
const kept = (
  { refused, parked, awaiting, bound, answers }: LaneNotes,
  pending: readonly Pending[],
): LaneNotes => {
  const still = <Value>(
    record: Readonly<Record<string, Value>> | undefined,
  ): Readonly<Record<string, Value>> | undefined => {
    const found = Object.entries(record ?? {}).filter(([key]) =>
      pending.some(({ mention }) => mention.key === key),
    );
    return found.length === 0 ? undefined : Object.fromEntries(found);
  };
  return { refused, bound, answers, parked: still(parked), awaiting: still(awaiting) };
};

const toRun = (turn: Turn, asks: readonly Ask[], pending: Pending, order: RunOrder): Run => ({
  id: randomUUID(),
  place: pending.mention.place,
  asks,
  state: "queued",
  queuedAt: turn.deps.now(),
  ...(order.repository === undefined
    ? {}
    : {
        repository: {
          host: order.repository.host,
          name: order.repository.name,
          ...(order.repository.id === undefined ? {} : { id: order.repository.id }),
          ...(order.branch === undefined ? {} : { branch: order.branch }),
        },
      }),
  ...(order.model === undefined ? {} : { model: order.model }),
  tasks: [],
  steps: [],
  stepCount: 0,
  version: 1,
});

const askWhich = async (
  turn: Turn,
  pending: Pending,
  choice: { readonly why: string; readonly candidates: readonly string[] },
  original: Pending | undefined,
): Promise<Result> => {
  const { view, deps } = turn;
  const { asking } = view.notes;
  if (asking?.key === pending.mention.key && deps.now() >= asking.at + longestPark) {
    return {
      read: readAs(pending, "refused", { why: choice.why }),
      notes: { ...view.notes, asking: undefined },
    };
  }
  const { said, notes } = await answer(turn, {
    mention: pending.mention,
    id: `${pending.mention.key}?`,
    message: (facts) => describeRepositoryQuestion(choice, facts),
  });
  if (!said) return { notes };
  // An answer that does not help is dealt with; the request itself goes on waiting for a better one.
  if (original !== undefined) return { notes, read: readAs(pending, "refused", { why: choice.why }) };
  return {
    notes: { ...notes, asking: { key: pending.mention.key, at: deps.now(), said: pending.mention.text } },
  };
};

/** What a run works with, for the person who asks for it; `undefined`: there is no back end. */
export const orderFor = (
  turn: Turn,
  pending: Pending,
  repository: RepositoryFacts | undefined,
  judged: Extract<Judgement, { readonly may: true }>,
): RunOrder | undefined => {
  const { deps, view } = turn;
  const settings = deps.policy.settings(pending.mention.place.connection);
  const options = pending.wish.kind === "ask" ? pending.wish.options : {};
  const agent = deps.agents.choose({
    ...judged,
    preferred: options.agent ?? settings.defaultAgent,
  });
  if (agent === undefined) return undefined;
  const model =
    options.model ?? settings.model ?? (view.run?.conversation === undefined ? undefined : view.run.model);
  return {
    agent,
    repository,
    branch: options.branch,
    model,
    personId: judged.personId,
    workspaceId: judged.workspaceId,
  };
};

const create = async (
  turn: Turn,
  pending: Pending,
  retry: boolean,
  order: RunOrder,
  original: Pending | undefined,
): Promise<Result & { readonly run: Run }> => {
  const { view } = turn;
  const last = view.run;
  const run = toRun(turn, asksOf(turn, pending, retry, original), pending, order);
  const resume = resumeOf(turn, pending, order, retry);
  const elsewhere = last !== undefined && last.place.key !== run.place.key && resume !== undefined;
  const notes: LaneNotes = {
    ...kept(unpark(view.notes, pending.mention.key), view.pending),
    order: resume === undefined ? order : { ...order, holder: view.notes.order?.holder },
    resume,
    told: resume === undefined ? undefined : view.notes.told,
    // It may have been said to the conversation already, which ended before that was known: looked for before it is said again.
    saying: resume === undefined ? undefined : view.notes.saying,
    ...(elsewhere ? { origin: { run: last.id, shown: "" } } : {}),
  };
  turn.log.info({ run: run.id, asks: run.asks.length, continues: resume !== undefined }, "run created");
  // The report does not wait for the courtesy.
  void reactTo(turn, pending.mention, "seen");
  // The answer to a question about the repository has done its work; the request itself stays unread until it starts, so that it can still be edited.
  const read = original === undefined ? undefined : readAs(pending, "ran", { run: run.id });
  return { run, notes, ...(read === undefined ? {} : { read }) };
};

const noAgent = {
  why: "No OpenHands back end is connected to this workspace.",
  cure: "A maintainer can connect one on the settings page; then ask again.",
} as const;

const isSameAuthor = (
  { mention: { author: one } }: Pending,
  { mention: { author: other } }: Pending,
): boolean => one.platform === other.platform && one.host === other.host && one.id === other.id;

const whyNotFor = ({ mention }: Pending, why: string): string =>
  `It was ${personName(mention.author)} who asked for this. ${why}`;

const tryBegin = async (turn: Turn, pending: Pending, retry: boolean): Promise<Result> => {
  const { view } = turn;
  const workspaceOf = ({ mention: { place } }: Pending): string =>
    turn.deps.policy.workspaceOf(place.connection);
  // People of another workspace answer no question here: their servers would say where the repository is.
  const original = view.pending.find(
    (one) =>
      one.mention.key === view.notes.asking?.key &&
      one.mention.key !== pending.mention.key &&
      workspaceOf(one) === workspaceOf(pending),
  );
  const sought =
    original === undefined
      ? pending
      : { ...pending, mention: { ...pending.mention, place: original.mention.place } };
  // Both questions at once: the person waits for the first sign of life. Who may not ask learns nothing about repositories.
  const seeking = findRepository(turn, sought);
  seeking.catch(() => undefined);
  const early = await judge(turn, pending.mention);
  if (early.may === false) return refuse(turn, pending, early);
  if (early.may === "link") return park(turn, pending, early);
  const choice = await seeking;
  if ("why" in choice) return askWhich(turn, pending, choice, original);
  const repository = "found" in choice ? choice.found : undefined;
  const known = repository !== undefined && isOwn(pending.mention.place, repository);
  const judged = known ? early : await judge(turn, pending.mention, repository ?? noRepository);
  if (judged.may === false) return refuse(turn, pending, judged);
  if (judged.may === "link") return park(turn, pending, judged);
  // Whoever answers which repository is meant lends nothing of their own: the asker's rights and credentials count.
  const asker =
    original === undefined ? judged : await judge(turn, original.mention, repository ?? noRepository);
  if (asker.may !== true) return refuse(turn, pending, { why: whyNotFor(original ?? pending, asker.why) });
  if (retry && isForeign(view.notes.order, asker.workspaceId)) return refuse(turn, pending, foreignWork);
  const byOther = original !== undefined && !isSameAuthor(original, pending);
  const order = orderFor(turn, byOther ? original : pending, repository, asker);
  if (order === undefined) return refuse(turn, pending, noAgent);
  if (!byOther) return create(turn, pending, retry, order, original);
  // Only the name of the repository is taken from somebody else; what they say beside an option that names it is a request of their own.
  const result = await create(turn, original, false, order, undefined);
  const saysMore =
    pending.wish.kind === "ask" &&
    pending.wish.options.repository !== undefined &&
    pending.wish.request !== "";
  return saysMore ? result : { ...result, read: readAs(pending, "ran", { run: result.run.id }) };
};

/** Makes a run of an ask, or says why not. Every ask ends with a run or a reason; a question that could not be asked is asked again. */
export const begin = async (turn: Turn, pending: Pending, retry: boolean): Promise<Result> => {
  try {
    return await tryBegin(turn, pending, retry);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const { tries, since } = turn.view.notes.later?.judge ?? { tries: 0, since: turn.deps.now() };
    // Whoever is told when to come back has not failed: hundreds of asks at once take their time where rates are small.
    const isQueued = cause.kind === "rate-limited" && turn.deps.now() - since < longestQueue;
    const final =
      cause.kind === "not-allowed" ||
      cause.kind === "not-found" ||
      cause.kind === "bad-settings" ||
      cause.kind === "bad-credentials";
    if (!final && (tries < mostTries || isQueued)) return { notes: putOff(turn, "judge", cause) };
    turn.log.warn(
      { mention: pending.mention.key, kind: cause.kind, hint: cause.hint },
      "ask failed before its run",
    );
    const { read, notes, ...rest } = await refuse(
      turn,
      pending,
      {
        why: `Whether this can be run could not be found out. ${cause.hint}`,
        cure: "Ask again when that is mended.",
      },
      withoutLater(turn.view.notes, "judge"),
    );
    return {
      ...rest,
      notes,
      ...(read === undefined ? {} : { read: readAs(pending, "failed", { why: cause.hint }) }),
    };
  }
};
