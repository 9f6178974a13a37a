import { Failure } from "@ask-openhands/core/failure.ts";
import { inWords } from "@ask-openhands/core/render/words.ts";
import { advance } from "@ask-openhands/core/work/advance.ts";
import type { LaneNotes } from "@ask-openhands/core/work/lane.ts";
import { isOver, type Run, type RunState } from "@ask-openhands/core/work/run.ts";
import { askAgent } from "./ask-agent.ts";
import { withoutLater } from "./later.ts";
import { advanceAll, putOff, type Result, type Turn } from "./turn.ts";

type Look = NonNullable<LaneNotes["look"]>;

/** Milliseconds between two looks: the least right after news, growing while nothing happens. */
const pace: Readonly<
  Record<"starting" | "working" | "waiting", { readonly least: number; readonly most: number }>
> = {
  starting: { least: 1_000, most: 4_000 },
  working: { least: 2_000, most: 10_000 },
  waiting: { least: 20_000, most: 600_000 },
};
const growth = 1.5;
/** Where the back end calls us, looks are only the net below. */
const mostWhileHeard = 30_000;
/** A question that nobody answers ends the run; a later mention goes on with the conversation all the same. */
const longestWait = 14 * 24 * 3_600_000;
const quietTrouble = 60_000;
/** An answer that makes no sense is worth a few more looks: a proxy in between may be restarting. */
const mostStrange = 6;

export const firstLook = (now: number): Look => ({ at: now, every: 0 });

const paceOf = (state: RunState) => pace[state === "waiting" || state === "starting" ? state : "working"];

const nextLook = (
  before: Look | undefined,
  state: RunState,
  news: boolean,
  heard: boolean,
  now: number,
): Look => {
  const { least, most } = paceOf(state);
  const grown = news ? least : Math.max(least, Math.round((before?.every ?? least) * growth));
  const every = Math.min(grown, heard ? Math.max(most, mostWhileHeard) : most);
  // Whole seconds, so that lanes with the same back end look in the same moment and their questions travel as one.
  return { at: Math.ceil((now + every) / 1_000) * 1_000, every };
};

const lookFailed = (turn: Turn, run: Run, failure: Failure): Result => {
  const { deps, view } = turn;
  const now = deps.now();
  const end = (reason: "unreachable" | "error", hint: string): Result => ({
    run: advance(run, { type: "failed", reason, hint, retryable: true }, now),
  });
  if (failure.kind === "not-found") {
    const gone = { type: "ended", reason: "archived" } as const;
    return { run: advance(run, gone, now), notes: withoutLater(view.notes, "look") };
  }
  const notes = putOff(turn, "look", failure);
  const tried = notes.later?.look ?? { tries: 1, since: now };
  const strange = failure.kind === "unexpected-reply" && tried.tries >= mostStrange;
  if (strange || (!failure.passing && failure.kind !== "unexpected-reply")) return end("error", failure.hint);
  const silent = now - tried.since;
  if (silent >= deps.times.unreachable) {
    return end(
      "unreachable",
      `OpenHands did not answer for ${inWords(silent)}; it may still be working. ${failure.hint} Mention me again once it is back.`,
    );
  }
  const shown = silent >= quietTrouble ? advance(run, { type: "troubled", hint: failure.hint }, now) : run;
  return { run: shown, notes };
};

/** Reads what is new in the conversation. Survives restarts: where reading goes on is stored with what was read. */
export const look = async (turn: Turn, run: Run, heard: boolean): Promise<Result> => {
  const { deps, view } = turn;
  const { conversation } = run;
  if (conversation === undefined) return {};
  try {
    const reading = await askAgent(turn, conversation.agent, (agent) => agent.read(conversation, run.cursor));
    const now = deps.now();
    const recovered = run.trouble === undefined ? run : advance(run, { type: "recovered" }, now);
    const read = advance(
      advanceAll(recovered, reading.events, now),
      { type: "read", cursor: reading.cursor, conversation: reading.conversation },
      now,
    );
    const waited =
      read.state === "waiting" && run.state === "waiting" && now - (run.activeSince ?? now) > longestWait;
    const next = waited
      ? advance(
          read,
          {
            type: "failed",
            reason: "timeout",
            hint: "Nobody answered the question. Mention me with the answer to go on.",
            retryable: false,
          },
          now,
        )
      : read;
    const notes = {
      ...withoutLater(deps.renewals.look(turn, run, conversation), "look"),
      look: nextLook(view.notes.look, next.state, reading.events.length > 0, heard, now),
    };
    // Whoever waits for people keeps nobody else waiting.
    if (next.state === "waiting" && run.state !== "waiting") await deps.store.release(run.id, now);
    if (isOver(next)) turn.log.info({ state: next.state, reason: next.outcome?.reason }, "run ended");
    return { run: next, notes };
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return lookFailed(turn, run, cause);
  }
};
