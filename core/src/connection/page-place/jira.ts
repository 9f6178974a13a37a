import type { FoundPage, PageAddress } from "./page-address.ts";
import { segmentsOf } from "./page-address.ts";

// https://confluence.atlassian.com/adminjiraserver/changing-the-project-key-format-938847081.html: the usual pattern; lower case in links still opens the ticket.
const keyPattern = /^[A-Z][A-Z0-9_]{1,254}-[1-9]\d{0,14}$/;

const ticket = (base: string, key: string | null | undefined): FoundPage | undefined => {
  const upper = key?.trim().toUpperCase() ?? "";
  if (!keyPattern.test(upper)) return undefined;
  return { kind: "ticket", url: `${base}/browse/${upper}`, label: upper, id: upper };
};

/** Parts of a path after which the last part is the key of the open ticket. */
const opens = new Set(["browse", "issues", "queues", "issue"]);

const fromPath = (path: string): string | undefined => {
  const parts = segmentsOf(path);
  return parts.length > 1 && parts.slice(0, -1).some((part) => opens.has(part)) ? parts.at(-1) : undefined;
};

/** Boards, backlogs, timelines and lists name the open ticket in `?selectedIssue=`; everything else in the path. */
export const findJiraCloudPage = ({ base, path, query }: PageAddress): FoundPage | undefined =>
  ticket(base, query.get("selectedIssue")) ?? ticket(base, fromPath(path));

export const findJiraDataCenterPage = ({ base, path, query }: PageAddress): FoundPage | undefined => {
  // The customers' portal shows requests to people who cannot reach the ticket itself.
  if (path.startsWith("/servicedesk/customer")) return undefined;
  return ticket(base, query.get("selectedIssue")) ?? ticket(base, fromPath(path));
};
