import * as z from "zod";

/** What we read of GitHub's webhook payloads (https://docs.github.com/webhooks/webhook-events-and-payloads): only the fields used; older deliveries lack many others. */

const account = z.object({
  id: z.number(),
  login: z.string(),
  name: z.string().nullish(),
  type: z.string().nullish(),
});
export type GitHubAccount = z.infer<typeof account>;

const repository = z.object({
  id: z.number(),
  full_name: z.string().regex(/^[^/\s]+\/[^/\s]+$/),
  html_url: z.string().nullish(),
  url: z.string().nullish(),
  private: z.boolean().nullish(),
});

const app = z.object({ id: z.number() }).nullish();

const issue = z.object({
  id: z.number(),
  number: z.number(),
  title: z.string().nullish(),
  body: z.string().nullish(),
  html_url: z.string().nullish(),
  user: account.nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  pull_request: z.unknown().optional(),
});
export type GitHubIssue = z.infer<typeof issue>;

const comment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  html_url: z.string().nullish(),
  user: account,
  created_at: z.string(),
  updated_at: z.string(),
  performed_via_github_app: app,
});

const side = z.string().nullish();

const reviewComment = comment.extend({
  pull_request_review_id: z.number().nullish(),
  in_reply_to_id: z.number().nullish(),
  path: z.string(),
  line: z.number().nullish(),
  original_line: z.number().nullish(),
  start_line: z.number().nullish(),
  original_start_line: z.number().nullish(),
  side,
  diff_hunk: z.string().nullish(),
});

const review = z.object({
  id: z.number(),
  body: z.string().nullish(),
  html_url: z.string().nullish(),
  user: account,
  submitted_at: z.string().nullish(),
  state: z.string(),
});

const label = z.object({ name: z.string() });

const changes = z
  .object({
    body: z.object({ from: z.string().nullish() }).nullish(),
    /** Of an issue that was transferred: what it was before. */
    old_issue: z.unknown().optional(),
  })
  .nullish();

const base = z.object({
  action: z.string(),
  repository,
  sender: account,
  installation: z.object({ id: z.number() }).nullish(),
  changes,
});

export const githubIssueCommentEvent = base.extend({ issue, comment });
export const githubReviewCommentEvent = base.extend({ pull_request: issue, comment: reviewComment });
export const githubReviewEvent = base.extend({ pull_request: issue, review });
export const githubIssueEvent = base.extend({ issue, label: label.nullish(), assignee: account.nullish() });
export const githubPullRequestEvent = base.extend({
  pull_request: issue,
  label: label.nullish(),
  assignee: account.nullish(),
});
export const githubPingEvent = z.object({ zen: z.string() });

export type GitHubEventBase = z.infer<typeof base>;
export type GitHubRepository = z.infer<typeof repository>;

/** One entry of `GET /app/hook/deliveries/{id}`: what GitHub sent, with the payload in it. */
export const githubDelivery = z.object({
  event: z.string(),
  request: z.object({ headers: z.record(z.string(), z.string()).nullish(), payload: z.unknown() }),
});

/** Answer of GraphQL to the question when a description was edited last. */
export const githubEdits = z.object({
  data: z
    .object({
      repository: z
        .object({ issueOrPullRequest: z.object({ lastEditedAt: z.string().nullish() }).nullish() })
        .nullish(),
    })
    .nullish(),
});

/** Answer of `POST /app-manifests/{code}/conversions`: the App that was just made. */
export const githubAppConversion = z.object({
  id: z.number(),
  name: z.string(),
  html_url: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  webhook_secret: z.string().nullish(),
  pem: z.string(),
});
