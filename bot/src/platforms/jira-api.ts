import type { JiraComment, JiraIssue, JiraUser } from "@ask-openhands/core/wire/jira.ts";
import { internalProperty } from "./jira-privacy.ts";

/** A comment's body as the server takes it: an ADF document (Cloud) or wiki markup (Data Center). */
export type JiraBody = string | Readonly<Record<string, unknown>>;

export interface NewComment {
  readonly body: JiraBody;
  /** Kept beside the comment, never shown: by it our posts are found again. */
  readonly property?: { readonly key: string; readonly value: unknown } | undefined;
  readonly visibility?: { readonly type: string; readonly value: string } | undefined;
  /** Service management: an internal note. */
  readonly internal?: boolean | undefined;
}

/**
 * What is kept beside a comment, as both flavours take it. Service management marks internal notes by such a property, also those that are posted by REST:
 * https://community.developer.atlassian.com/t/internal-comment-migration-via-import-or-rest-api-help/31175
 */
export const propertiesOf = (comment: NewComment): { readonly properties?: readonly unknown[] } => {
  const properties = [
    ...(comment.property ? [comment.property] : []),
    ...(comment.internal ? [{ key: internalProperty, value: { internal: true } }] : []),
  ];
  return properties.length === 0 ? {} : { properties };
};

/** The few calls that we make, the same for Cloud and Data Center. Issues are named by id or key. Every method throws `Failure`. */
export interface JiraApi {
  myself(): Promise<JiraUser>;
  /** `withHistory`: with what was changed when. */
  issue(issue: string, withHistory?: boolean): Promise<JiraIssue>;
  /** Newest first, at most `most`. */
  comments(issue: string, most: number): Promise<readonly JiraComment[]>;
  comment(issue: string, id: string): Promise<JiraComment>;
  /** Of these comments, the value of one property each. */
  properties(issue: string, ids: readonly string[], key: string): Promise<ReadonlyMap<string, unknown>>;
  addComment(issue: string, comment: NewComment): Promise<JiraComment>;
  updateComment(issue: string, id: string, comment: NewComment): Promise<JiraComment>;
  /** May this account comment on this ticket? */
  mayComment(issue: JiraIssue, account: { readonly id: string; readonly name: string }): Promise<boolean>;
  /** Our own rights. */
  myPermissions(names: readonly string[]): Promise<Readonly<Record<string, boolean>>>;
  /** Tickets changed since `since` (epoch milliseconds), oldest first, at most `most`. */
  changedSince(since: number, most: number): Promise<readonly JiraIssue[]>;
  /** Addresses linked to the ticket (pull requests among them). */
  links(issue: string): Promise<readonly string[]>;
  attachment(
    id: string,
    url: string,
    limit: number,
  ): Promise<{ readonly type: string; readonly bytes: Uint8Array }>;
}

/** Fields that hearing and prompts need; everything else stays on the server. */
export const issueFields = [
  "summary",
  "description",
  "labels",
  "reporter",
  "creator",
  "assignee",
  "created",
  "updated",
  "project",
  "status",
  "issuetype",
  "attachment",
] as const;

/** JQL takes minutes in the user's time zone; relative minutes need no zone. Rounded up, so that nothing is missed. */
export const changedJql = (since: number, now: number): string => {
  const minutes = Math.min(60 * 24 * 14, Math.max(1, Math.ceil((now - since) / 60_000) + 1));
  return `updated >= -${minutes}m order by updated asc`;
};
