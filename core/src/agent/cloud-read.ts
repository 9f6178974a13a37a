import type { AppConversation, StartTask } from "../wire/openhands-cloud.ts";
import type { Conversation } from "../work/run.ts";
import type { AgentEvent, Reading } from "./agent.ts";
import type { CloudApi } from "./cloud-api.ts";
import { phaseOf } from "./cloud-start.ts";
import { finalAnswer } from "./final-answer.ts";
import { withMemo } from "./memo.ts";
import { type Cursor, type Progress, readCursor, writeCursor } from "./progress.ts";
import { type Read, readConversation } from "./read-conversation.ts";
import { liveSandbox, type SandboxDeps } from "./sandbox.ts";
import { undefinedFor } from "./undefined-for.ts";

export interface CloudReadDeps extends SandboxDeps {
  readonly api: CloudApi;
  readonly find: (id: string) => Promise<AppConversation | null>;
  readonly findTask: (id: string) => Promise<StartTask | null>;
  /** Milliseconds that the history lags behind the status at most: the machine sends it in batches. */
  readonly patience: number;
  /** True when there is little room left in the rate limit: only the status is read then. */
  readonly isTight: () => boolean;
  /** True when we ourselves put the conversation's machine to sleep. */
  readonly wasStopped: (id: string) => boolean;
}

type End = Extract<AgentEvent, { type: "ended" }>;

const asleepWords =
  "Its machine was put to sleep while it was working: by a person, by the limit of machines that run at once, or after a day's work. Retry to go on.";

/** The first read after a start, until the conversation's machine is ready. */
const whilePreparing = (conversation: Conversation, cursor: Cursor, task: StartTask): Reading => {
  const { progress } = cursor;
  const told = (change: Partial<Progress>): string =>
    writeCursor({ ...cursor, progress: { ...progress, ...change } });
  if (task.status === "ERROR") {
    const end: End = {
      type: "ended",
      reason: "error",
      trouble: "internal",
      detail: task.detail ?? "OpenHands could not start the conversation.",
    };
    return { events: progress.told === "start" ? [] : [end], cursor: told({ told: "start" }) };
  }
  const sandbox = task.sandbox_id ?? undefined;
  const changed = sandbox !== undefined && sandbox !== conversation.memo?.["sandbox"];
  const more = changed ? { conversation: withMemo(conversation, { sandbox }) } : {};
  const text = phaseOf(task);
  if (text === progress.phase) return { events: [], cursor: writeCursor(cursor), ...more };
  return { events: [{ type: "phase", text }], cursor: told({ phase: text }), ...more };
};

export const createCloudReader = (deps: CloudReadDeps) => {
  const { api, now } = deps;

  /** The machine answers at once; the history, half a minute later, also when the machine sleeps or is gone. */
  const answer = async (found: AppConversation): Promise<string> => {
    const live = liveSandbox(found, deps);
    const told = await live?.api.finalResponse(live.id).catch((error: unknown) => undefinedFor(error));
    if (told !== undefined && told !== "") return told;
    return finalAnswer(await api.newestFirst(found.id, 2)) ?? "";
  };

  /** Work that its machine did not survive, or that nobody woke up again. */
  const lostEnd = async (found: AppConversation, id: string, progress: Progress): Promise<End> => {
    if (found.sandbox_status === "MISSING")
      return {
        type: "ended",
        reason: "archived",
        detail: "The conversation was archived while the agent was working.",
      };
    if (found.sandbox_status === "ERROR") {
      const detail = (await api.sandbox(found.sandbox_id ?? ""))?.status_detail ?? "Its machine broke down.";
      return { type: "ended", reason: "error", trouble: "internal", detail };
    }
    if (progress.stopped || deps.wasStopped(id)) return { type: "ended", reason: "stopped" };
    return { type: "ended", reason: "error", trouble: "transient", detail: asleepWords };
  };

  /** A machine that sleeps, broke, or is gone tells no status; the history still may show an end. If it shows none, the work was cut off. */
  const orLost = async (read: Read, found: AppConversation, id: string): Promise<Read> => {
    const { progress } = read.cursor;
    const turn = progress.turn ?? "start";
    if (progress.told === turn || read.events.some((event) => event.type === "ended")) return read;
    const since = progress.away ?? now();
    const patience = deps.wasStopped(id) ? 0 : deps.patience;
    if (now() - since < patience)
      return { ...read, cursor: { ...read.cursor, progress: { ...progress, away: since } } };
    const { away: _, ...rest } = progress;
    const end = await lostEnd(found, id, progress);
    return { events: [...read.events, end], cursor: { ...read.cursor, progress: { ...rest, told: turn } } };
  };

  const present = (read: Read): Read => {
    const { away: _, ...progress } = read.cursor.progress;
    return { ...read, cursor: { ...read.cursor, progress } };
  };

  /** Pull requests that OpenHands' own tools opened are numbers in the conversation. */
  const withNumber = (read: Read, found: AppConversation, conversation: Conversation): Read => {
    const { repository, pullRequestPath } = conversation.memo ?? {};
    const { progress } = read.cursor;
    const number = (found.pr_number ?? []).findLast((one) => !progress.mentioned.includes(one));
    if (
      number === undefined ||
      progress.pullRequest !== undefined ||
      repository === undefined ||
      pullRequestPath === undefined
    )
      return read;
    const told: AgentEvent = {
      type: "pull-request",
      pullRequest: { number, url: `${repository}${pullRequestPath}${number}` },
    };
    return {
      events: [told, ...read.events],
      cursor: { ...read.cursor, progress: { ...progress, pullRequest: number } },
    };
  };

  const readFound = async (
    conversation: Conversation,
    cursor: Cursor,
    found: AppConversation,
  ): Promise<Read> => {
    const { id, memo } = conversation;
    const working = found.execution_status === "running" || found.sandbox_status === "STARTING";
    if (working && cursor.progress.working !== undefined && deps.isTight()) return { events: [], cursor };
    const asleep = found.sandbox_status !== "RUNNING" && found.sandbox_status !== "STARTING";
    const read = await readConversation(cursor, {
      status: asleep ? "history" : found.execution_status,
      events: (position) => api.eventsAfter(id, position),
      answer: () => answer(found),
      cost: found.metrics?.accumulated_cost ?? undefined,
      said: memo?.["said"],
      patience: deps.patience,
      facts: { repositoryUrl: memo?.["repository"], now: now() },
    });
    return withNumber(asleep ? await orLost(read, found, id) : present(read), found, conversation);
  };

  const whenGone = (cursor: Cursor): Reading => {
    const { progress } = cursor;
    const since = progress.doubt ?? now();
    const next = (change: Partial<Progress>): string =>
      writeCursor({ ...cursor, progress: { ...progress, ...change } });
    if (progress.told === "gone") return { events: [], cursor: next({}) };
    // Just after the start the list may not show it yet.
    if (now() - since < deps.patience) return { events: [], cursor: next({ doubt: since }) };
    const detail = "The conversation was deleted, or our key may not see it any more.";
    return { events: [{ type: "ended", reason: "archived", detail }], cursor: next({ told: "gone" }) };
  };

  return async (conversation: Conversation, cursorText: string | undefined): Promise<Reading> => {
    const cursor = readCursor(cursorText);
    const taskId = conversation.memo?.["task"];
    const task = taskId === undefined ? null : await deps.findTask(taskId);
    if (task !== null && task.status !== "READY") return whilePreparing(conversation, cursor, task);
    const ready = taskId === undefined ? conversation : withMemo(conversation, { task: undefined });
    const found = await deps.find(conversation.id);
    if (found === null) return whenGone(cursor);
    const sandbox = found.sandbox_id ?? undefined;
    const next = sandbox === ready.memo?.["sandbox"] ? ready : withMemo(ready, { sandbox });
    const read = await readFound(next, cursor, found);
    return {
      events: read.events,
      cursor: writeCursor(read.cursor),
      ...(next === conversation ? {} : { conversation: next }),
    };
  };
};
