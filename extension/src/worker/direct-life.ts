import type { Agent, AgentEvent } from "@ask-openhands/core/agent/agent.ts";
import { gitUserOf } from "@ask-openhands/core/agent/git-user.ts";
import { undefinedFor } from "@ask-openhands/core/agent/undefined-for.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { advance, type RunEvent } from "@ask-openhands/core/work/advance.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import type { KeptRun } from "../storage.ts";
import { createMemos, type Memo, type Memos, openMemo, openOrder, type Saying } from "./direct-memo.ts";
import { background } from "./direct-order.ts";
import { me, newAsk } from "./direct-run.ts";
import type { RunList } from "./run-list.ts";
import { Trouble } from "./trouble.ts";

/** A token of the person for one host, as the agent gets it. */
export interface AgentSecrets {
  /** Name of the token among `values`. */
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  /** Login of whom it belongs to, where that is known. */
  readonly owner?: string | undefined;
}

export interface LifeDeps {
  readonly agent: Agent;
  readonly baseUrl: string;
  readonly model?: string | undefined;
  readonly runs: RunList;
  readonly secretsFor: (platform: string, host: string) => Promise<AgentSecrets | undefined>;
  readonly now: () => number;
  /** Ids of the runs that this waking of the worker starts or speaks to now. */
  readonly busy: Set<string>;
  /** Keeps the worker awake as long as the work goes on. */
  readonly awake: <Done>(work: Promise<Done>) => Promise<Done>;
}

/** Milliseconds in which a start that broke off is repeated: as long as OpenHands Cloud still tells a start that is being prepared. */
const startWindow = 1_800_000;

const goneHint = "OpenHands does not have this conversation any more. Ask again to begin a new one.";
const neverBegan =
  "The browser ended the extension's work while this was being started, and OpenHands knows no conversation of it. Ask again.";

const notKept = "The browser does not keep any more what was asked here. Ask again with the button.";

const isGone = (cause: unknown): boolean => cause instanceof Failure && cause.kind === "not-found";
const isPassing = (cause: unknown): boolean => cause instanceof Failure && cause.passing;
const hintOf = (cause: unknown): string =>
  cause instanceof Failure ? cause.hint : "OpenHands could not be asked.";

const failed = (hint: string, reason: "error" | "unreachable" = "error"): RunEvent => ({
  type: "failed",
  reason,
  hint,
  retryable: true,
});

/** The run as if it had not ended and nobody had stopped it. */
const reopen = ({ outcome: _outcome, endedAt: _endedAt, stopAsked: _stopAsked, ...open }: Run): Run => ({
  ...open,
  ...(isOver(open) && { state: "working" }),
  version: open.version + 1,
});

const withoutSaying = ({ saying: _saying, ...memo }: Memo): Memo => memo;

/** Beginning, going on and end of the runs that this browser asks OpenHands for itself. The worker may end at any point of it. */
export const createLife = (deps: LifeDeps) => {
  const { agent, busy, now } = deps;
  const { need, update }: Memos = createMemos(deps.runs);

  const step = (id: string, ...events: readonly RunEvent[]): Promise<KeptRun> =>
    update(id, (memo) => ({
      ...memo,
      run: events.reduce((run, event) => advance(run, event, now()), memo.run),
    }));

  const occupy = async (id: string, work: () => Promise<KeptRun>): Promise<KeptRun> => {
    if (busy.has(id)) return need(id);
    busy.add(id);
    try {
      return await deps.awake(work());
    } finally {
      busy.delete(id);
    }
  };

  /** Sent pages and words may go to the server only that the preview named. */
  const elsewhere = ({ baseUrl }: Memo): string | undefined =>
    baseUrl === undefined || new URL(baseUrl).origin === new URL(deps.baseUrl).origin
      ? undefined
      : `This run was asked of OpenHands at ${new URL(baseUrl).host}, and this browser is now connected to ${new URL(deps.baseUrl).host}.`;

  const conversationOf = (memo: Memo): NonNullable<Run["conversation"]> => {
    const other = elsewhere(memo);
    if (other !== undefined) throw new Trouble(other, "Ask again with the button.");
    if (memo.run.conversation === undefined)
      throw new Trouble("This run has no conversation yet.", "Wait until it works, or ask again.");
    return memo.run.conversation;
  };

  /** True when it is stopped. What OpenHands cannot stop yet is tried again at the next look. */
  const interrupt = async (id: string): Promise<boolean> => {
    const memo = openMemo(await need(id));
    try {
      await agent.stop(conversationOf(memo));
    } catch (cause) {
      if (isPassing(cause)) return false;
      if (!isGone(cause)) throw cause;
    }
    await step(id, { type: "stopped" });
    return true;
  };

  /** Starts the conversation, or finds the one that an earlier start with this id began. */
  const launch = async (kept: KeptRun): Promise<KeptRun> => {
    const { id } = kept.run;
    const { run } = openMemo(kept);
    const order = openOrder(kept);
    if (order === undefined) return step(id, failed(notKept));
    const { repository } = order;
    const begin = async (): Promise<KeptRun> => {
      const secrets = await deps.secretsFor(run.place.platform, run.place.host);
      const value = secrets?.values[secrets.name];
      const conversation = await agent.start({
        runId: id,
        ...order,
        background,
        secrets: secrets?.values ?? {},
        ...(secrets !== undefined &&
          value !== undefined &&
          repository && {
            cloneWith: { secret: secrets.name, user: gitUserOf(repository.platform, value, secrets.owner) },
          }),
        model: deps.model,
      });
      return step(id, { type: "started", conversation, continues: false });
    };
    const begun = await begin().catch((cause) => step(id, failed(hintOf(cause), "unreachable")));
    const { stopAsked, conversation } = openMemo(begun).run;
    if (stopAsked === undefined || conversation === undefined) return begun;
    await interrupt(id);
    return need(id);
  };

  /** The worker ended while the run was being started. Going on with an ask of long ago would surprise the person. */
  const goOn = async (kept: KeptRun, { run }: Memo): Promise<KeptRun> => {
    const { id } = kept.run;
    const young = now() - (run.activeSince ?? run.queuedAt) < startWindow;
    if (young && kept.order !== undefined && run.stopAsked === undefined)
      return occupy(id, () => launch(kept));
    // The run's id is the conversation's.
    const conversation = { agent: "direct", id };
    const found = await update(id, (memo) => ({
      ...memo,
      unseen: true,
      run: advance(memo.run, { type: "started", conversation, continues: false }, now()),
    }));
    return openMemo(found).run.stopAsked !== undefined && (await interrupt(id)) ? need(id) : readNews(found);
  };

  const isArchived = (event: AgentEvent): boolean => event.type === "ended" && event.reason === "archived";
  const inOwnWords = (event: AgentEvent): RunEvent => (isArchived(event) ? failed(goneHint) : event);

  const readNews = async (kept: KeptRun): Promise<KeptRun> => {
    const { id } = kept.run;
    const { run } = openMemo(kept);
    if (run.conversation === undefined) return kept;
    try {
      const { events, cursor, conversation } = await agent.read(run.conversation, run.cursor);
      return await update(id, (memo) => {
        // Something was said, stopped or read by another look meanwhile: these news are from before it.
        if (memo.run.version !== run.version || memo.run.cursor !== run.cursor) return memo;
        const { unseen, ...rest } = memo;
        if (unseen && events.some(isArchived)) {
          const { conversation: _none, cursor: _cursor, ...never } = run;
          return { ...rest, run: advance(never, failed(neverBegan), now()) };
        }
        const told = events.map(inOwnWords).reduce((known, event) => advance(known, event, now()), run);
        const next = advance(told, { type: "read", cursor, conversation }, now());
        return { ...rest, run: next, ...(unseen && events.length === 0 && { unseen }) };
      });
    } catch (cause) {
      if (isGone(cause)) return step(id, failed(goneHint));
      throw cause;
    }
  };

  const deliver = async (id: string, saying: Saying, before?: Run): Promise<KeptRun> => {
    const memo = openMemo(await need(id));
    const message = { id: saying.id, text: saying.text, again: before === undefined };
    try {
      const conversation = await agent.say(conversationOf(memo), message);
      const ask = newAsk(memo.run.place, saying.text, saying.id, now());
      const said = await update(id, (known) => ({
        ...withoutSaying(known),
        run: saying.again
          ? { ...known.run, conversation, version: known.run.version + 1 }
          : advance(known.run, { type: "steered", ask, conversation }, now()),
      }));
      // Stopped while the words were on their way: they woke it up again.
      if (said.run.state === "stopped") await agent.stop(conversation);
      return said;
    } catch (cause) {
      // Whoever said it is told, and says it again; after the worker's end nobody waits for the answer.
      if (before !== undefined) {
        await update(id, (known) => ({
          ...withoutSaying(known),
          run: isOver(known.run) ? known.run : { ...before, version: known.run.version + 1 },
        }));
        if (isGone(cause) && !isOver(before)) await step(id, failed(goneHint));
      } else if (!isPassing(cause)) {
        await update(id, (known) => ({
          ...withoutSaying(known),
          run: advance(known.run, failed(isGone(cause) ? goneHint : hintOf(cause)), now()),
        }));
      }
      throw cause;
    }
  };

  return {
    /** The first start of a run that the list holds already. Never throws for what OpenHands says. */
    start: (id: string): Promise<KeptRun> => occupy(id, async () => launch(await need(id))),

    /** News of a run, and whatever was left undone when the worker ended. */
    async follow(id: string): Promise<KeptRun> {
      const kept = await need(id);
      const memo = openMemo(kept);
      const { saying } = memo;
      if (busy.has(id) || isOver(memo.run)) return kept;
      const other = elsewhere(memo);
      if (other !== undefined) return step(id, failed(`${other} The work may still go on there.`));
      if (memo.run.conversation === undefined) return goOn(kept, memo);
      if (saying !== undefined) return occupy(id, () => deliver(id, saying));
      if (memo.run.stopAsked !== undefined && (await interrupt(id).catch(undefinedFor))) return need(id);
      return readNews(await need(id));
    },

    async stop(id: string): Promise<KeptRun> {
      const by = me(openMemo(await need(id)).run.place);
      const kept = await step(id, { type: "stop-asked", by });
      const memo = openMemo(kept);
      if (isOver(memo.run)) return kept;
      if (memo.run.conversation !== undefined) await interrupt(id);
      // While it is being started there is nothing to stop yet: it stops as soon as there is.
      else if (!busy.has(id)) await goOn(kept, memo);
      return need(id);
    },

    async say(id: string, saying: Saying): Promise<KeptRun> {
      if (busy.has(id))
        throw new Trouble("OpenHands is still hearing what came before.", "Try again in a moment.");
      return occupy(id, async () => {
        const before = openMemo(await need(id));
        conversationOf(before);
        await update(id, (memo) => ({ ...memo, saying, run: reopen(memo.run) }));
        return deliver(id, saying, before.run);
      });
    },

    /** Starts a run again that has never had a conversation: with its own id, so that one which began unseen is found. */
    async restart(id: string): Promise<KeptRun> {
      return occupy(id, async () => {
        const kept = await need(id);
        const other = elsewhere(openMemo(kept));
        if (other !== undefined) throw new Trouble(other, "Ask again with the button.");
        if (kept.order === undefined) throw new Trouble(notKept);
        const again = await update(id, (memo) => ({
          ...memo,
          run: advance({ ...reopen(memo.run), state: "queued" }, { type: "preparing" }, now()),
        }));
        return launch(again);
      });
    },
  };
};
