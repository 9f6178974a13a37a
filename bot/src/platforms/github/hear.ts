import {
  type GitHubEventBase,
  type GitHubIssue,
  githubIssueCommentEvent,
  githubIssueEvent,
  githubPingEvent,
  githubPullRequestEvent,
} from "@ask-openhands/core/wire/github.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import * as z from "zod";
import type { Verified } from "../../intake.ts";
import { type Headers, type SigningKey, verifyHubSignature } from "../signature.ts";
import { isOurAccount } from "./account.ts";
import { beforeOf, changeOf, type Ear, ignored, malformed, open, read } from "./envelope.ts";
import { hearReview, hearReviewComment } from "./hear-review.ts";

/** Actions that can be an ask. Everything else is answered without reading the payload further. */
const actions: Readonly<Record<string, readonly string[]>> = {
  issue_comment: ["created", "edited", "deleted"],
  pull_request_review_comment: ["created", "edited", "deleted"],
  pull_request_review: ["submitted", "edited"],
  issues: ["opened", "edited", "labeled", "assigned"],
  pull_request: ["opened", "edited", "labeled", "assigned"],
};

// Made once: zod compiles a schema when it is first used.
const actionOf = z.object({ action: z.string() });
const pullRequestAsIssue = githubPullRequestEvent.transform(({ pull_request: issue, ...rest }) => ({
  ...rest,
  issue,
}));

/** False for events that say nothing to us, so that their bodies need not be parsed. */
export const mayConcern = (event: string | undefined): boolean =>
  event === undefined || event === "ping" || Object.hasOwn(actions, event);

/** Signed over the raw bytes; the event name in the header is not, so the payload's shape must fit it. https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
export const verify = (headers: Headers, bytes: Uint8Array, keys: readonly SigningKey[]): Verified =>
  verifyHubSignature(headers["x-hub-signature-256"], bytes, keys);

/** What a payload says. Throws `bad-input` when it claims to be an event that it is not. */
export function hear(name: string | undefined, body: unknown, ear: Ear): Heard {
  const event = name ?? guessEvent(body);
  if (event === undefined) return ignored("This is none of GitHub's events that can ask for something.");
  if (event === "ping")
    return githubPingEvent.safeParse(body).success
      ? ignored("GitHub's ping: the webhook reaches us.")
      : malformed("ping", "zen");
  const wanted = Object.hasOwn(actions, event) ? actions[event] : undefined;
  if (wanted === undefined) return ignored(`Events of the kind ${event} never ask for something.`);
  const action = actionOf.safeParse(body).data?.action;
  if (action === undefined) return malformed(event, "action");
  if (!wanted.includes(action))
    return ignored(`The action "${action}" of ${event} never asks for something.`);
  if (event === "issue_comment") return hearIssueComment(body, ear);
  if (event === "pull_request_review_comment") return hearReviewComment(body, ear);
  if (event === "pull_request_review") return hearReview(body, ear);
  return hearIssueOrPullRequest(event, body, ear);
}

/** The event by the payload's shape, for payloads that come without headers. */
export function guessEvent(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const has = (key: string): boolean => Object.hasOwn(body, key);
  if (has("zen") && has("hook_id")) return "ping";
  if (
    !has("action") ||
    has("discussion") ||
    has("thread") ||
    has("check_run") ||
    has("check_suite") ||
    has("workflow_run")
  )
    return undefined;
  if (has("review") && has("pull_request")) return "pull_request_review";
  if (has("comment") && has("pull_request")) return "pull_request_review_comment";
  if (has("comment") && has("issue")) return "issue_comment";
  if (has("pull_request")) return "pull_request";
  return has("issue") ? "issues" : undefined;
}

function hearIssueComment(body: unknown, ear: Ear): Heard {
  const payload = read("issue_comment", githubIssueCommentEvent, body);
  const { issue, comment } = payload;
  const { host, place, author, words } = open(
    payload,
    issue,
    issue.pull_request ? "pull-request" : "issue",
    ear,
  );
  const change = changeOf(payload.action);
  return {
    heard: "mention",
    mention: {
      key: `github:${host}:comment:${comment.id}`,
      place,
      author: author(comment.user, { text: comment.body ?? "", appId: comment.performed_via_github_app?.id }),
      way: "comment",
      text: words(comment.body),
      at: change === "new" ? comment.created_at : comment.updated_at,
      ...(comment.html_url ? { url: comment.html_url } : {}),
      change,
      ...beforeOf(payload, words),
      reply: { comment: String(comment.id) },
    },
  };
}

/** What is given at creation has an event of its own, at most this much later. Milliseconds. */
const creation = 10_000;

/** Labels and assignments at creation are told twice: by `opened` with the description, and by `labeled` and `assigned`. */
const isFromTheStart = ({ sender }: GitHubEventBase, issue: GitHubIssue): boolean =>
  issue.user?.id === sender.id && Date.parse(issue.updated_at) - Date.parse(issue.created_at) <= creation;

const askedAtOnce = "It was so from the start, and the description asks already.";

function hearIssueOrPullRequest(event: string, body: unknown, ear: Ear): Heard {
  const payload =
    event === "issues" ? read(event, githubIssueEvent, body) : read(event, pullRequestAsIssue, body);
  const kind = event === "issues" ? "issue" : "pull-request";
  const { issue, repository } = payload;
  const { host, place, author, own, words } = open(payload, issue, kind, ear);
  const common = {
    place,
    text: words(issue.body),
    ...(issue.html_url ? { url: issue.html_url } : {}),
    reply: {},
  };
  const subject = `${repository.id}#${issue.number}`;
  const asksByItself = (): boolean => isFromTheStart(payload, issue) && ear.mentions(common.text);

  // https://docs.github.com/webhooks/webhook-events-and-payloads?actionType=opened#issues
  if (payload.action === "opened" && payload.changes?.old_issue)
    return ignored("It was transferred here: what it asks was asked where it came from.");
  if (payload.action === "labeled") {
    const name = payload.label?.name ?? "";
    if (!ear.labels.some((label) => label.toLowerCase() === name.toLowerCase()))
      return ignored(`The label "${name}" is not one that asks us.`);
    if (asksByItself()) return ignored(askedAtOnce);
    // The time belongs to the key: adding the label again asks again, a second delivery of the same event does not.
    const key = `github:${host}:label:${subject}:${name.toLowerCase()}:${issue.updated_at}`;
    return {
      heard: "mention",
      mention: {
        ...common,
        key,
        author: author(payload.sender),
        way: "label",
        at: issue.updated_at,
        change: "new",
      },
    };
  }
  if (payload.action === "assigned") {
    if (!payload.assignee || !isOurAccount(payload.assignee, own))
      return ignored("Somebody else was assigned.");
    if (asksByItself()) return ignored(askedAtOnce);
    const key = `github:${host}:assignment:${subject}:${issue.updated_at}`;
    return {
      heard: "mention",
      mention: {
        ...common,
        key,
        author: author(payload.sender),
        way: "assignment",
        at: issue.updated_at,
        change: "new",
      },
    };
  }
  if (payload.action === "edited" && !payload.changes?.body)
    return ignored("It is an edit that leaves the description as it was.");
  return {
    heard: "mention",
    mention: {
      ...common,
      key: `github:${host}:description:${subject}`,
      author: author(issue.user ?? payload.sender, { text: issue.body ?? "" }),
      way: "description",
      at: payload.action === "opened" ? issue.created_at : issue.updated_at,
      change: changeOf(payload.action),
      ...beforeOf(payload, words),
    },
  };
}
