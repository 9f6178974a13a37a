import type { JiraIssue } from "@ask-openhands/core/wire/jira.ts";
import type { Place, PlatformId } from "@ask-openhands/core/work/place.ts";

/** A Jira site by one of its REST addresses: `https://host/context/rest/api/2/issue/1`. */
export const siteOf = (
  self: string | null | undefined,
): { readonly base: string; readonly host: string } | undefined => {
  if (!self || !URL.canParse(self)) return undefined;
  const url = new URL(self);
  const end = url.pathname.indexOf("/rest/");
  if (end < 0 || !/^https?:$/.test(url.protocol)) return undefined;
  const context = url.pathname.slice(0, end);
  return { base: `${url.origin}${context}`, host: `${url.host}${context}`.toLowerCase() };
};

/** The address of one comment. */
export const commentUrl = ({ url }: Pick<Place, "url">, id: string): string =>
  `${url}${url.includes("?") ? "&" : "?"}focusedCommentId=${id}`;

export interface JiraPlaceFacts {
  readonly ear: { readonly platform: PlatformId; readonly connection?: string | undefined };
  /** Browser address of the site, no slash at the end. */
  readonly base: string;
  readonly host: string;
  readonly issue?: JiraIssue | undefined;
  /** When only the id is known: Data Center's comment events carry no issue. */
  readonly issueId?: string | undefined;
  /** Of a talk among some of the readers only. */
  readonly audience?: string | undefined;
}

/**
 * Tickets are keyed by id: their key (`ABC-12`) changes when they move to another project. What is said among some of the readers is a place of its own:
 * work that was told of internal notes goes on in another conversation than work that everybody reads of.
 */
export const jiraPlace = ({ ear, base, host, issue, issueId, audience }: JiraPlaceFacts): Place => {
  const id = issue?.id ?? issueId ?? "";
  const key = issue?.key ?? undefined;
  return {
    platform: ear.platform,
    host,
    key: `${ear.platform}:${host}:ticket:${id}${audience === undefined ? "" : `:${audience}`}`,
    kind: "ticket",
    url: key === undefined ? `${base}/secure/ViewIssue.jspa?id=${id}` : `${base}/browse/${key}`,
    ...(issue?.fields?.summary ? { title: issue.fields.summary } : {}),
    label: key ?? `ticket ${id}`,
    ...(ear.connection === undefined ? {} : { connection: ear.connection }),
    address: { issue: id, ...(key === undefined ? {} : { key }), base },
    ...(audience === undefined ? {} : { confidential: true }),
  };
};
