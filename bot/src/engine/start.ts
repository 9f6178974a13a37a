import { Failure } from "@ask-openhands/core/failure.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import type { LaneNotes, RunOrder } from "@ask-openhands/core/work/lane.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import { makeOrder } from "./agent-order.ts";
import { askAgent } from "./ask-agent.ts";
import { makeFollowUp, newestAsk } from "./follow-up.ts";
import { conversationSecrets } from "./holder.ts";
import { withoutLater } from "./later.ts";
import { firstLook } from "./look.ts";
import { awaitPreparation, prepare } from "./prepare.ts";
import { putOff, type Result, type Turn } from "./turn.ts";

/** Trouble that lasts longer than this is shown in the report. */
const quietTrouble = 10_000;

/** Starting failed: tried again while there is hope, with a word in the report; else the run ends with what to do. */
const startFailed = (turn: Turn, run: Run, failure: Failure, notes: LaneNotes): Result => {
  const { deps } = turn;
  const now = deps.now();
  const later = putOff(turn, "start", failure, notes);
  const since = later.later?.start?.since ?? now;
  const hopeless = !failure.passing && failure.kind !== "unexpected-reply";
  if (hopeless || now - since >= deps.times.unreachable) {
    const reason = hopeless ? "error" : "unreachable";
    return {
      run: advance(run, { type: "failed", reason, hint: failure.hint, retryable: true }, now),
      notes: withoutLater(later, "start"),
    };
  }
  const shown =
    now - since >= quietTrouble ? advance(run, { type: "troubled", hint: failure.hint }, now) : run;
  return { run: shown, notes: later };
};

/** Goes on with an earlier conversation. False: it is gone for good, and a new one is needed. */
const resume = async (
  turn: Turn,
  run: Run,
  order: RunOrder,
  resumed: NonNullable<LaneNotes["resume"]>,
): Promise<Result | false> => {
  const { deps, view } = turn;
  const first = run.asks[0];
  const again = view.notes.saying?.key === first?.key;
  const notes: LaneNotes = {
    ...view.notes,
    saying: { key: first?.key ?? run.id, at: deps.now() },
    startTried: true,
  };
  const { secrets, renewAfter } = await conversationSecrets(turn, run.place, order);
  const asked = await turn.deps.store.mention(first?.key ?? "");
  const { prompt, images, removed, told } = await makeFollowUp(turn, {
    asks: run.asks,
    place: run.place,
    mention: asked?.mention,
    tries: view.notes.later?.start?.tries ?? 0,
  });
  if (!again) await turn.save({ notes });
  turn.assertOurs();
  try {
    const conversation = await askAgent(turn, resumed.conversation.agent, (agent) =>
      agent.say(resumed.conversation, {
        id: first?.key ?? run.id,
        text: prompt,
        secrets,
        again,
        ...(images.length === 0 ? {} : { images }),
      }),
    );
    const started = advance(
      run,
      { type: "started", conversation, continues: true, cursor: resumed.cursor },
      deps.now(),
    );
    return {
      run: started,
      notes: {
        ...withoutLater(notes, "start"),
        saying: undefined,
        resume: undefined,
        removed,
        told,
        renewAfter,
        look: firstLook(deps.now()),
      },
    };
  } catch (cause) {
    if (cause instanceof Failure && cause.kind === "not-found") return false;
    throw cause;
  }
};

/** Brings a run to its conversation: the one it continues, or a new one. Idempotent: a repeated start names the same conversation. */
export const start = async (turn: Turn, run: Run): Promise<Result> => {
  const { deps, view } = turn;
  const { order } = view.notes;
  if (order === undefined) {
    return {
      run: advance(
        run,
        {
          type: "failed",
          reason: "error",
          hint: "What this run should work with was lost. Ask again.",
          retryable: true,
        },
        deps.now(),
      ),
    };
  }
  let notes: LaneNotes = view.notes;
  try {
    if (notes.resume !== undefined) {
      const resumed = await resume(turn, run, order, notes.resume);
      if (resumed !== false) return resumed;
      turn.log.info({}, "conversation gone, a new one is started");
      notes = { ...turn.latest(), resume: undefined, saying: undefined };
    }
    const waiting = await awaitPreparation(turn, run, order.agent, notes);
    if (waiting !== undefined) return waiting;
    const stored = await deps.store.mention(run.asks[0]?.key ?? "");
    if (stored === undefined)
      throw new Failure("bad-input", "The request of this run is not stored any more. Ask again.");
    const { order: made, removed, holder, renewAfter } = await makeOrder(turn, run, order, stored.mention);
    const preparing = await prepare(turn, run, order.agent, notes, made);
    if (preparing !== undefined) return preparing;
    const told = { [run.place.key]: newestAsk(run.asks) };
    notes = { ...notes, order: { ...order, holder }, startTried: true, removed, told, renewAfter };
    await turn.save({ notes });
    turn.assertOurs();
    const conversation = await askAgent(
      turn,
      order.agent,
      (agent) => agent.start(made),
      deps.times.request * 4,
    );
    turn.log.info({ conversation: conversation.id }, "conversation started");
    const prepared =
      run.phase === undefined ? run : advance(run, { type: "phase", text: "Starting the agent" }, deps.now());
    const started = advance(prepared, { type: "started", conversation, continues: false }, deps.now());
    return {
      run: started,
      notes: { ...withoutLater(notes, "start"), preparing: undefined, look: firstLook(deps.now()) },
    };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return startFailed(turn, run, cause, turn.latest());
  }
};
