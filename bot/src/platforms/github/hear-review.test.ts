import { describe, expect, it } from "vitest";
import { envelope, heard, inline, pullRequest, review, whyIgnored } from "./hear-samples.ts";

describe("reviews", () => {
  const submitted = { ...envelope, action: "submitted", pull_request: pullRequest, review };
  const created = { ...envelope, action: "created", pull_request: pullRequest, comment: inline };

  it("share one key with all their comments, so that several mentions are one ask", () => {
    const second = { ...created, comment: { ...inline, id: 44 } };
    const keys = [
      heard("pull_request_review", submitted),
      heard("pull_request_review_comment", created),
      heard("pull_request_review_comment", second),
    ];
    expect(new Set(keys.map((mention) => mention.key))).toEqual(new Set(["github:github.com:review:77"]));
  });

  it("tell file, line, side and diff hunk of an inline comment, and where a reply goes", () => {
    const mention = heard("pull_request_review_comment", {
      ...created,
      comment: { ...inline, in_reply_to_id: 40 },
    });
    expect(mention).toMatchObject({
      way: "inline",
      spot: { path: "src/cart.ts", line: 3, side: "old", diffHunk: "@@ -1 +1 @@" },
      reply: { reviewComment: "43", thread: "40", review: "77" },
    });
  });

  it("are not taken back or changed by one of their comments", () => {
    expect(whyIgnored("pull_request_review_comment", { ...created, action: "deleted" })).toMatch(
      /inside a review/,
    );
    const typo = { ...created, action: "edited", changes: { body: { from: "@openhands fix tihs" } } };
    expect(whyIgnored("pull_request_review_comment", typo)).toMatch(/inside a review/);
  });

  it("ask anew when an edit of a comment or of the body newly calls us", () => {
    const edited = { action: "edited", changes: { body: { from: "please fix" } } };
    expect(heard("pull_request_review_comment", { ...created, ...edited }).key).toBe(
      "github:github.com:review-comment:43",
    );
    expect(heard("pull_request_review", { ...submitted, ...edited }).key).toBe(
      "github:github.com:review-body:77",
    );
  });
});
