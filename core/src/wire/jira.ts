import * as z from "zod";

/**
 * What we read of Jira's webhooks and REST answers, Cloud and Data Center, only the fields used.
 * Webhooks: https://developer.atlassian.com/server/jira/platform/webhooks/; recorded ones carry wiki markup as a string, newer Cloud may send ADF.
 */

const text = z.string().nullish();

/** Wiki markup, an ADF document, or nothing. */
export const JiraRichText = z.union([z.string(), z.looseObject({ type: z.string() })]).nullish();
export type JiraRichText = z.infer<typeof JiraRichText>;

/** Cloud knows `accountId`; Data Center `key` and `name`; Cloud before 2019 all three. */
export const JiraUser = z.object({
  accountId: text,
  key: text,
  name: text,
  displayName: text,
  emailAddress: text,
  /** Cloud: `atlassian`, `app` or `customer`. */
  accountType: text,
});
export type JiraUser = z.infer<typeof JiraUser>;

export const JiraComment = z.object({
  id: z.coerce.string(),
  self: text,
  body: JiraRichText,
  author: JiraUser.nullish(),
  updateAuthor: JiraUser.nullish(),
  created: text,
  updated: text,
  /** Service management of Cloud: false for an internal note. */
  jsdPublic: z.boolean().nullish(),
  visibility: z.object({ type: text, value: text, identifier: text }).nullish(),
  properties: z.array(z.looseObject({ key: z.string(), value: z.unknown() })).nullish(),
});
export type JiraComment = z.infer<typeof JiraComment>;

export const JiraFields = z.object({
  summary: text,
  description: JiraRichText,
  labels: z.array(z.string()).nullish(),
  reporter: JiraUser.nullish(),
  creator: JiraUser.nullish(),
  assignee: JiraUser.nullish(),
  created: text,
  updated: text,
  /** `projectTypeKey`: `service_desk`, `software`, `business`; servers before 7 tell none. */
  project: z.object({ key: text, id: z.coerce.string().nullish(), projectTypeKey: text }).nullish(),
  status: z.object({ name: text }).nullish(),
  issuetype: z.object({ name: text }).nullish(),
  attachment: z
    .array(
      z.object({
        id: z.coerce.string(),
        filename: text,
        author: JiraUser.nullish(),
        mimeType: text,
        created: text,
        size: z.number().nullish(),
        content: text,
      }),
    )
    .nullish()
    .catch(undefined),
});

export const JiraIssue = z.object({
  id: z.coerce.string(),
  self: text,
  key: text,
  fields: JiraFields.nullish(),
  /** With `expand=changelog`: Cloud gives the newest 40, Data Center all. */
  changelog: z
    .object({
      total: z.number().nullish(),
      histories: z
        .array(z.object({ created: text, items: z.array(z.object({ field: text })).nullish() }))
        .nullish(),
    })
    .nullish()
    .catch(undefined),
});
export type JiraIssue = z.infer<typeof JiraIssue>;

const changeItem = z.object({
  field: text,
  fieldId: text,
  from: text,
  to: text,
  fromString: text,
  toString: z.preprocess((value) => (typeof value === "function" ? undefined : value), text),
});

export const JiraWebhook = z.object({
  webhookEvent: z.string(),
  issue_event_type_name: text,
  timestamp: z.number().nullish(),
  user: JiraUser.nullish(),
  issue: JiraIssue.nullish(),
  comment: JiraComment.nullish(),
  changelog: z.object({ id: z.coerce.string().nullish(), items: z.array(changeItem).nullish() }).nullish(),
});
export type JiraWebhook = z.infer<typeof JiraWebhook>;
export type JiraChange = z.infer<typeof changeItem>;

export const JiraComments = z.object({
  comments: z.array(JiraComment).nullish(),
  total: z.number().nullish(),
  startAt: z.number().nullish(),
});

export const JiraIssues = z.object({
  issues: z.array(JiraIssue),
  nextPageToken: text,
  total: z.number().nullish(),
  startAt: z.number().nullish(),
});

export const JiraRemoteLinks = z.array(z.object({ object: z.object({ url: text, title: text }).nullish() }));

export const JiraProperty = z.object({ key: z.string(), value: z.unknown() });

export const JiraMyPermissions = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean().nullish() })),
});

/** Jira's own webhooks (`/rest/webhooks/1.0/webhook` up to 9.x and on Cloud, `/rest/jira-webhook/1.0/webhooks` from 10 on). */
export const JiraHook = z.object({
  self: text,
  id: z.union([z.string(), z.number()]).nullish(),
  name: text,
  url: z.string(),
  enabled: z.boolean().nullish(),
  active: z.boolean().nullish(),
  events: z.array(z.string()).nullish(),
  lastUpdated: z.union([z.string(), z.number()]).nullish(),
});
export type JiraHook = z.infer<typeof JiraHook>;
