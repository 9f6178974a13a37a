import { describe, expect, it } from "vitest";
import { findPairs, isAuthorAmong, isBlocked, isRepositoryAmong, matchesGlob } from "./matches.ts";

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

  it("knows a repository with and without its host, and takes no group for a host", () => {
    const site = (host: string) => ({ host, name: "acme/site" });
    expect(isRepositoryAmong(["git.example.com/acme/*"], site("git.example.com"))).toBe(true);
    expect(isRepositoryAmong(["git.example.com/acme/*"], site("evil.example.com"))).toBe(false);
    expect(isRepositoryAmong(["acme/site"], site("github.com"))).toBe(true);
    const dotted = { host: "gitlab.com", name: "my.group/acme/site" };
    expect(isRepositoryAmong(["acme/site"], dotted)).toBe(false);
    expect(isRepositoryAmong(["my.group/**"], dotted)).toBe(true);
    expect(isRepositoryAmong(["gitlab.com/my.group/acme/*"], dotted)).toBe(true);
  });

  it("lets in by name, and by id only with its platform; shuts out by either", () => {
    const author = { platform: "gitlab", id: "42", name: "Ada" };
    for (const entry of ["ada", "@Ada", "gitlab:ada", "gitlab:42"])
      expect(isAuthorAmong([entry], author), entry).toBe(true);
    for (const entry of ["42", "github:ada", "github:42", "4", "ad", "gitlab"])
      expect(isAuthorAmong([entry], author), entry).toBe(false);
    for (const entry of ["42", "ada", "gitlab:42"]) expect(isBlocked([entry], author), entry).toBe(true);
    expect(isBlocked(["github:42"], author)).toBe(false);
  });

  it("finds the repositories of a room", () => {
    expect(findPairs(["#general=acme/site", "C01=acme/api", "C01=acme/web"], ["C01", "general"])).toEqual([
      "acme/site",
      "acme/api",
      "acme/web",
    ]);
  });
});
