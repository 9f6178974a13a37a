import { Failure } from "@ask-openhands/core/failure.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guessEvent, hear, mayConcern } from "./hear.ts";
import {
  bot,
  comment,
  ear,
  envelope,
  heard,
  inline,
  issue,
  mara,
  pullRequest,
  renovate,
  repository,
  review,
  reviewer,
  whyIgnored,
} from "./hear-samples.ts";

describe("comments", () => {
  it("on an issue are heard with place, author and a key of their own", () => {
    expect(
      heard("issue_comment", { ...envelope, action: "created", issue, comment }, { connection: "c1" }),
    ).toEqual({
      key: "github:github.com:comment:42",
      place: {
        platform: "github",
        host: "github.com",
        key: "github:github.com:500#12",
        kind: "issue",
        url: "https://github.com/mara/shop/issues/12",
        title: "Crash on empty cart",
        label: "#12",
        repository: "mara/shop",
        connection: "c1",
        address: { repositoryId: "500", number: "12", installation: "9" },
      },
      author: { platform: "github", host: "github.com", id: "11", name: "mara", kind: "person" },
      way: "comment",
      text: "@openhands fix this",
      at: "2026-05-01T11:00:00Z",
      url: "https://github.com/mara/shop/issues/12#issuecomment-42",
      change: "new",
      reply: { comment: "42" },
    });
  });

  it("on a pull request have the same place as its reviews", () => {
    const asComment = heard("issue_comment", {
      ...envelope,
      action: "created",
      issue: { ...issue, pull_request: {} },
      comment,
    });
    const asReview = heard("pull_request_review", {
      ...envelope,
      action: "submitted",
      pull_request: pullRequest,
      review,
    });
    expect(asComment.place.kind).toBe("pull-request");
    expect(asComment.place.key).toBe(asReview.place.key);
  });

  it("that are edited tell the text before, and ask in the name of the editor", () => {
    const edited = {
      ...envelope,
      sender: reviewer,
      action: "edited",
      issue,
      comment,
      changes: { body: { from: "fix this" } },
    };
    expect(heard("issue_comment", edited)).toMatchObject({
      change: "edited",
      before: "fix this",
      at: "2026-05-01T11:05:00Z",
      author: { id: "12", name: "ines" },
      key: "github:github.com:comment:42",
    });
  });

  it("that are deleted carry the key of the ask that they take back", () => {
    const gone = heard("issue_comment", { ...envelope, action: "deleted", sender: reviewer, issue, comment });
    expect(gone).toMatchObject({
      key: "github:github.com:comment:42",
      change: "deleted",
      author: { id: "11" },
    });
  });

  it("of our own account, through our App and of other bots are told apart", () => {
    const by = (user: typeof mara, more: object = {}) =>
      heard("issue_comment", {
        ...envelope,
        action: "created",
        issue,
        comment: { ...comment, user, ...more },
      }).author.kind;
    expect([by(mara), by(renovate), by(bot), by({ ...mara, login: "mara[bot]" })]).toEqual([
      "person",
      "bot",
      "self",
      "bot",
    ]);
  });

  it("on an Enterprise Server keep its host and port", () => {
    const ghes = { ...repository, html_url: "https://ghe.example.com:8443/mara/shop" };
    const mention = heard("issue_comment", {
      ...envelope,
      repository: ghes,
      action: "created",
      issue,
      comment,
    });
    expect([mention.place.host, mention.key]).toEqual([
      "ghe.example.com:8443",
      "github:ghe.example.com:8443:comment:42",
    ]);
  });

  it("take the host from the API's address, then from the header, when browser addresses are missing", () => {
    const host = (url: string | undefined, fallback?: string) =>
      heard(
        "issue_comment",
        {
          ...envelope,
          repository: { id: 1, full_name: "a/b", url },
          action: "created",
          issue: { ...issue, html_url: null },
          comment,
        },
        { host: fallback },
      ).place;
    expect(host("https://api.github.com/repos/a/b").host).toBe("github.com");
    expect(host("https://api.octo.ghe.com/repos/a/b").host).toBe("octo.ghe.com");
    expect(host("https://ghe.example.com/api/v3/repos/a/b").host).toBe("ghe.example.com");
    expect(host(undefined, "ghe.local")).toMatchObject({
      host: "ghe.local",
      url: "https://ghe.local/a/b/issues/12",
    });
  });
});

describe("descriptions, labels, assignments", () => {
  it("hear the description of an opened issue and pull request", () => {
    expect(heard("issues", { ...envelope, action: "opened", issue: { ...issue, body: null } })).toMatchObject(
      { way: "description", text: "", key: "github:github.com:description:500#12" },
    );
    expect(
      heard("pull_request", { ...envelope, action: "opened", pull_request: pullRequest }).place.kind,
    ).toBe("pull-request");
  });

  it("ignore an edit that leaves the description as it was", () => {
    expect(
      whyIgnored("issues", { ...envelope, action: "edited", issue, changes: { title: { from: "x" } } }),
    ).toMatch(/leaves the description/);
    expect(
      heard("issues", { ...envelope, action: "edited", issue, changes: { body: { from: "x" } } }),
    ).toMatchObject({ change: "edited", before: "x" });
  });

  it("ask for our label in any case, and again when it is added again, but not for a second delivery", () => {
    const labeled = (name: string, at = issue.updated_at) => ({
      ...envelope,
      sender: reviewer,
      action: "labeled",
      label: { name },
      issue: { ...issue, updated_at: at },
    });
    const first = heard("issues", labeled("OpenHands"));
    expect(first).toMatchObject({ way: "label", author: { name: "ines" } });
    expect(heard("issues", labeled("OpenHands")).key).toBe(first.key);
    expect(heard("issues", labeled("openhands", "2026-05-02T00:00:00Z")).key).not.toBe(first.key);
    expect(whyIgnored("issues", labeled("bug"))).toBe('The label "bug" is not one that asks us.');
    const onPullRequest = { ...labeled("openhands"), issue: undefined, pull_request: pullRequest };
    expect(heard("pull_request", onPullRequest).place.kind).toBe("pull-request");
  });

  it("ask when our own account is assigned, and only then", () => {
    const assigned = (assignee: typeof mara) => ({ ...envelope, action: "assigned", issue, assignee });
    expect(heard("issues", assigned(bot)).way).toBe("assignment");
    expect(whyIgnored("issues", assigned(mara))).toBe("Somebody else was assigned.");
  });
});

describe("everything else", () => {
  it("is ignored with a reason", () => {
    expect(whyIgnored("ping", { zen: "Keep it logically awesome.", hook_id: 1 })).toMatch(/ping/);
    expect(whyIgnored("push", { ref: "refs/heads/main" })).toBe(
      "Events of the kind push never ask for something.",
    );
    expect(whyIgnored("issues", { ...envelope, action: "closed", issue })).toBe(
      'The action "closed" of issues never asks for something.',
    );
    expect(whyIgnored(undefined, { hello: "world" })).toMatch(/none of GitHub's events/);
    expect([
      mayConcern("push"),
      mayConcern("issue_comment"),
      mayConcern("constructor"),
      mayConcern(undefined),
    ]).toEqual([false, true, false, true]);
  });

  it("is refused in one sentence when the payload is not the event that it claims to be", () => {
    const wrong = () =>
      hear("pull_request_review_comment", { ...envelope, action: "created", issue, comment }, ear);
    expect(wrong).toThrow(Failure);
    expect(wrong).toThrow(/not a GitHub pull_request_review_comment delivery: "pull_request" is missing/);
    for (const body of [null, 3, "text", [], {}, { action: 5 }])
      expect(() => hear("issue_comment", body, ear)).toThrow(Failure);
  });

  it("never breaks, whatever the payload's shape", () => {
    const part = fc.oneof(
      fc.constant(issue),
      fc.constant(comment),
      fc.constant(inline),
      fc.constant(review),
      fc.constant(repository),
      fc.constant(mara),
      fc.anything(),
    );
    const body = fc.record(
      {
        action: fc.constantFrom("created", "edited", "opened", "labeled", "submitted", "assigned"),
        issue: part,
        comment: part,
        pull_request: part,
        review: part,
        repository: part,
        sender: part,
        label: part,
        changes: part,
      },
      { requiredKeys: ["action"] },
    );
    const events = fc.constantFrom(
      "issue_comment",
      "issues",
      "pull_request",
      "pull_request_review",
      "pull_request_review_comment",
      undefined,
    );
    fc.assert(
      fc.property(events, body, (event, payload) => {
        try {
          return ["mention", "ignored"].includes(hear(event, payload, ear).heard);
        } catch (error) {
          return error instanceof Failure && error.kind === "bad-input";
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("guesses the event from the payload's shape", () => {
    const guesses = [
      guessEvent({ action: "created", issue, comment }),
      guessEvent({ action: "created", pull_request: pullRequest, comment: inline }),
      guessEvent({ action: "submitted", pull_request: pullRequest, review }),
      guessEvent({ action: "opened", issue }),
      guessEvent({ action: "opened", pull_request: pullRequest }),
      guessEvent({ action: "created", comment, discussion: {} }),
      guessEvent({ zen: "x", hook_id: 1 }),
    ];
    expect(guesses).toEqual([
      "issue_comment",
      "pull_request_review_comment",
      "pull_request_review",
      "issues",
      "pull_request",
      undefined,
      "ping",
    ]);
  });
});
