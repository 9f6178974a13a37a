import { Failure } from "@ask-openhands/core/failure.ts";
import { isOver } from "@ask-openhands/core/work/run.ts";
import type { Work } from "../store/store.ts";
import type { EngineDeps } from "./engine-deps.ts";

/** Back ends that call us when there is news. Only a short cut: everything goes on by looking, also without them and in other processes. */
export interface Listeners {
  hears(runId: string): boolean;
  /** Listens to the conversation of a live run, and stops listening to one that is over. */
  follow(work: Work): void;
  close(): void;
}

/** Live connections at once; the runs beyond are looked at in turn. */
const most = 500;

export const createListeners = (deps: EngineDeps): Listeners => {
  const open = new Map<string, AbortController>();

  const end = (runId: string): void => {
    open.get(runId)?.abort();
    open.delete(runId);
  };

  const listen = (work: Work): void => {
    const { run } = work;
    if (run?.conversation === undefined || open.size >= most) return;
    const { conversation } = run;
    try {
      const agent = deps.agents.get(conversation.agent);
      if (agent.listen === undefined) return;
      const controller = new AbortController();
      open.set(run.id, controller);
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
      if (isOver(run)) end(run.id);
      else if (!open.has(run.id)) listen(work);
    },
    close: () => {
      for (const controller of open.values()) controller.abort();
      open.clear();
    },
  };
};
