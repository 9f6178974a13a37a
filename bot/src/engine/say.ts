import { Failure } from "@ask-openhands/core/failure.ts";
import { addRemovals } from "@ask-openhands/core/prompt/removals.ts";
import { describeAnswer } from "@ask-openhands/core/render/answers.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import type { LaneNotes, Pending } from "@ask-openhands/core/work/lane.ts";
import { admitAgain, nextMoment } from "@ask-openhands/core/work/next-step.ts";
import type { Conversation, Run } from "@ask-openhands/core/work/run.ts";
import { askLimits } from "./admit.ts";
import { answer } from "./answer.ts";
import { askAgent } from "./ask-agent.ts";
import { toAsk } from "./begin.ts";
import { makeFollowUp } from "./follow-up.ts";
import { conversationSecrets, mayHear } from "./holder.ts";
import { aboutOf, judge } from "./judge.ts";
import { mostTries, withoutLater } from "./later.ts";
import { firstLook } from "./look.ts";
import { reactTo } from "./react.ts";
import { park, readAs, refuse, unpark } from "./refuse.ts";
import { putOff, type Result, type Turn } from "./turn.ts";

/** Somebody who asked at another place of the lane is told, once per place, where the work shows. */
const passOn = async (turn: Turn, run: Run, pending: Pending, notes: LaneNotes): Promise<LaneNotes> => {
  const { mention } = pending;
  if (mention.place.key === run.place.key || notes.passedOn?.includes(mention.place.key) === true)
    return notes;
  const url = run.report?.ref?.url ?? run.place.url;
  const words = `Passed on: the work on this goes on at [${run.place.label}](${url}).`;
  const { notes: after } = await answer(
    turn,
    { mention, id: `${run.id}:${mention.place.key}`, message: (facts) => describeAnswer(words, facts) },
    notes,
  );
  return { ...after, passedOn: [...(notes.passedOn ?? []), mention.place.key] };
};

const tell = async (turn: Turn, run: Run, conversation: Conversation, pending: Pending): Promise<Result> => {
  const { deps, view } = turn;
  const { mention } = pending;
  const ask = toAsk(pending);
  const again = view.notes.saying?.key === mention.key;
  const { order } = view.notes;
  const handed = order === undefined ? undefined : await conversationSecrets(turn, run.place, order);
  const tries = view.notes.later?.say?.tries ?? 0;
  const { prompt, images, removed, told } = await makeFollowUp(turn, {
    asks: [ask],
    place: mention.place,
    mention,
    tries,
  });
  const saying: LaneNotes = {
    ...unpark(view.notes, mention.key),
    saying: { key: mention.key, at: deps.now() },
  };
  if (!again) await turn.save({ notes: saying });
  turn.assertOurs();
  const said = await askAgent(turn, conversation.agent, (agent) =>
    agent.say(conversation, {
      id: mention.key,
      text: prompt,
      secrets: handed?.secrets,
      again,
      ...(images.length === 0 ? {} : { images }),
    }),
  );
  await reactTo(turn, mention, "seen");
  const now = deps.now();
  const notes = await passOn(turn, run, pending, {
    ...withoutLater(saying, "say"),
    saying: undefined,
    announced: undefined,
    removed: addRemovals([saying.removed ?? [], removed]),
    told,
    renewAfter: handed?.renewAfter,
    look: firstLook(now),
  });
  return {
    run: advance(run, { type: "steered", ask, conversation: said }, now),
    notes,
    read: readAs(pending, "steered", { run: run.id }),
  };
};

/** The conversation has somebody else's own credentials: this ask waits for its end, and is told so once. */
const setApart = async (turn: Turn, pending: Pending): Promise<Result> => {
  const { mention } = pending;
  const { said, notes } = await answer(turn, {
    mention,
    id: `${mention.key}!apart`,
    message: (facts) =>
      describeAnswer(
        `The work here goes on with credentials that belong to whoever began it, so nobody else can add to it. Your request waits, and begins in a conversation of its own when that has ended (\`${facts.handle} stop\` ends it).`,
        facts,
      ),
  });
  return { notes: said ? { ...notes, apart: [...(notes.apart ?? []), mention.key] } : notes };
};

/** Says a follow-up to the live conversation, once its author was found to be allowed to. */
export const say = async (
  turn: Turn,
  run: Run,
  conversation: Conversation,
  pending: Pending,
): Promise<Result> => {
  const { deps, view } = turn;
  try {
    const judged = await judge(turn, pending.mention, aboutOf(view.notes.order));
    if (judged.may === false) return await refuse(turn, pending, judged);
    if (judged.may === "link") return await park(turn, pending, judged);
    if (!mayHear(view.notes.order, judged)) return await setApart(turn, pending);
    // A run that waited for people gave its place in the limits to others, and takes one again.
    const admitted = run.state !== "waiting" || (await askLimits(turn, run)).admitted;
    if (!admitted) {
      const now = deps.now();
      return { rest: { until: Math.min(nextMoment(view, now) ?? now + admitAgain, now + admitAgain) } };
    }
    return await tell(turn, run, conversation, pending);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    if (cause.kind === "not-found") {
      // The conversation is gone: this run ends truly, and the follow-up begins a new one.
      return {
        run: advance(run, { type: "ended", reason: "archived" }, deps.now()),
        notes: { ...turn.latest(), saying: undefined },
      };
    }
    const tries = turn.latest().later?.say?.tries ?? 0;
    if ((cause.passing || cause.kind === "unexpected-reply") && tries < mostTries)
      return { notes: putOff(turn, "say", cause) };
    const refused = await refuse(
      turn,
      pending,
      {
        why: `This could not be passed on to OpenHands. ${cause.hint}`,
        cure: "Say it again when that is mended.",
      },
      withoutLater({ ...turn.latest(), saying: undefined }, "say"),
    );
    return {
      ...refused,
      ...(refused.read === undefined ? {} : { read: readAs(pending, "failed", { why: cause.hint }) }),
    };
  }
};
