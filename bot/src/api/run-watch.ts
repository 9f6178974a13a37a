import type { LiveEvent } from "@ask-openhands/core/api/types.ts";
import { isOver, type Run, type RunState } from "@ask-openhands/core/work/run.ts";
import { roleOf } from "../people/members.ts";
import type { Collection } from "../people/records.ts";
import type { Actor, ApiDeps } from "./call.ts";
import { createEventStream } from "./event-stream.ts";
import { problem } from "./problem.ts";
import { toRunView } from "./views/run-view.ts";

/** Server-sent events for whoever watches a workspace. */
export interface RunWatch {
  /** Resolves when everything that changes from now on will be told. */
  stream(workspaceId: string, actor: Actor, signal: AbortSignal): Promise<Response>;
  close(): void;
}

interface Watcher {
  readonly workspaceId: string;
  readonly actor: Actor;
  send(event: LiveEvent): void;
  end(): void;
}

const live: readonly RunState[] = ["queued", "starting", "working", "waiting"];
const mostLive = 500;
const mostStreams = 10;
/** Runs that began and ended between two looks: as many are looked through, this far back (clocks of several processes differ a little). */
const mostQuick = 50;
const quickFor = 10_000;

const meanings: Partial<Record<Collection, Extract<LiveEvent, { readonly event: "changed" }>["what"]>> = {
  connections: "connections",
  links: "connections",
  members: "members",
  invitations: "members",
  settings: "settings",
  hosts: "settings",
  secrets: "secrets",
  devices: "devices",
  tokens: "devices",
};

/** What a watcher's right to watch hangs on. */
const rights = new Set<Collection>(["members", "people", "sessions", "devices", "tokens", "workspaces"]);

/** Looks at the store while somebody watches; works the same whichever process does the work. */
export const createRunWatch = (deps: ApiDeps): RunWatch => {
  const { people, store, now } = deps;
  const { directory } = people;
  const watchers = new Set<Watcher>();
  /** Those whose page lists runs from now on; before, there is nothing to tell them. */
  const standing = new WeakSet<Watcher>();
  /** Versions told, of runs that are live, and of those that were over when they were first seen. */
  const known = new Map<string, number>();
  const quick = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;

  const tell = (run: Run): void => {
    const tenant = people.policy.tenantOf(run.place.connection);
    for (const watcher of watchers)
      if (watcher.workspaceId === tenant && standing.has(watcher))
        watcher.send({ event: "run", run: toRunView(deps, run, watcher.actor.personId) });
  };

  const tellQuick = async (ended: ReadonlySet<string>): Promise<void> => {
    const since = now() - quickFor;
    const runs = (await store.runs({ limit: mostQuick })).filter(
      (run) => isOver(run) && run.queuedAt >= since,
    );
    for (const run of runs) {
      if (quick.get(run.id) !== run.version && !ended.has(run.id)) tell(run);
      quick.set(run.id, run.version);
    }
    const recent = new Set(runs.map(({ id }) => id));
    for (const id of [...quick.keys()].filter((one) => !recent.has(one))) quick.delete(id);
  };

  const look = async (): Promise<void> => {
    const runs = await store.runs({ states: live, limit: mostLive });
    const ids = new Set(runs.map((run) => run.id));
    for (const run of runs) {
      if (known.get(run.id) !== run.version) tell(run);
      known.set(run.id, run.version);
    }
    // Live a moment ago and not any more: tell how it ended.
    const ended = new Set([...known.keys()].filter((one) => !ids.has(one)));
    for (const id of ended) {
      known.delete(id);
      const run = await store.run(id);
      if (run !== undefined) tell(run);
    }
    await tellQuick(ended);
  };

  const lookSafely = (): Promise<void> => {
    looking ??= look()
      .catch((cause: unknown) =>
        deps.log.warn(
          { error: cause instanceof Error ? cause.message : "unknown" },
          "Runs could not be looked at for those who watch",
        ),
      )
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };

  /** The page lists runs after its line stands: what is live then must be known by then, or its end is told to nobody. */
  const begin = async (): Promise<void> => {
    if (timer !== undefined) return looking;
    timer = setInterval(() => void lookSafely(), deps.watchEvery ?? 1_000).unref();
    await lookSafely();
  };

  const mayWatch = ({ workspaceId, actor }: Pick<Watcher, "workspaceId" | "actor">): boolean =>
    roleOf(directory, workspaceId, actor.personId) !== undefined &&
    (actor.session === undefined || directory.get("sessions", actor.session) !== undefined) &&
    (actor.device === undefined || directory.get("devices", actor.device) !== undefined) &&
    (actor.token === undefined || directory.get("tokens", actor.token.id) !== undefined);

  const stopChanges = directory.watch((changes) => {
    if (changes.some(({ collection }) => rights.has(collection)))
      for (const watcher of [...watchers]) if (!mayWatch(watcher)) watcher.end();
    const told = new Set(changes.flatMap(({ collection }) => meanings[collection] ?? []));
    for (const what of told) for (const watcher of watchers) watcher.send({ event: "changed", what });
  });

  const remove = (watcher: Watcher): void => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    known.clear();
    quick.clear();
  };

  const stream: RunWatch["stream"] = async (workspaceId, actor, signal) => {
    const own = [...watchers].filter((one) => one.actor.personId === actor.personId);
    if (own.length >= mostStreams)
      throw problem(429, "Too many pages watch at once. Close some of them.", {}, { "retry-after": "10" });
    const events = createEventStream({
      signal,
      isStillAllowed: () => mayWatch(watcher),
      ended: () => remove(watcher),
    });
    const watcher: Watcher = {
      workspaceId,
      actor,
      send: (event) => events.send(event.event, event),
      end: events.end,
    };
    watchers.add(watcher);
    await begin();
    standing.add(watcher);
    return events.response;
  };

  return {
    stream,
    close: () => {
      stopChanges();
      for (const watcher of [...watchers]) watcher.end();
    },
  };
};
