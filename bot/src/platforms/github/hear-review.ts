import {
  type GitHubEventBase,
  githubReviewCommentEvent,
  githubReviewEvent,
} from "@ask-openhands/core/wire/github.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import { beforeOf, changeOf, type Ear, type Envelope, ignored, open, read } from "./envelope.ts";

/**
 * A submitted review arrives as one `pull_request_review` and one `pull_request_review_comment` for each of its comments; a reply in a thread is a review of
 * its own. They share the review's key, so that several mentions in one review are one ask. What the review says is read again when its turn comes, so edits
 * and deletions of its parts need no word here, and taking one part back does not take back what the others ask.
 */
export function hearReviewComment(body: unknown, ear: Ear): Heard {
  const payload = read("pull_request_review_comment", githubReviewCommentEvent, body);
  const { pull_request: pullRequest, comment } = payload;
  if (payload.action === "deleted") return ignored(readLater);
  const { host, place, author, words } = open(payload, pullRequest, "pull-request", ear);
  const added = payload.action === "edited";
  if (added && !newlyCalls(payload, comment.body, words, ear)) return ignored(readLater);
  const review = comment.pull_request_review_id;
  const line = comment.line ?? comment.original_line;
  const startLine = comment.start_line ?? comment.original_start_line;
  return {
    heard: "mention",
    mention: {
      // The review may have been answered long ago, so an edit that newly calls us is an ask of its own.
      key:
        review && !added ? `github:${host}:review:${review}` : `github:${host}:review-comment:${comment.id}`,
      place,
      author: author(comment.user, { text: comment.body ?? "", appId: comment.performed_via_github_app?.id }),
      way: "inline",
      text: words(comment.body),
      at: added ? comment.updated_at : comment.created_at,
      ...(comment.html_url ? { url: comment.html_url } : {}),
      change: changeOf(payload.action),
      ...beforeOf(payload, words),
      spot: {
        path: comment.path,
        ...(line ? { line } : {}),
        ...(startLine ? { startLine } : {}),
        ...(comment.side ? { side: comment.side === "LEFT" ? "old" : "new" } : {}),
        ...(comment.diff_hunk ? { diffHunk: comment.diff_hunk } : {}),
      },
      reply: {
        reviewComment: String(comment.id),
        // A reply goes to the first comment of its thread: https://docs.github.com/rest/pulls/comments#create-a-reply-for-a-review-comment
        thread: String(comment.in_reply_to_id ?? comment.id),
        ...(review ? { review: String(review) } : {}),
      },
    },
  };
}

const readLater = "It is a change inside a review: what the review says is read when its turn comes.";
const newlyCalls = (
  payload: GitHubEventBase,
  text: string | null | undefined,
  words: Envelope["words"],
  ear: Ear,
): boolean => ear.mentions(words(text)) && !ear.mentions(words(payload.changes?.body?.from));

export function hearReview(body: unknown, ear: Ear): Heard {
  const payload = read("pull_request_review", githubReviewEvent, body);
  const { pull_request: pullRequest, review } = payload;
  const { host, place, author, words } = open(payload, pullRequest, "pull-request", ear);
  const added = payload.action === "edited";
  if (added && !newlyCalls(payload, review.body, words, ear)) return ignored(readLater);
  return {
    heard: "mention",
    mention: {
      key: `github:${host}:${added ? "review-body" : "review"}:${review.id}`,
      place,
      author: author(review.user, { text: review.body ?? "" }),
      way: "review",
      text: words(review.body),
      at: (added ? pullRequest.updated_at : review.submitted_at) ?? pullRequest.updated_at,
      ...(review.html_url ? { url: review.html_url } : {}),
      change: changeOf(payload.action),
      ...beforeOf(payload, words),
      reply: { review: String(review.id) },
    },
  };
}
