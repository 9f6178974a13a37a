import { describe, expect, it } from "vitest";
import { hear } from "./hear.ts";
import { ear, envelope, heard, inline, pullRequest, review, whyIgnored } from "./hear-samples.ts";

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

  it("ask anew when an edit newly calls our account by its name, and not when it was called before", () => {
    const named = {
      own: () => ({ known: [{ id: "99", login: "acme-bot", shared: false }], complete: true }),
      handle: "@openhands",
    };
    const edited = (from: string) => ({ action: "edited", changes: { body: { from } } });
    const body = "@acme-bot fix this";
    const comment = { ...inline, body };
    const newly = edited("please fix");
    expect(heard("pull_request_review_comment", { ...created, ...newly, comment }, named)).toMatchObject({
      text: "@openhands fix this",
      before: "please fix",
    });
    const text = heard(
      "pull_request_review",
      { ...submitted, ...newly, review: { ...review, body } },
      named,
    ).text;
    expect(text).toBe("@openhands fix this");
    const typo = { ...created, ...edited("@acme-bot fix tihs"), comment };
    expect(hear("pull_request_review_comment", typo, { ...ear, ...named }).heard).toBe("ignored");
  });
});
