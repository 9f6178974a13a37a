import type { AgentEvent } from "../agent/agent.ts";
import { describeEnd } from "./describe-end.ts";
import type { Ask, Conversation, Outcome, OutcomeReason, Posted, PostRef, Run, RunState } from "./run.ts";
import { isOver } from "./run.ts";

/** What happens to a run: news from the agent, and what the bot itself did or learned. */
export type RunEvent =
  | AgentEvent
  /** Waits for the limits of person or workspace. */
  | { readonly type: "queued"; readonly position: number }
  /** The limits let it go; the machine of the agent is being prepared. */
  | {
      readonly type: "preparing";
      readonly repository?: Run["repository"];
      readonly model?: string | undefined;
    }
  | { readonly type: "repository-chosen"; readonly repository: NonNullable<Run["repository"]> }
  | {
      readonly type: "started";
      readonly conversation: Conversation;
      readonly continues: boolean;
      readonly cursor?: string | undefined;
    }
  | { readonly type: "read"; readonly cursor: string; readonly conversation?: Conversation | undefined }
  /** A request that is still queued was edited. */
  | { readonly type: "reworded"; readonly ask: Ask }
  /** A follow-up was said to the live conversation. */
  | { readonly type: "steered"; readonly ask: Ask; readonly conversation: Conversation }
  | { readonly type: "stop-asked"; readonly by: NonNullable<Run["stopAsked"]>["by"] }
  /** The agent was interrupted and has had time to say what it did. */
  | { readonly type: "stopped" }
  | { readonly type: "overtime" }
  | { readonly type: "troubled"; readonly hint: string }
  | { readonly type: "recovered" }
  | {
      readonly type: "failed";
      readonly reason: Extract<OutcomeReason, "error" | "refused" | "unreachable" | "timeout">;
      readonly hint: string;
      readonly retryable: boolean;
    }
  | { readonly type: "withdrawn" }
  | { readonly type: "continued"; readonly url: string; readonly label: string; readonly state: RunState }
  /** About to post; stored before the request goes out. */
  | { readonly type: "posting"; readonly part: PostedPart }
  | {
      readonly type: "posted";
      readonly part: PostedPart;
      readonly ref: PostRef;
      readonly digest: string;
      readonly shown: number;
    }
  /** Somebody deleted it. */
  | { readonly type: "unposted"; readonly part: PostedPart }
  | { readonly type: "post-given-up"; readonly part: PostedPart; readonly why: string };

export type PostedPart = "report" | "closing";

/** Steps that a run keeps; older ones are only counted. */
export const keptSteps = 12;
const keptAsks = 50;
const keptPushes = 20;
const longestText = 20_000;

const clipText = (text: string): string =>
  text.length <= longestText ? text : `${text.slice(0, longestText)}…`;

const change = (run: Run, patch: Partial<Run>): Run => {
  const keys = Object.keys(patch) as readonly (keyof Run)[];
  if (keys.every((key) => Object.is(run[key], patch[key]))) return run;
  return { ...run, ...patch, version: run.version + 1 };
};

const end = (run: Run, state: RunState, outcome: Outcome, at: number): Run =>
  change(run, {
    state,
    outcome,
    endedAt: at,
    position: undefined,
    phase: undefined,
    question: undefined,
    trouble: undefined,
  });

const work = (run: Run, at: number): Run => {
  const live = run.state === "working";
  return change(run, {
    state: "working",
    startedAt: run.startedAt ?? at,
    activeSince: live || run.state === "starting" ? (run.activeSince ?? at) : at,
    position: undefined,
    phase: undefined,
    question: undefined,
  });
};

const keepNewest = <Item>(items: readonly Item[], most: number): readonly Item[] =>
  items.length > most ? items.slice(items.length - most) : items;

const addStep = (run: Run, event: Extract<AgentEvent, { readonly type: "step" }>): Run => {
  const known = run.steps.findIndex((step) => step.id === event.step.id);
  if (known === -1)
    return change(run, {
      steps: keepNewest([...run.steps, event.step], keptSteps),
      stepCount: run.stepCount + 1,
    });
  return change(run, { steps: run.steps.with(known, event.step) });
};

const failStep = (run: Run, id: string): Run => {
  const known = run.steps.findIndex((step) => step.id === id && step.failed !== true);
  const step = run.steps[known];
  return step === undefined ? run : change(run, { steps: run.steps.with(known, { ...step, failed: true }) });
};

const addAsk = (run: Run, ask: Ask): readonly Ask[] => {
  if (run.asks.some((known) => known.key === ask.key)) return run.asks;
  const [first, ...others] = run.asks;
  return first === undefined ? [ask] : [first, ...keepNewest([...others, ask], keptAsks - 1)];
};

/** Posts show the run, they are no news of it: the version stays. */
const setPosted = (run: Run, part: PostedPart, posted: Posted): Run =>
  part === "report" ? { ...run, report: posted } : { ...run, closing: posted };

/** Events about our own posts and about facts that stay true after the end. */
const advanceAnyTime = (run: Run, event: RunEvent, at: number): Run | undefined => {
  switch (event.type) {
    case "continued":
      return change(run, { continuedAt: { url: event.url, label: event.label, state: event.state } });
    case "posting":
      return setPosted(run, event.part, { ...run[event.part], intendedAt: at, ref: undefined });
    case "posted": {
      const before = run[event.part];
      return setPosted(run, event.part, {
        ...before,
        intendedAt: before?.intendedAt ?? at,
        ref: event.ref,
        digest: event.digest,
        at,
        shown: event.shown,
      });
    }
    case "unposted": {
      const before = run[event.part];
      const again = before?.again !== true;
      const posted: Posted = { intendedAt: at, again: true, ...(again ? {} : { givenUp: "deleted" }) };
      return setPosted(run, event.part, posted);
    }
    case "post-given-up":
      return setPosted(run, event.part, {
        ...run[event.part],
        intendedAt: run[event.part]?.intendedAt ?? at,
        givenUp: event.why,
      });
    case "read":
      return {
        ...run,
        cursor: event.cursor,
        ...(event.conversation === undefined ? {} : { conversation: event.conversation }),
      };
    case "cost":
      return Number.isFinite(event.usd) && event.usd >= 0 ? change(run, { cost: event.usd }) : run;
    case "pull-request":
      return run.pullRequest?.url === event.pullRequest.url && run.pullRequest.said === event.pullRequest.said
        ? run
        : change(run, { pullRequest: event.pullRequest });
    case "pushed":
      return run.pushed?.includes(event.what)
        ? run
        : change(run, { pushed: keepNewest([...(run.pushed ?? []), event.what], keptPushes) });
    default:
      return undefined;
  }
};

const advanceByBot = (run: Run, event: RunEvent, at: number): Run | undefined => {
  switch (event.type) {
    case "queued":
      return change(run, { state: run.state === "queued" ? "queued" : run.state, position: event.position });
    case "preparing":
      return change(run, {
        state: "starting",
        position: undefined,
        question: undefined,
        startedAt: run.startedAt ?? at,
        activeSince: at,
        ...(event.repository === undefined ? {} : { repository: event.repository }),
        ...(event.model === undefined ? {} : { model: event.model }),
      });
    case "repository-chosen":
      return change(run, { state: "queued", question: undefined, repository: event.repository });
    case "started":
      return change(run, {
        conversation: event.conversation,
        continues: event.continues,
        cursor: event.cursor,
        trouble: undefined,
      });
    case "reworded":
      return change(run, { asks: [event.ask, ...run.asks.slice(1)] });
    case "steered":
      return change(work(run, at), {
        asks: addAsk(run, event.ask),
        conversation: event.conversation,
        trouble: undefined,
      });
    case "stop-asked":
      return run.stopAsked === undefined ? change(run, { stopAsked: { by: event.by, at } }) : run;
    case "stopped":
      return end(run, "stopped", describeEnd(run, { reason: "stopped" }), at);
    case "overtime":
      return run.overtime === undefined ? change(run, { overtime: at }) : run;
    case "troubled":
      return run.trouble?.hint === event.hint
        ? run
        : change(run, { trouble: { since: run.trouble?.since ?? at, hint: event.hint } });
    case "recovered":
      return change(run, { trouble: undefined });
    case "failed":
      return end(run, "failed", { reason: event.reason, hint: event.hint, retryable: event.retryable }, at);
    case "withdrawn":
      return end(run, "stopped", describeEnd(run, { reason: "withdrawn" }), at);
    default:
      return undefined;
  }
};

const advanceByAgent = (run: Run, event: RunEvent, at: number): Run => {
  switch (event.type) {
    case "phase":
      return run.state === "starting" ? change(run, { phase: clipText(event.text) }) : run;
    case "working":
      return work(run, at);
    case "step":
      return addStep(run.state === "starting" ? work(run, at) : run, event);
    case "step-failed":
      return failStep(run, event.id);
    case "tasks":
      return change(run, { tasks: event.tasks });
    case "said":
      return change(run, { said: clipText(event.text) });
    case "question":
      return change(run, { state: "waiting", question: clipText(event.text), phase: undefined });
    case "ended": {
      const outcome = describeEnd(run, event);
      if (outcome.reason === "finished") return end(run, "done", outcome, at);
      return end(run, outcome.reason === "stopped" ? "stopped" : "failed", outcome, at);
    }
    default:
      return run;
  }
};

/**
 * The run after an event that was learned of at `at` (epoch milliseconds). Total: unknown events and events that no longer fit change nothing.
 * After the end only facts and our own posts still change; a follow-up is a run of its own.
 */
export const advance = (run: Run, event: RunEvent, at: number): Run => {
  const anyTime = advanceAnyTime(run, event, at);
  if (anyTime !== undefined) return anyTime;
  if (isOver(run)) return run;
  return advanceByBot(run, event, at) ?? advanceByAgent(run, event, at);
};
