import type { AuditEntryView } from "@ask-openhands/core/api/types.ts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Notice } from "../../ui/parts.tsx";
import { client } from "../api.ts";
import { Empty } from "../parts/empty.tsx";
import { Moment } from "../parts/moment.tsx";
import { Page } from "../parts/page.tsx";
import { ProblemNotice } from "../parts/problem-notice.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { usePerson } from "../session/person.tsx";
import { sayAction, sayTarget } from "./say-action.ts";

const Entry = ({ entry }: { readonly entry: AuditEntryView }) => (
  <tr>
    <td data-label="When">
      <Moment at={entry.at} />
    </td>
    <td data-label="Who">
      {entry.by?.name ?? "The bot"}
      {entry.through !== undefined && <span className="mute small"> through {entry.through}</span>}
    </td>
    <th scope="row" data-label="What">
      {sayAction(entry.action)}
    </th>
    <td data-label="Which" className="mute">
      {sayTarget(entry)}
    </td>
  </tr>
);

/** Who did what, when; a chain that shows when somebody tampered with it. */
export const AuditPage = () => {
  const { workspace } = usePerson();
  const log = useInfiniteQuery({
    queryKey: ["listAudit", workspace.id],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      client.call(
        "listAudit",
        {
          params: { workspace: workspace.id },
          query: { limit: 50, ...(pageParam === "" ? {} : { cursor: pageParam }) },
        },
        { signal },
      ),
    getNextPageParam: ({ next }) => next,
  });
  const pages = log.data?.pages ?? [];
  const entries = pages.flatMap((page) => page.entries);
  const [first] = pages;
  return (
    <Page title="Audit" intro="Who connected, changed, removed, ran and stopped what.">
      <ProblemNotice cause={log.error} />
      {first?.intact === false && (
        <Notice tone="bad">
          The log was tampered with: entry {first.brokenAt ?? "unknown"} is the first that does not fit the
          others.
        </Notice>
      )}
      {log.isPending && <Skeleton label="the audit log" />}
      {first !== undefined && entries.length === 0 && <Empty icon="list" title="Nothing happened yet" />}
      {entries.length > 0 && (
        <div className="table-frame card flush">
          <table className="table">
            <caption className="sr">Audit log, newest first</caption>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Who</th>
                <th scope="col">What</th>
                <th scope="col">Which</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Entry key={entry.seq} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {log.hasNextPage && (
        <div className="row more">
          <button type="button" disabled={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            {log.isFetchingNextPage ? "Loading…" : "Show older"}
          </button>
        </div>
      )}
    </Page>
  );
};
