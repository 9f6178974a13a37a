import { describe, expect, it } from "vitest";
import { bot, envelope, heard, issue, mara, pullRequest, reviewer, whyIgnored } from "./hear-samples.ts";

const asking = { ...issue, body: "@openhands fix this" };
const at = (time: string, more: object = asking) => ({ ...more, updated_at: `2026-05-01T${time}Z` });

describe("an issue that was transferred", () => {
  const transferred = {
    ...envelope,
    action: "opened",
    issue: asking,
    changes: { old_issue: { id: 1, number: 2 }, old_repository: { id: 3, full_name: "mara/old" } },
  };

  it("does not ask again where it comes to", () => {
    expect(whyIgnored("issues", transferred)).toMatch(/transferred/);
    expect(heard("issues", { ...transferred, changes: undefined }).way).toBe("description");
    expect(heard("issues", { ...transferred, changes: { old_issue: null } }).way).toBe("description");
  });
});

describe("a label or an assignment at creation", () => {
  const labeled = (subject: object) => ({
    ...envelope,
    action: "labeled",
    label: { name: "openhands" },
    issue: subject,
  });
  const assigned = (subject: object) => ({ ...envelope, action: "assigned", assignee: bot, issue: subject });

  it("is no second ask beside a description that calls us", () => {
    expect(whyIgnored("issues", labeled(at("10:00:03")))).toMatch(/from the start/);
    expect(whyIgnored("issues", assigned(at("10:00:00")))).toMatch(/from the start/);
    const onPullRequest = { ...labeled(asking), issue: undefined };
    expect(
      whyIgnored("pull_request", {
        ...onPullRequest,
        pull_request: at("10:00:02", { ...pullRequest, body: asking.body }),
      }),
    ).toMatch(/from the start/);
  });

  it("asks when the description does not, when it comes later, and when somebody else gives it", () => {
    expect(heard("issues", labeled(at("10:00:03", issue))).way).toBe("label");
    expect(heard("issues", assigned(at("10:00:03", issue))).way).toBe("assignment");
    expect(heard("issues", labeled(at("10:01:00"))).way).toBe("label");
    expect(heard("issues", { ...labeled(at("10:00:03")), sender: reviewer }).way).toBe("label");
  });
});

describe("a mention of our account by its name", () => {
  const machine = { id: 99, login: "acme-bot", type: "User" };
  const named = {
    own: () => ({ known: [{ id: "99", login: machine.login, shared: false }], complete: true }),
    handle: "@openhands",
  };

  it("that an edit leaves is told as it was before in the same words", () => {
    const typo = { ...envelope, action: "edited", changes: { body: { from: "@acme-bot fix tihs" } } };
    const comment = { id: 5, body: "@acme-bot fix this", user: mara, created_at: "", updated_at: "" };
    expect(heard("issue_comment", { ...typo, issue, comment }, named)).toMatchObject({
      text: "@openhands fix this",
      before: "@openhands fix tihs",
    });
    expect(heard("issues", { ...typo, issue: { ...issue, body: comment.body } }, named).before).toBe(
      "@openhands fix tihs",
    );
  });
});
