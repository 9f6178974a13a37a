import { describe, expect, it } from "vitest";
import { findPairs, isAuthorAmong, isRepositoryAmong, matchesGlob } from "./matches.ts";

describe("matches", () => {
  it.each([
    ["acme/*", "acme/site", true],
    ["acme/*", "acme/group/site", false],
    ["acme/**", "acme/group/site", true],
    ["ACME/Site", "acme/site", true],
    ["acme/s.te", "acme/site", false],
    ["acme/*", "xacme/site", false],
    ["*/site", "acme/site", true],
    ["acme/[a]", "acme/[a]", true],
  ])("glob %s on %s: %s", (glob, name, expected) => expect(matchesGlob(glob, name)).toBe(expected));

  it("knows a repository with and without its host", () => {
    expect(isRepositoryAmong(["git.example.com/acme/*"], "git.example.com", "acme/site")).toBe(true);
    expect(isRepositoryAmong(["git.example.com/acme/*"], "evil.example.com", "acme/site")).toBe(false);
    expect(isRepositoryAmong(["acme/site"], "T0123", "github.com/acme/site")).toBe(true);
    expect(isRepositoryAmong(["gitlab.com/acme/site"], "T0123", "github.com/acme/site")).toBe(false);
  });

  it("knows an account by id, name, and name with platform, but not by another platform's name", () => {
    const author = { platform: "gitlab", id: "42", name: "Ada" };
    for (const entry of ["42", "ada", "@Ada", "gitlab:ada", "gitlab:42"])
      expect(isAuthorAmong([entry], author), entry).toBe(true);
    for (const entry of ["github:ada", "4", "ad", "gitlab"])
      expect(isAuthorAmong([entry], author), entry).toBe(false);
  });

  it("finds the repositories of a room", () => {
    expect(findPairs(["#general=acme/site", "C01=acme/api", "C01=acme/web"], ["C01", "general"])).toEqual([
      "acme/site",
      "acme/api",
      "acme/web",
    ]);
  });
});
