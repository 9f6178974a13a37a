import * as z from "zod";
import { gitlabPosition } from "./gitlab.ts";

/** What we read of GitLab's REST answers (https://docs.gitlab.com/api/rest/): only the fields used. */

const id = z.number().int().transform(String);
const number = z.number().int();

export const gitlabUser = z.object({
  id,
  username: z.string(),
  name: z.string().nullish(),
  web_url: z.string().nullish(),
  /** True for the accounts of project and group tokens and for service accounts. */
  bot: z.boolean().nullish(),
});
export type GitLabUser = z.infer<typeof gitlabUser>;

export const gitlabMember = z.object({
  id,
  username: z.string(),
  state: z.string().nullish(),
  access_level: number,
});

/** Of a personal, project or group access token; OAuth tokens are unknown there (404). */
export const gitlabTokenSelf = z.object({
  name: z.string().nullish(),
  scopes: z.array(z.string()).nullish(),
  active: z.boolean().nullish(),
  revoked: z.boolean().nullish(),
  expires_at: z.string().nullish(),
  /** Fine-grained tokens tell no scopes. */
  granular: z.boolean().nullish(),
});

/** https://docs.gitlab.com/api/oauth2/#retrieve-the-token-information */
export const gitlabOAuthInfo = z.object({
  scope: z.array(z.string()).nullish(),
  expires_in: number.nullish(),
});

const access = z.object({ access_level: number }).nullish();

export const gitlabProject = z.object({
  id,
  path_with_namespace: z.string(),
  web_url: z.string(),
  http_url_to_repo: z.string(),
  default_branch: z.string().nullish(),
  visibility: z.string().nullish(),
  archived: z.boolean().nullish(),
  namespace: z.object({ kind: z.string().nullish(), full_path: z.string() }).nullish(),
  permissions: z.object({ project_access: access, group_access: access }).nullish(),
  forked_from_project: z.object({ path_with_namespace: z.string() }).nullish(),
});
export type GitLabProject = z.infer<typeof gitlabProject>;

export const gitlabGroup = z.object({
  id,
  full_path: z.string(),
  web_url: z.string(),
  parent_id: number.nullish(),
});

export const gitlabHook = z.object({
  id,
  url: z.string(),
  alert_status: z.string().nullish(),
  disabled_until: z.string().nullish(),
  signing_token_present: z.boolean().nullish(),
  issues_events: z.boolean().nullish(),
  confidential_issues_events: z.boolean().nullish(),
  merge_requests_events: z.boolean().nullish(),
  note_events: z.boolean().nullish(),
  confidential_note_events: z.boolean().nullish(),
});
export type GitLabHook = z.infer<typeof gitlabHook>;

export const gitlabHookEvent = z.object({
  trigger: z.string().nullish(),
  response_status: z.string().nullish(),
  created_at: z.string().nullish(),
});

const person = z.object({ id, username: z.string(), name: z.string().nullish(), bot: z.boolean().nullish() });

export const gitlabNote = z.object({
  id,
  body: z.string().nullish(),
  author: person.nullish(),
  created_at: z.string(),
  updated_at: z.string().nullish(),
  system: z.boolean().nullish(),
  internal: z.boolean().nullish(),
  confidential: z.boolean().nullish(),
  position: gitlabPosition.nullish(),
});
export type GitLabNote = z.infer<typeof gitlabNote>;

export const gitlabDiscussion = z.object({ id: z.string(), notes: z.array(gitlabNote) });
export type GitLabDiscussion = z.infer<typeof gitlabDiscussion>;

/** Issue or merge request. */
export const gitlabIssuable = z.object({
  id,
  iid: number,
  project_id: id,
  title: z.string().nullish(),
  description: z.string().nullish(),
  state: z.string().nullish(),
  confidential: z.boolean().nullish(),
  labels: z.array(z.string()).nullish(),
  author: person.nullish(),
  assignees: z.array(person).nullish(),
  web_url: z.string(),
  created_at: z.string(),
  updated_at: z.string().nullish(),
  source_branch: z.string().nullish(),
  target_branch: z.string().nullish(),
  source_project_id: id.nullish(),
  target_project_id: id.nullish(),
});
export type GitLabIssuable = z.infer<typeof gitlabIssuable>;

export const gitlabLabelEvent = z.object({
  id,
  action: z.string(),
  created_at: z.string(),
  user: person.nullish(),
  label: z.object({ name: z.string() }).nullish(),
});

export type GitLabLabelEvent = z.infer<typeof gitlabLabelEvent>;

export const gitlabCompare = z.object({
  diffs: z.array(z.object({ old_path: z.string(), new_path: z.string(), diff: z.string() })).nullish(),
});
