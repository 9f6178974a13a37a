import type { RouteName } from "@ask-openhands/core/api/routes.ts";
import type { LiveEvent, RunPageView, RunView } from "@ask-openhands/core/api/types.ts";
import type { InfiniteData } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { client, queries, refresh } from "./api.ts";

const stale: Readonly<
  Record<Extract<LiveEvent, { readonly event: "changed" }>["what"], readonly RouteName[]>
> = {
  connections: ["listConnections", "listMyConnections", "getMe", "findSite", "listInstallations"],
  hooks: ["listHooks"],
  members: ["listMembers", "listInvitations", "getMe"],
  settings: ["getSettings", "listHosts"],
  secrets: ["listSecrets", "listMySecrets"],
  devices: ["listDevices", "listTokens"],
};

type Runs = InfiniteData<RunPageView, unknown>;

/** The list with the run as it is now; `undefined` when it is not in there. */
const withRun = (runs: Runs, run: RunView): Runs | undefined => {
  if (!runs.pages.some((page) => page.runs.some(({ id }) => id === run.id))) return undefined;
  return {
    ...runs,
    pages: runs.pages.map((page) => ({
      ...page,
      runs: page.runs.map((one) => (one.id === run.id && one.version <= run.version ? run : one)),
    })),
  };
};

/** Lists of some states only: whether a run still belongs there, the bot knows. */
const isOfSomeStates = (key: readonly unknown[]): boolean => {
  const [, , filter] = key;
  return typeof filter === "object" && filter !== null && Boolean(Reflect.get(filter, "state"));
};

const put = (run: RunView): void => {
  for (const [key, runs] of queries.getQueriesData<Runs>({ queryKey: ["listRuns"] })) {
    const next = runs === undefined || isOfSomeStates(key) ? undefined : withRun(runs, run);
    // A run that the list does not show yet may belong into it by its filter.
    if (next === undefined) void queries.invalidateQueries({ queryKey: key });
    else queries.setQueryData(key, next);
  }
};

/** Keeps what is shown up to date for as long as the page is open. True while the line stands. */
export const useLive = (workspace: string): boolean => {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    client
      .watch(
        workspace,
        (event) => {
          if (event.event === "run") put(event.run);
          else void refresh(...stale[event.what]);
        },
        stop.signal,
        (stands) => {
          setOn(stands);
          // What happened before the line stood was told to nobody.
          if (stands) void refresh("listRuns", ...Object.values(stale).flat());
        },
      )
      // Signed out or no longer a member: the session says what to show.
      .catch(() => refresh("getSession", "getMe"));
    return () => stop.abort();
  }, [workspace]);
  return on;
};
