import { Failure } from "@ask-openhands/core/failure.ts";
import type { AnswerFacts } from "@ask-openhands/core/render/answers.ts";
import type { Effect, LaneNotes } from "@ask-openhands/core/work/lane.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Posted } from "@ask-openhands/core/work/run.ts";
import type { EngineDeps } from "./engine-deps.ts";
import { ensurePost, mayHaveLanded } from "./ensure-post.ts";
import { mostTries, withLater, withoutLater } from "./later.ts";
import { putOff, type Turn } from "./turn.ts";

export const answerFacts = (deps: EngineDeps, mention: Mention, id: string): AnswerFacts => ({
  handle: deps.policy.settings(mention.place.connection).handles[0] ?? "@openhands",
  marker: deps.marker(id, "note"),
  hosts: deps.hosts(mention.place),
  to: mention.author,
  changeRequest: deps.platforms.get(mention.place.platform)?.changeRequest,
});

export interface AnswerWanted {
  readonly mention: Mention;
  /** What is answered; the mark is made from it, so that the answer is never said twice. */
  readonly id: string;
  readonly message: (facts: AnswerFacts) => Message;
  /** Only the author should see it, where the platform can. */
  readonly privately?: boolean | undefined;
  readonly effect?: Effect | undefined;
}

const without = (notes: LaneNotes, id: string): LaneNotes => {
  const kept = Object.entries(notes.answers ?? {}).filter(([key]) => key !== id);
  return { ...notes, answers: kept.length === 0 ? undefined : Object.fromEntries(kept) };
};

/** `said`: it stands there, or never will. Otherwise the notes say when it is tried again. */
export interface Answered {
  readonly said: boolean;
  readonly notes: LaneNotes;
}

/** Says a short answer at a place once. `notes` are those that the turn leaves behind so far. */
export const answer = async (
  turn: Turn,
  wanted: AnswerWanted,
  notes: LaneNotes = turn.view.notes,
): Promise<Answered> => {
  const { deps } = turn;
  const { mention, id } = wanted;
  const effect = wanted.effect ?? "answer";
  let current = notes;
  const keep = (posted: Posted): LaneNotes => ({ ...current, answers: { ...current.answers, [id]: posted } });
  try {
    const result = await ensurePost(turn, {
      place: mention.place,
      message: wanted.message(answerFacts(deps, mention, id)),
      reply: mention.reply,
      ...(wanted.privately === true ? { only: mention.author } : {}),
      posted: notes.answers?.[id],
      intend: async (posted) => {
        current = keep(posted);
        await turn.save({ notes: current });
      },
    });
    if ("wait" in result) {
      const before = current.later?.[effect];
      return {
        said: false,
        notes: withLater(current, effect, {
          at: result.wait,
          tries: before?.tries ?? 0,
          since: before?.since ?? deps.now(),
        }),
      };
    }
    return { said: true, notes: withoutLater(without(current, id), effect) };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    if (!cause.passing || (current.later?.[effect]?.tries ?? 0) >= mostTries) {
      turn.log.warn({ mention: mention.key, kind: cause.kind, hint: cause.hint }, "answer given up");
      return { said: true, notes: withoutLater(without(current, id), effect) };
    }
    return {
      said: false,
      notes: putOff(turn, effect, cause, current, mayHaveLanded(cause) ? deps.times.request : 0),
    };
  }
};
