import { describe, expect, it } from "vitest";
import { gitUserOf } from "./git-user.ts";

describe("the user name that git sends beside a token", () => {
  it.each([
    ["github", "github_pat_1", "x-access-token"],
    ["gitlab", "glpat-1", "oauth2"],
    ["bitbucket-cloud", "ATATT3x-of-a-person", "x-bitbucket-api-token-auth"],
    ["bitbucket-cloud", "ATCTT3x-of-a-repository", "x-token-auth"],
    ["bitbucket-dc", "of-a-repository", "x-token-auth"],
  ])("is on %s for %s: %s", (platform, token, user) => {
    expect(gitUserOf(platform, token)).toBe(user);
  });

  it("is the owner's login beside a personal token of Bitbucket Data Center, and nowhere else", () => {
    expect(gitUserOf("bitbucket-dc", "personal", "kim")).toBe("kim");
    expect(gitUserOf("bitbucket-cloud", "ATATT3x", "kim")).toBe("x-bitbucket-api-token-auth");
  });
});
