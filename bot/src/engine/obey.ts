import { Failure } from "@ask-openhands/core/failure.ts";
import {
  type AnswerFacts,
  describeAnswer,
  describeConfig,
  describeHelp,
  describeQueue,
  describeRefusal,
  describeStatus,
  describeWhy,
} from "@ask-openhands/core/render/answers.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import type { CommandWord, LaneNotes, Pending } from "@ask-openhands/core/work/lane.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import { answer } from "./answer.ts";
import { foreignWork, isForeign } from "./holder.ts";
import { aboutOf, judge } from "./judge.ts";
import { mostTries, withoutLater } from "./later.ts";
import { queueOf } from "./queue.ts";
import { reactTo } from "./react.ts";
import { accountOf, readAs, refuse } from "./refuse.ts";
import { putOff, type Result, type Turn } from "./turn.ts";

/** Anybody may ask these; how often they are answered to people who may ask nothing else is limited like refusals. */
const forEverybody: ReadonlySet<CommandWord> = new Set<CommandWord>(["help", "why"]);
const answersForStrangers = 3;
const day = 24 * 3_600_000;

const stopped = (
  turn: Turn,
  run: Run,
  pending: Pending,
): { readonly run: Run; readonly read: NonNullable<Result["read"]> } => {
  const now = turn.deps.now();
  const asked = advance(run, { type: "stop-asked", by: pending.mention.author }, now);
  const own = turn.view.pending.find(({ mention }) => mention.key === run.asks[0]?.key);
  const read = readAs(pending, "obeyed", { run: run.id });
  if (run.state !== "queued") return { run: asked, read };
  // It never began: its request has its outcome with it.
  const ended = advance(asked, { type: "stopped" }, now);
  return {
    run: ended,
    read:
      own === undefined || own.seq === pending.seq
        ? read
        : [...read, ...readAs(own, "withdrawn", { run: run.id, why: "stopped before it began" })],
  };
};

const words = async (
  turn: Turn,
  name: CommandWord,
  pending: Pending,
): Promise<(facts: AnswerFacts) => Message> => {
  const { deps, view } = turn;
  const { mention } = pending;
  const { run } = view;
  const now = deps.now();
  switch (name) {
    case "status":
      return (facts) => describeStatus(run, now, facts);
    case "queue": {
      const { seen, hidden } = await queueOf(deps, mention.place);
      return (facts) => describeQueue(seen, now, { ...facts, here: mention.place.key, hidden });
    }
    case "help":
      return describeHelp;
    case "why": {
      const refused = view.notes.refused?.[accountOf(mention.author)];
      return (facts) =>
        describeWhy(refused === undefined ? undefined : { outcome: "refused", why: refused.why }, facts);
    }
    case "config":
      return (facts) => describeConfig(deps.policy.explainSettings(mention.place.connection), facts);
    case "stop":
      return (facts) => describeAnswer("Nothing works here, so there is nothing to stop.", facts);
    case "retry":
      return (facts) =>
        describeAnswer(
          run === undefined
            ? "Nothing has run here yet, so there is nothing to try again."
            : "It is still at work. Say `stop` first, or just say what should be different.",
          facts,
        );
  }
};

/** Strangers get `help` and `why` a few times a day; after that silence, so that nobody can make us flood a place. */
const strangerMayHear = (turn: Turn, pending: Pending): LaneNotes | undefined => {
  const { notes } = turn.view;
  const account = accountOf(pending.mention.author);
  const before = notes.refused?.[account];
  if (notes.answers?.[pending.mention.key] !== undefined) return notes;
  const now = turn.deps.now();
  const told = before === undefined || now - before.at > day ? 0 : before.told;
  if (told >= answersForStrangers) return undefined;
  const entry = {
    at: before?.at ?? now,
    why: before?.why ?? "No request of yours was refused here.",
    told: told + 1,
  };
  return { ...notes, refused: { ...notes.refused, [account]: entry } };
};

const obeyAllowed = async (
  turn: Turn,
  name: CommandWord,
  pending: Pending,
  notes: LaneNotes,
): Promise<Result> => {
  const { run } = turn.view;
  if (name === "stop" && run !== undefined && !isOver(run)) {
    await reactTo(turn, pending.mention, "seen");
    return { ...stopped(turn, run, pending), notes };
  }
  const message = await words(turn, name, pending);
  const { said, notes: after } = await answer(
    turn,
    { mention: pending.mention, id: pending.mention.key, message },
    notes,
  );
  return said
    ? { notes: after, read: readAs(pending, "obeyed", run === undefined ? {} : { run: run.id }) }
    : { notes: after };
};

const obeyCommand = async (turn: Turn, name: CommandWord, pending: Pending): Promise<Result> => {
  const judged = await judge(
    turn,
    pending.mention,
    turn.view.run === undefined ? undefined : aboutOf(turn.view.notes.order),
  );
  const isStranger = judged.may === true && isForeign(turn.view.notes.order, judged.workspaceId);
  if (isStranger && !forEverybody.has(name)) return refuse(turn, pending, foreignWork);
  if (judged.may === true) return obeyAllowed(turn, name, pending, turn.view.notes);
  if (!forEverybody.has(name))
    return refuse(turn, pending, {
      title: "Not done",
      why: judged.why,
      ...("url" in judged ? { link: { label: "Connect", url: judged.url } } : {}),
      ...("cure" in judged ? { cure: judged.cure } : {}),
      ...("silent" in judged ? { silent: judged.silent } : {}),
    });
  const silent = "silent" in judged && judged.silent === true;
  const notes = silent ? undefined : strangerMayHear(turn, pending);
  if (notes === undefined) return { read: readAs(pending, "refused", { why: judged.why }) };
  return obeyAllowed(turn, name, pending, notes);
};

const refuseOptions = async (turn: Turn, pending: Pending, why: string): Promise<Result> => {
  const { said, notes } = await answer(turn, {
    mention: pending.mention,
    id: pending.mention.key,
    message: (facts) => describeRefusal({ why }, facts),
  });
  return said ? { notes, read: readAs(pending, "refused", { why }) } : { notes };
};

/** Answers a command, or an ask whose options are not accepted. */
export const obey = async (turn: Turn, pending: Pending): Promise<Result> => {
  const { wish } = pending;
  try {
    if (wish.kind === "ask") {
      const judged = await judge(turn, pending.mention);
      if (judged.may === false) return await refuse(turn, pending, judged);
      return await refuseOptions(
        turn,
        pending,
        wish.refused ?? "This request has an option that is not accepted.",
      );
    }
    if (wish.kind === "none") return { read: readAs(pending, "refused", { why: wish.why }) };
    return await obeyCommand(turn, wish.name, pending);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    const tries = turn.latest().later?.answer?.tries ?? 0;
    if (cause.passing && tries < mostTries) return { notes: putOff(turn, "answer", cause) };
    turn.log.warn({ mention: pending.mention.key, kind: cause.kind, hint: cause.hint }, "command failed");
    const { said, notes } = await answer(
      turn,
      {
        mention: pending.mention,
        id: pending.mention.key,
        message: (facts) => describeAnswer(`This could not be done. ${cause.hint}`, facts),
      },
      withoutLater(turn.latest(), "answer"),
    );
    return said ? { notes, read: readAs(pending, "failed", { why: cause.hint }) } : { notes };
  }
};
