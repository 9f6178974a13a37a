import * as z from "zod";

/**
 * What we read of GitLab's webhook payloads (https://docs.gitlab.com/user/project/integrations/webhook_events/): only the fields used.
 * Deliveries of older releases lack many of them (`user.id`, `action`, `confidential`), so that little is required.
 */

const id = z.union([z.number().int(), z.string().regex(/^\d+$/)]).transform(String);
const number = z.number().int();

/** The person that an event tells of. `id` came with GitLab 13. */
const user = z.object({ id: id.nullish(), username: z.string().min(1), name: z.string().nullish() });

/** `id` is null in some old deliveries; the number then stands beside the project. */
const project = z.object({
  id: id.nullish(),
  path_with_namespace: z.string().regex(/^[^/\s]+(\/[^/\s]+)+$/),
  web_url: z.string().nullish(),
});
export type GitLabHookProject = z.infer<typeof project>;

const label = z.object({ title: z.string() });
const labels = z.array(label);
const change = <T extends z.ZodType>(of: T) =>
  z.object({ previous: of.nullish(), current: of.nullish() }).nullish().catch(undefined);
const assignee = z.object({ id: id.nullish(), username: z.string().nullish() });

const changes = z
  .object({
    labels: change(labels),
    assignees: change(z.array(assignee)),
    description: change(z.string()),
    updated_at: change(z.string()),
  })
  .partial();

/** A part that is only read when it is as expected: GitLab switches a webhook off that is answered 400, which a new form of a side issue must not cause. */
const ifAsExpected = <T extends z.ZodType>(of: T) => of.nullish().catch(undefined);

/** Issue, merge request or work item. */
const issuable = z.object({
  id,
  iid: number,
  title: z.string().nullish(),
  description: z.string().nullish(),
  confidential: z.boolean().nullish(),
  author_id: id.nullish(),
  project_id: id.nullish(),
  target_project_id: id.nullish(),
  url: z.string().nullish(),
  created_at: z.string().nullish(),
  updated_at: z.string().nullish(),
});
export type GitLabHookIssuable = z.infer<typeof issuable>;

export const gitlabIssuableEvent = z.object({
  user,
  project,
  object_attributes: issuable.extend({ action: z.string().nullish(), labels: ifAsExpected(labels) }),
  labels: ifAsExpected(labels),
  assignees: ifAsExpected(z.array(assignee)),
  changes: ifAsExpected(changes),
});
export type GitLabIssuableEvent = z.infer<typeof gitlabIssuableEvent>;

const line = z.object({ old_line: number.nullish(), new_line: number.nullish() });

/** Where a comment stands in a diff (https://docs.gitlab.com/api/discussions/#create-a-new-thread-in-the-merge-request-diff). */
export const gitlabPosition = z.object({
  base_sha: z.string().nullish(),
  head_sha: z.string().nullish(),
  old_path: z.string().nullish(),
  new_path: z.string().nullish(),
  old_line: number.nullish(),
  new_line: number.nullish(),
  line_range: z.object({ start: line.nullish(), end: line.nullish() }).nullish(),
});
export type GitLabPosition = z.infer<typeof gitlabPosition>;

export const gitlabNoteEvent = z.object({
  event_type: z.string().nullish(),
  user,
  project_id: id.nullish(),
  project,
  object_attributes: z.object({
    id,
    note: z.string().nullish(),
    noteable_type: z.string(),
    author_id: id.nullish(),
    project_id: id.nullish(),
    system: z.boolean().nullish(),
    /** "create" or "update", since GitLab 16. */
    action: z.string().nullish(),
    internal: z.boolean().nullish(),
    discussion_id: z.string().nullish(),
    position: ifAsExpected(gitlabPosition),
    created_at: z.string().nullish(),
    updated_at: z.string().nullish(),
    url: z.string().nullish(),
  }),
  issue: issuable.nullish(),
  work_item: issuable.nullish(),
  merge_request: issuable.nullish(),
});
export type GitLabNoteEvent = z.infer<typeof gitlabNoteEvent>;

/** `object_kind` names the event in every webhook; system hooks of an instance have `event_name` instead. */
export const gitlabEnvelope = z.object({
  object_kind: z.string().nullish(),
  event_name: z.string().nullish(),
});
