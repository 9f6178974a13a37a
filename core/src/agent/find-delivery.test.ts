import { describe, expect, it } from "vitest";
import { findPullRequests, findPushes, opensPullRequest } from "./find-delivery.ts";

describe("pull requests in words", () => {
  const github = "https://github.com/acme/shop";

  it.each([
    ["GitHub", github, "Done: https://github.com/acme/shop/pull/12.", 12],
    ["GitHub, with what follows", github, "see https://github.com/acme/shop/pull/12/files#r1", 12],
    [
      "Enterprise Server",
      "https://git.example.com/acme/shop",
      "(https://git.example.com/acme/shop/pull/3)",
      3,
    ],
    [
      "GitLab",
      "https://gitlab.com/group/sub/shop",
      "https://gitlab.com/group/sub/shop/-/merge_requests/7",
      7,
    ],
    [
      "GitLab under a path",
      "https://example.com/gitlab/g/s",
      "http://example.com/gitlab/g/s/-/merge_requests/7",
      7,
    ],
    [
      "Bitbucket Cloud",
      "https://bitbucket.org/acme/shop",
      "[PR](https://bitbucket.org/acme/shop/pull-requests/5)",
      5,
    ],
    [
      "Bitbucket Data Center",
      "https://bb.example.com/projects/P/repos/shop",
      "https://bb.example.com/projects/P/repos/shop/pull-requests/9/overview",
      9,
    ],
    ["any case", github, "https://GitHub.com/Acme/Shop/pull/4", 4],
  ])("are found: %s", (_, repository, text, number) => {
    expect(findPullRequests(text, repository).map((found) => found.number)).toEqual([number]);
  });

  it.each([
    ["another repository", "https://github.com/acme/shop2/pull/1"],
    ["a repository whose name begins alike", "https://github.com/acme/shop-api/pull/1"],
    ["another host", "https://github.com.evil.example/acme/shop/pull/1"],
    ["an issue", "https://github.com/acme/shop/issues/1"],
    ["the page that makes one", "https://github.com/acme/shop/pull/new/fix"],
    ["a branch named like a number", "https://github.com/acme/shop/pull/12-fix"],
  ])("are not %s", (_, text) => {
    expect(findPullRequests(text, github)).toEqual([]);
  });

  it("are told once each, with the address as written", () => {
    expect(findPullRequests(`${github}/pull/1 ${github}/pull/2 ${github}/pull/1`, github)).toEqual([
      { url: `${github}/pull/1`, number: 1 },
      { url: `${github}/pull/2`, number: 2 },
    ]);
  });

  it("are found in long output without trying for ever", () => {
    const began = performance.now();
    findPullRequests(`${"https://github.com/acme/shop/".repeat(50_000)}pull/1`, github);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe("what opens a pull request", () => {
  it.each([
    ["terminal", "gh pr create --title x --body y"],
    ["terminal", "glab mr create -f"],
    [
      "terminal",
      `curl -s -X POST -H "Authorization: token $GITHUB_TOKEN" https://api.github.com/repos/acme/shop/pulls -d '{"title":"x"}'`,
    ],
    [
      "terminal",
      "python3 -c 'requests.post(\"https://gitlab.com/api/v4/projects/1/merge_requests\", json={})'",
    ],
    ["create_pr", ""],
    ["create_mr", ""],
    ["create_bitbucket_pr", ""],
    ["create_pull_request", ""],
  ])("%s %s", (tool, command) => {
    expect(opensPullRequest(tool, command)).toBe(true);
  });

  it.each([
    ["terminal", "gh pr list"],
    ["terminal", "gh pr view 12 --json url"],
    ["terminal", "curl https://api.github.com/repos/acme/shop/pulls"],
    ["terminal", "git log"],
    ["list_pull_requests", ""],
  ])("is not %s %s", (tool, command) => {
    expect(opensPullRequest(tool, command)).toBe(false);
  });
});

describe("what git pushed", () => {
  it("a new branch", () => {
    const output =
      "remote: Create a pull request\nTo https://github.com/acme/shop.git\n * [new branch]      openhands/fix -> openhands/fix\n";
    expect(findPushes("git push -u origin openhands/fix", output)).toEqual(["openhands/fix"]);
  });

  it("more commits, and commits that replace others", () => {
    expect(findPushes("git push", "To x\n   1a2b3c4..5d6e7f8  main -> main\n")).toEqual(["main"]);
    expect(findPushes("git push -f", "To x\n + 1a2b3c4...5d6e7f8 fix -> fix (forced update)\n")).toEqual([
      "fix",
    ]);
  });

  it("is not what was rejected, fetched, or already there", () => {
    expect(findPushes("git push", "To x\n ! [rejected]        main -> main (fetch first)\n")).toEqual([]);
    expect(findPushes("git push", "Everything up-to-date")).toEqual([]);
    expect(findPushes("git fetch", "From x\n   1a2b3c4..5d6e7f8  main -> origin/main\n")).toEqual([]);
  });
});
