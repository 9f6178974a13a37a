import { Failure } from "@ask-openhands/core/failure.ts";
import { isOver, type Run } from "@ask-openhands/core/work/run.ts";
import type { Work } from "../store/store.ts";
import type { EngineDeps } from "./engine-deps.ts";

/** Back ends that call us when there is news. Only a short cut: everything goes on by looking, also without them and in other processes. */
export interface Listeners {
  hears(runId: string): boolean;
  /** Listens to the conversation of a live run, and stops listening to one that is over. */
  follow(work: Work): void;
  /** Stops listening where other processes had the turns, which then listen themselves, and to what they ended. Throws what the store throws. */
  tidy(): Promise<void>;
  close(): void;
}

export interface ListenersSettings {
  /** Live connections at once; the runs beyond are looked at in turn. */
  readonly most?: number | undefined;
  /** Milliseconds without a turn here after which the store is asked about a run. Live runs that are heard are looked at more often, unless they wait for people. */
  readonly quiet?: number | undefined;
}

interface Listening {
  readonly controller: AbortController;
  /** When a turn was taken here, or the store was asked. */
  since: number;
  /** How the run stood when the store was asked; nothing since the last turn here. */
  seen: string | undefined;
}

const standingOf = (run: Run): string => JSON.stringify([run.version, run.cursor, run.report?.at]);

export const createListeners = (
  deps: EngineDeps,
  { most = 500, quiet = 60_000 }: ListenersSettings = {},
): Listeners => {
  const open = new Map<string, Listening>();

  const end = (runId: string): void => {
    open.get(runId)?.controller.abort();
    open.delete(runId);
  };

  /** Without a turn here, only another process can have changed it. */
  const isOurs = (run: Run | undefined, { seen }: Listening): boolean =>
    run !== undefined && !isOver(run) && (seen === undefined || seen === standingOf(run));

  const listen = (work: Work): void => {
    const { run } = work;
    if (run?.conversation === undefined || open.size >= most) return;
    const { conversation } = run;
    try {
      const agent = deps.agents.get(conversation.agent);
      if (agent.listen === undefined) return;
      const controller = new AbortController();
      open.set(run.id, { controller, since: deps.now(), seen: undefined });
      const wake = (): void => {
        deps.store
          .wake(work.lane, deps.now())
          .catch((cause: unknown) =>
            deps.log.warn({ lane: work.lane, error: String(cause) }, "lane not woken"),
          );
      };
      agent.listen(conversation, wake, controller.signal);
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause;
      deps.log.info({ lane: work.lane, kind: cause.kind }, "not listening");
    }
  };

  return {
    hears: (runId) => open.has(runId),
    follow: (work) => {
      const { run } = work;
      if (run === undefined) return;
      const listening = open.get(run.id);
      if (isOver(run)) end(run.id);
      else if (listening === undefined) listen(work);
      else Object.assign(listening, { since: deps.now(), seen: undefined });
    },
    tidy: async () => {
      for (const [runId, listening] of [...open]) {
        const asked = deps.now();
        if (asked - listening.since < quiet) continue;
        const run = await deps.store.run(runId);
        // A turn was taken here meanwhile.
        if (listening.since > asked) continue;
        if (isOurs(run, listening)) Object.assign(listening, { since: asked, seen: run && standingOf(run) });
        else end(runId);
      }
    },
    close: () => {
      for (const { controller } of open.values()) controller.abort();
      open.clear();
    },
  };
};
