import * as z from "zod";

/**
 * What we read of Bitbucket Cloud's webhooks and REST answers, only the fields used.
 * https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/, https://developer.atlassian.com/cloud/bitbucket/rest/
 */

const text = z.string().nullish();
const id = z.union([z.string(), z.number()]).transform(String);
const links = z
  .object({ html: z.object({ href: text }).nullish() })
  .nullish()
  .catch(undefined);

/** `uuid` and `account_id` are stable; `nickname` is free text that two people can share; `username` is gone since 2019. */
export const CloudAccount = z.object({
  uuid: text,
  account_id: text,
  nickname: text,
  username: text,
  display_name: text,
  /** `user`, `app_user` (access tokens), `team`. */
  type: text,
});
export type CloudAccount = z.infer<typeof CloudAccount>;

export const CloudRepository = z.object({
  uuid: text,
  /** `workspace/slug`. */
  full_name: z.string(),
  is_private: z.boolean().nullish(),
  mainbranch: z.object({ name: text }).nullish(),
  /** Of a fork: where it comes from. */
  parent: z.object({ full_name: text }).nullish(),
  links,
});
export type CloudRepository = z.infer<typeof CloudRepository>;

const end = z
  .object({
    branch: z.object({ name: text }).nullish(),
    /** Null when the fork was deleted. */
    repository: z.object({ full_name: text, uuid: text }).nullish(),
  })
  .nullish();

export const CloudPullRequest = z.object({
  id,
  title: text,
  description: text,
  /** Old answers have the description here only. */
  summary: z.object({ raw: text }).nullish().catch(undefined),
  state: text,
  author: CloudAccount.nullish(),
  source: end,
  destination: end,
  created_on: text,
  updated_on: text,
  links,
});
export type CloudPullRequest = z.infer<typeof CloudPullRequest>;

export const CloudComment = z.object({
  id,
  content: z.object({ raw: text }).nullish(),
  user: CloudAccount.nullish(),
  /** `to` counts lines of the new file, `from` those of the old one. One comment whose place is not understood must not make a whole talk unreadable. */
  inline: z
    .object({
      path: z.string(),
      from: z.number().nullish(),
      to: z.number().nullish(),
      start_from: z.number().nullish(),
      start_to: z.number().nullish(),
    })
    .nullish()
    .catch(undefined),
  parent: z.object({ id }).nullish(),
  deleted: z.boolean().nullish(),
  resolution: z.unknown().optional(),
  created_on: text,
  updated_on: text,
  links,
});
export type CloudComment = z.infer<typeof CloudComment>;

/** What tells the event apart where no header names it. */
export const CloudEnvelope = z.object({
  actor: CloudAccount.nullish(),
  repository: CloudRepository,
  pullrequest: z.unknown().optional(),
  comment: z.unknown().optional(),
  issue: z.unknown().optional(),
  commit: z.unknown().optional(),
  push: z.unknown().optional(),
  commit_status: z.unknown().optional(),
  approval: z.unknown().optional(),
  changes_request: z.unknown().optional(),
});
export type CloudEnvelope = z.infer<typeof CloudEnvelope>;

/** One page of anything; `next` is the whole address of the next one. */
export const cloudPage = <T>(item: z.ZodType<T>) => z.object({ values: z.array(item), next: text });

export const CloudPermission = z.object({
  /** `admin`, `write` or `read`. */
  permission: z.string(),
  user: CloudAccount.nullish(),
  repository: z.object({ full_name: text }).nullish(),
});

export const CloudWorkspace = z.object({
  workspace: z.object({ slug: z.string(), name: text, links }),
  administrator: z.boolean().nullish(),
});
export type CloudWorkspace = z.infer<typeof CloudWorkspace>;

/** `secret_set` came with webhook secrets; the secret itself is never told. */
export const CloudHook = z.object({
  uuid: z.string(),
  url: z.string(),
  active: z.boolean().nullish(),
  events: z.array(z.string()).nullish(),
  secret_set: z.boolean().nullish(),
});
export type CloudHook = z.infer<typeof CloudHook>;

/** Every change of a pull request's title, description, branches or state, each with the whole description as it was from then on. */
export const CloudActivity = z.object({
  update: z
    .object({ description: text, date: text, author: CloudAccount.nullish() })
    .nullish()
    .catch(undefined),
});
