import type { ExecutionStatus, OpenHandsEvent } from "../wire/openhands-event.ts";
import type { AgentEvent } from "./agent.ts";
import { ownPullRequests } from "./find-delivery.ts";
import { judge } from "./judge.ts";
import type { Cursor, Position, Progress } from "./progress.ts";
import { type ReadingFacts, readEvents } from "./read-event.ts";

/** What a back end answers about one conversation. */
export interface Sources {
  /** Asked before the history, so that the history holds at least what led to it. `history`: the status is what the events themselves said last. */
  readonly status: ExecutionStatus | "history";
  /** New events since the position, oldest first, and the position after them. */
  events(
    position: Position,
  ): Promise<{ readonly events: readonly OpenHandsEvent[]; readonly position: Position }>;
  /** The agent's final answer to the newest message. */
  answer(): Promise<string>;
  /** US dollars, when the back end tells. */
  readonly cost?: number | undefined;
  /** Reference of the newest follow-up sent. */
  readonly said?: string | undefined;
  /** Milliseconds that the history may lag. */
  readonly patience: number;
  readonly facts: ReadingFacts;
}

export interface Read {
  readonly events: readonly AgentEvent[];
  readonly cursor: Cursor;
}

const statuses = new Set<string>([
  "idle",
  "running",
  "paused",
  "waiting_for_confirmation",
  "finished",
  "error",
  "stuck",
  "deleting",
]);
const isStatus = (text: string | undefined): text is NonNullable<ExecutionStatus> =>
  text !== undefined && statuses.has(text);

/** The answer may be there before the history shows the words that name the pull request. */
const inAnswer = (progress: Progress, answer: string, facts: ReadingFacts): readonly AgentEvent[] => {
  if (progress.pullRequest !== undefined) return [];
  const found = ownPullRequests(answer, progress.mentioned, facts)[0];
  return found === undefined ? [] : [{ type: "pull-request", pullRequest: { ...found, said: true } }];
};

/** Reads the news and decides whether the work is over. */
export const readConversation = async (cursor: Cursor, sources: Sources): Promise<Read> => {
  const { facts, cost } = sources;
  const { events: raw, position } = await sources.events(cursor.position);
  const folded = readEvents(cursor.progress, raw, facts);
  const spent = cost !== undefined && cost > 0 && cost !== folded.progress.cost;
  const progress = spent ? { ...folded.progress, cost } : folded.progress;
  const events: readonly AgentEvent[] = spent
    ? [...folded.events, { type: "cost", usd: cost }]
    : folded.events;
  const told = isStatus(progress.status) ? progress.status : undefined;
  const status = sources.status === "history" ? told : sources.status;
  const verdict = judge(progress, { status, said: sources.said, now: facts.now, patience: sources.patience });
  if (!verdict.over) {
    return { events: [...events, ...verdict.events], cursor: { position, progress: verdict.progress } };
  }
  const answer = await sources.answer();
  const more = inAnswer(verdict.progress, answer, facts);
  return {
    events: [...events, ...more, verdict.tell(answer)],
    cursor: { position, progress: verdict.progress },
  };
};
