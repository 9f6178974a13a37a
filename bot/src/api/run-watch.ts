import type { LiveEvent } from "@ask-openhands/core/api/types.ts";
import type { Run, RunState } from "@ask-openhands/core/work/run.ts";
import { roleOf } from "../people/members.ts";
import type { Collection } from "../people/records.ts";
import type { ApiDeps } from "./call.ts";
import { problem } from "./problem.ts";
import { toRunView } from "./views/run-view.ts";

/** Server-sent events for whoever watches a workspace. */
export interface RunWatch {
  stream(workspaceId: string, personId: string, signal: AbortSignal): Response;
  close(): void;
}

interface Watcher {
  readonly workspaceId: string;
  readonly personId: string;
  send(event: LiveEvent): void;
  end(): void;
}

const live: readonly RunState[] = ["queued", "starting", "working", "waiting"];
const mostLive = 500;
const mostStreams = 10;
/** Proxies cut lines that say nothing for a minute. */
const pingEvery = 20_000;

const meanings: Partial<Record<Collection, Extract<LiveEvent, { readonly event: "changed" }>["what"]>> = {
  connections: "connections",
  links: "connections",
  members: "members",
  invitations: "members",
  settings: "settings",
  hosts: "settings",
  secrets: "secrets",
  devices: "devices",
};

/** Looks at the store while somebody watches; works the same whichever process does the work. */
export const createRunWatch = (deps: ApiDeps): RunWatch => {
  const { people, store } = deps;
  const watchers = new Set<Watcher>();
  const known = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  const tell = (run: Run): void => {
    const tenant = people.policy.tenantOf(run.place.connection);
    for (const watcher of watchers)
      if (watcher.workspaceId === tenant)
        watcher.send({ event: "run", run: toRunView(deps, run, watcher.personId) });
  };

  const look = async (): Promise<void> => {
    const runs = await store.runs({ states: live, limit: mostLive });
    const ids = new Set(runs.map((run) => run.id));
    for (const run of runs) {
      if (known.get(run.id) !== run.version) tell(run);
      known.set(run.id, run.version);
    }
    // Live a moment ago and not any more: tell how it ended.
    for (const id of [...known.keys()].filter((one) => !ids.has(one))) {
      known.delete(id);
      const run = await store.run(id);
      if (run !== undefined) tell(run);
    }
  };

  const lookSafely = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    await look().catch((cause: unknown) =>
      deps.log.warn(
        { error: cause instanceof Error ? cause.message : "unknown" },
        "Runs could not be looked at for those who watch",
      ),
    );
    looking = false;
  };

  const stopChanges = people.directory.watch((changes) => {
    const told = new Set(changes.flatMap(({ collection }) => meanings[collection] ?? []));
    for (const what of told) for (const watcher of watchers) watcher.send({ event: "changed", what });
  });

  const add = (watcher: Watcher): void => {
    watchers.add(watcher);
    timer ??= setInterval(() => void lookSafely(), deps.watchEvery ?? 1_000).unref();
  };

  const remove = (watcher: Watcher): void => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    known.clear();
  };

  const stream = (workspaceId: string, personId: string, signal: AbortSignal): Response => {
    if ([...watchers].filter((one) => one.personId === personId).length >= mostStreams)
      throw problem(429, "Too many pages watch at once. Close some of them.", {}, { "retry-after": "10" });
    const encoder = new TextEncoder();
    let stop: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const write = (text: string): void => controller.enqueue(encoder.encode(text));
        const watcher: Watcher = {
          workspaceId,
          personId,
          send: (event) => write(`event: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`),
          end: () => {
            stop();
            controller.close();
          },
        };
        const ping = setInterval(() => {
          if (roleOf(people.directory, workspaceId, personId) === undefined) watcher.end();
          else write(": still here\n\n");
        }, pingEvery).unref();
        stop = () => {
          clearInterval(ping);
          remove(watcher);
        };
        write(": watching\n\n");
        add(watcher);
      },
      cancel: () => stop(),
    });
    signal.addEventListener("abort", () => stop(), { once: true });
    return new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    });
  };

  return {
    stream,
    close: () => {
      stopChanges();
      for (const watcher of watchers) watcher.end();
    },
  };
};
