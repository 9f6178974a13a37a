import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { isLive } from "../../page/run-line.ts";
import { client } from "../api.ts";
import { Empty } from "../parts/empty.tsx";
import { Page } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { usePerson } from "../session/person.tsx";
import { type Filter, Filters, noFilter, toQuery } from "./filters.tsx";
import { RunRow } from "./run-row.tsx";

const useRuns = (filter: Filter) => {
  const { workspace } = usePerson();
  return useInfiniteQuery({
    queryKey: ["listRuns", workspace.id, filter],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      client.call(
        "listRuns",
        {
          params: { workspace: workspace.id },
          query: { ...toQuery(filter), limit: 20, ...(pageParam === "" ? {} : { cursor: pageParam }) },
        },
        { signal },
      ),
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
    // News comes by the line; where a proxy holds the line back, a run that is shown as going on is asked for now and then.
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.runs.some(isLive)) === true ? 20_000 : false,
  });
};

/** Runs of the workspace as they go on. */
export const ActivityPage = () => {
  const [filter, setFilter] = useState<Filter>(noFilter);
  const runs = useRuns(useDeferredValue(filter));
  const shown = (runs.data?.pages ?? []).flatMap((page) => page.runs);
  const isFiltered = Object.keys(toQuery(filter)).length > 0;
  return (
    <Page title="Activity" intro="Every run of this workspace, as it goes on.">
      <div className="stack">
        <Filters filter={filter} change={setFilter} />
        <ProblemNotice cause={runs.error} />
        {runs.isPending && <Skeleton label="runs" />}
        {runs.isSuccess && shown.length === 0 && (
          <Empty icon="activity" title={isFiltered ? "No run fits" : "No runs yet"}>
            {isFiltered ? (
              <button type="button" onClick={() => setFilter(noFilter)}>
                Clear the filter
              </button>
            ) : (
              <p>
                Mention @openhands on an issue, a pull request or a ticket, or in a channel. The run appears
                here.
              </p>
            )}
          </Empty>
        )}
        {shown.length > 0 && (
          <ul className="stack" aria-label="Runs">
            {shown.map((run) => (
              <li key={run.id}>
                <RunRow run={run} />
              </li>
            ))}
          </ul>
        )}
        {runs.hasNextPage && (
          <div className="row more">
            <button
              type="button"
              disabled={runs.isFetchingNextPage}
              onClick={() => void runs.fetchNextPage()}
            >
              {runs.isFetchingNextPage ? "Loading…" : "Show older"}
            </button>
          </div>
        )}
      </div>
    </Page>
  );
};
