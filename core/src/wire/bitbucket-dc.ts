import * as z from "zod";

/**
 * What we read of Bitbucket Data Center's webhooks and REST answers, only the fields used.
 * https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html, https://developer.atlassian.com/server/bitbucket/rest/
 */

const text = z.string().nullish();
const id = z.union([z.string(), z.number()]).transform(String);
/** Epoch milliseconds, or ISO 8601 from some releases. */
const time = z.union([z.number(), z.string()]).nullish();
const links = z
  .object({
    self: z.array(z.object({ href: text }).nullable()).nullish(),
    clone: z.array(z.object({ href: text, name: text }).nullable()).nullish(),
  })
  .nullish()
  .catch(undefined);

export const DcUser = z.object({
  id: id.nullish(),
  /** Login; what `@` mentions. */
  name: text,
  slug: text,
  displayName: text,
  /** `NORMAL` or `SERVICE` (the accounts of project and repository tokens). */
  type: text,
});
export type DcUser = z.infer<typeof DcUser>;

export const DcRepository = z.object({
  id: id.nullish(),
  slug: z.string(),
  /** `~name` for a personal project. */
  project: z.object({ key: z.string() }),
  public: z.boolean().nullish(),
  /** Of a fork: where it comes from. */
  origin: z.object({ slug: z.string(), project: z.object({ key: z.string() }) }).nullish(),
  links,
});
export type DcRepository = z.infer<typeof DcRepository>;

const ref = z.object({ displayId: text, id: text, repository: DcRepository.nullish() });

export const DcPullRequest = z.object({
  id,
  version: z.number().nullish(),
  title: text,
  description: text,
  state: text,
  createdDate: time,
  updatedDate: time,
  author: z.object({ user: DcUser.nullish() }).nullish(),
  fromRef: ref.nullish(),
  toRef: ref.extend({ repository: DcRepository }),
  links,
});
export type DcPullRequest = z.infer<typeof DcPullRequest>;

export const DcAnchor = z.object({
  path: z
    .union([
      z.string(),
      z.object({ components: z.array(z.string()) }).transform(({ components }) => components.join("/")),
    ])
    .nullish(),
  line: z.number().nullish(),
  /** `ADDED`, `REMOVED`, `CONTEXT`. */
  lineType: text,
  /** `FROM` counts lines of the old file. */
  fileType: text,
});
export type DcAnchor = z.infer<typeof DcAnchor>;

export interface DcComment {
  readonly id: string;
  readonly version?: number | null | undefined;
  readonly text?: string | null | undefined;
  readonly author?: DcUser | null | undefined;
  readonly createdDate?: number | string | null | undefined;
  readonly updatedDate?: number | string | null | undefined;
  readonly comments?: readonly DcComment[] | null | undefined;
  readonly anchor?: DcAnchor | null | undefined;
  readonly parent?: { readonly id: string } | null | undefined;
}

/** A comment with the replies to it. */
export const DcComment: z.ZodType<DcComment> = z.object({
  id,
  version: z.number().nullish(),
  text,
  author: DcUser.nullish(),
  createdDate: time,
  updatedDate: time,
  get comments() {
    return z.array(DcComment).nullish();
  },
  /** In REST answers of newer releases; never in webhooks. */
  anchor: DcAnchor.nullish().catch(undefined),
  parent: z.object({ id }).nullish(),
});

/** `eventKey` stands in the body; the test button sends only `{"test": true}`. */
export const DcEnvelope = z.object({ eventKey: text, test: z.boolean().nullish() });

export const DcEvent = z.object({
  eventKey: z.string(),
  date: text,
  actor: DcUser,
  pullRequest: DcPullRequest,
  comment: DcComment.nullish(),
  commentParentId: id.nullish(),
  previousComment: text,
  previousDescription: text,
});
export type DcEvent = z.infer<typeof DcEvent>;

/** One page of anything. */
export const dcPage = <T>(item: z.ZodType<T>) =>
  z.object({ values: z.array(item), isLastPage: z.boolean().nullish(), nextPageStart: z.number().nullish() });

export const DcActivity = z.object({
  action: text,
  createdDate: time,
  comment: DcComment.nullish().catch(undefined),
  commentAnchor: DcAnchor.nullish().catch(undefined),
});

export const DcHook = z.object({
  id,
  name: text,
  url: z.string(),
  active: z.boolean().nullish(),
  events: z.array(z.string()).nullish(),
  /** Holds `secret`, shown back by some releases and starred by others. */
  configuration: z.record(z.string(), z.unknown()).nullish(),
});
export type DcHook = z.infer<typeof DcHook>;

const invocation = z
  .object({
    finish: z.number().nullish(),
    start: z.number().nullish(),
    result: z.object({ description: text, outcome: text }).nullish(),
  })
  .nullish()
  .catch(undefined);

/** The newest deliveries of a webhook, by outcome. */
export const DcHistory = z.object({
  lastSuccess: invocation,
  lastFailure: invocation,
  lastError: invocation,
});
export type DcHistory = z.infer<typeof DcHistory>;
