import { costOf, type OpenHandsEvent, textOf } from "../wire/openhands-event.ts";
import type { Task } from "../work/run.ts";
import type { AgentEvent } from "./agent.ts";
import { describeStep } from "./describe-step.ts";
import { eventTime } from "./event-time.ts";
import { findPushes, opensPullRequest, ownPullRequests } from "./find-delivery.ts";
import type { Progress } from "./progress.ts";
import { referencesIn } from "./reference.ts";
import { readError } from "./trouble.ts";

export interface ReadingFacts {
  /** Browser address of the repository; pull requests of others are not the agent's. */
  readonly repositoryUrl?: string | undefined;
  readonly workingDir?: string | undefined;
  /** Epoch milliseconds of the reading. */
  readonly now: number;
}

export interface Folded {
  readonly progress: Progress;
  readonly events: readonly AgentEvent[];
}

type Reader = (progress: Progress, event: OpenHandsEvent, facts: ReadingFacts) => Folded;

/** Tools whose actions say nothing to people. */
const silentActions = new Set([
  "ThinkAction",
  "FinishAction",
  "SwitchLLMAction",
  "PlanningFileEditorAction",
  "TaskTrackerAction",
]);

const only = (progress: Progress, ...events: readonly AgentEvent[]): Folded => ({ progress, events });

const states: Readonly<Record<string, Task["state"]>> = { todo: "todo", in_progress: "doing", done: "done" };

/** Something by the agent: news of this turn; a message that it held back was no answer, and a tool error was overcome. */
const active = (progress: Progress): Folded => {
  const { held, toolError: _, ...rest } = progress;
  return only(
    { ...rest, news: true, ended: false },
    ...(held === undefined ? [] : [{ type: "said" as const, text: held }]),
  );
};

/** What a tool printed that opens pull requests. */
const withOpened = (folded: Folded, output: string, facts: ReadingFacts): Folded => {
  const { progress, events } = folded;
  const found = ownPullRequests(output, progress.mentioned, facts)[0];
  if (found === undefined) return folded;
  const next = { ...progress, pullRequest: found.number, opened: true, delivered: true };
  if (found.number === progress.pullRequest && progress.opened === true) return only(next, ...events);
  return only(next, ...events, { type: "pull-request", pullRequest: found });
};

/** What the agent says. It may name other pull requests as well. */
const withSaid = (folded: Folded, text: string, facts: ReadingFacts): Folded => {
  const { progress, events } = folded;
  const named = ownPullRequests(text, progress.mentioned, facts);
  const delivered = named.some(({ number }) => number === progress.pullRequest);
  if (delivered) return only({ ...progress, delivered }, ...events);
  const found = named[0];
  if (found === undefined || progress.opened === true) return folded;
  return only({ ...progress, pullRequest: found.number, delivered: true }, ...events, {
    type: "pull-request",
    pullRequest: { ...found, said: true },
  });
};

const readAction: Reader = (before, event, facts) => {
  const { progress, events } = active(before);
  const kind = event.action?.kind ?? "";
  const shown = !silentActions.has(kind) && event.action !== null;
  const next: Progress = { ...progress, action: { call: event.tool_call_id ?? "", id: event.id, shown } };
  if (kind === "TaskTrackerAction" && event.action?.command === "plan") {
    const tasks = (event.action.task_list ?? []).map(({ title, status }) => ({
      title,
      state: states[status] ?? "todo",
    }));
    return only(next, ...events, { type: "tasks", tasks });
  }
  if (kind === "FinishAction")
    return withSaid(only({ ...next, ended: true }, ...events), event.action?.message ?? "", facts);
  if (!shown) return only(next, ...events);
  const step = {
    id: event.id,
    at: eventTime(event.timestamp, facts.now),
    text: describeStep(event, facts.workingDir),
  };
  return only(next, ...events, { type: "step", step });
};

const readObservation: Reader = (before, event, facts) => {
  const output = textOf(event.observation?.content);
  const command = event.observation?.command ?? "";
  const id = event.action_id ?? "";
  // -1 is a command that still runs, no failure.
  const failed = event.observation?.is_error === true || (event.observation?.exit_code ?? 0) > 0;
  const shown = before.action?.id !== id || before.action.shown;
  const failure: readonly AgentEvent[] = failed && shown && id !== "" ? [{ type: "step-failed", id }] : [];
  const pushes = findPushes(command, output);
  const pushed = pushes.map((what): AgentEvent => ({ type: "pushed", what }));
  const folded = only(
    { ...before, news: true, delivered: before.delivered || pushes.length > 0 },
    ...failure,
    ...pushed,
  );
  return opensPullRequest(event.tool_name ?? "", command) ? withOpened(folded, output, facts) : folded;
};

const readMessage: Reader = (progress, event, facts) => {
  const text = textOf(event.llm_message?.content);
  if (event.source === "agent") {
    const { progress: next, events } = active(progress);
    // In the cursor only to be told when more work follows; the whole answer is asked for at the end.
    return withSaid(only({ ...next, ended: true, held: text.slice(0, 2_000) }, ...events), text, facts);
  }
  if (event.source !== "user") return only(progress);
  const mentioned = ownPullRequests(text, [], facts).map(({ number }) => number);
  const { error: _, held: __, toolError: ___, ...rest } = progress;
  return only({
    ...rest,
    turn: event.id,
    heard: [...progress.heard, ...referencesIn(text)].slice(-20),
    news: false,
    ended: false,
    delivered: false,
    stopped: false,
    mentioned: [...new Set([...progress.mentioned, ...mentioned])].slice(-50),
  });
};

const readState: Reader = (progress, event) => {
  if (event.key === "execution_status" && typeof event.value === "string") {
    return only({ ...progress, status: event.value, ended: progress.ended || event.value === "finished" });
  }
  const cost = event.key === "stats" ? costOf(event.value) : undefined;
  if (cost === undefined || cost === progress.cost) return only(progress);
  return only({ ...progress, cost }, { type: "cost", usd: cost });
};

const readToolError: Reader = (progress, event) => {
  const { action } = progress;
  const next = { ...progress, news: true, toolError: (event.error ?? "").slice(0, 500) };
  return action?.shown && action.call === event.tool_call_id
    ? only(next, { type: "step-failed", id: action.id })
    : only(next);
};

/** Told once, when it is over: the events before that are the same call growing. */
const readAcpCall: Reader = (before, event, facts) => {
  if (event.status !== "completed" && event.status !== "failed") return only({ ...before, news: true });
  const { progress, events } = active(before);
  const text = describeStep({ ...event, summary: event.title, tool_name: event.tool_kind });
  const failed = event.status === "failed" || event.is_error === true;
  return only(progress, ...events, {
    type: "step",
    step: { id: event.id, at: eventTime(event.timestamp, facts.now), text, failed },
  });
};

const broken: Reader = (progress, event) => only({ ...progress, news: true, error: readError(event) });
const stopped: Reader = (progress) => only({ ...progress, news: true, stopped: true });

const readers: Readonly<Record<string, Reader>> = {
  ActionEvent: readAction,
  ObservationEvent: readObservation,
  UserRejectObservation: (progress, event) =>
    only(
      progress,
      ...(event.action_id === undefined ? [] : [{ type: "step-failed" as const, id: event.action_id }]),
    ),
  MessageEvent: readMessage,
  AgentErrorEvent: readToolError,
  ConversationStateUpdateEvent: readState,
  ConversationErrorEvent: broken,
  ServerErrorEvent: broken,
  PauseEvent: stopped,
  InterruptEvent: stopped,
  ACPToolCallEvent: readAcpCall,
};

/** What one event means. Kinds that we do not know, and may come with any release, mean nothing and never fail. */
export const readEvent: Reader = (progress, event, facts) =>
  readers[event.kind]?.(progress, event, facts) ?? only(progress);

/** What several events mean, oldest first. */
export const readEvents = (
  progress: Progress,
  events: readonly OpenHandsEvent[],
  facts: ReadingFacts,
): Folded =>
  events.reduce<Folded>((folded, event) => {
    const next = readEvent(folded.progress, event, facts);
    return only(next.progress, ...folded.events, ...next.events);
  }, only(progress));
