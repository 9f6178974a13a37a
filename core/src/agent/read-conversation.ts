import type { ExecutionStatus, OpenHandsEvent } from "../wire/openhands-event.ts";
import type { AgentEvent } from "./agent.ts";
import { judge } from "./judge.ts";
import type { Cursor, Position } from "./progress.ts";
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
  /** Reference of the newest follow-up sent. */
  readonly said?: string | undefined;
  /** Milliseconds that the history may lag. */
  readonly patience: number;
  readonly facts: ReadingFacts;
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

/** Reads the news and decides whether the work is over. */
export const readConversation = async (
  cursor: Cursor,
  sources: Sources,
): Promise<{ readonly events: readonly AgentEvent[]; readonly cursor: Cursor }> => {
  const { events: raw, position } = await sources.events(cursor.position);
  const { progress, events } = readEvents(cursor.progress, raw, sources.facts);
  const told = isStatus(progress.status) ? progress.status : undefined;
  const status = sources.status === "history" ? told : sources.status;
  const verdict = judge(progress, {
    status,
    said: sources.said,
    now: sources.facts.now,
    patience: sources.patience,
  });
  if (!verdict.over)
    return { events: [...events, ...verdict.events], cursor: { position, progress: verdict.progress } };
  const end = verdict.tell(await sources.answer());
  return { events: [...events, end], cursor: { position, progress: verdict.progress } };
};
