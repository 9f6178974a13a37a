import { describe, expect, it } from "vitest";
import { places } from "./page-place/addresses.test-data.ts";
import type { PagePlace, Product } from "./page-place/page.ts";
import { findPage, productOfHost } from "./page-place.ts";

const brief = (page: PagePlace | undefined): string | undefined =>
  page && [page.kind, page.label, page.repository ?? "-", page.url].join(" ");

const nowhere: Readonly<Record<Product, readonly string[]>> = {
  github: [
    "https://github.com/",
    "https://github.com/acme",
    "https://github.com/acme/app/issues",
    "https://github.com/acme/app/issues/new",
    "https://github.com/acme/app/issues/0",
    "https://github.com/acme/app/pulls",
    "https://github.com/settings/profile",
    "https://github.com/orgs/acme/projects/3",
    "https://github.com/acme/app/projects/3",
    "https://github.com/issues/assigned",
    "https://github.com/issues/assigned?issue=acme%7Capp%7Cnew",
    "https://github.com/acme/app/blob/main",
    "https://github.com/acme/app/actions",
    "https://github.com/acme/app/settings/hooks",
    "ftp://github.com/acme/app",
    "not an address",
  ],
  gitlab: [
    "https://gitlab.com/",
    "https://gitlab.com/acme",
    "https://gitlab.com/groups/acme/-/issues",
    "https://gitlab.com/acme/app/-/issues",
    "https://gitlab.com/acme/app/-/merge_requests/new",
    "https://gitlab.com/acme/app/-/boards/1?show=not-base64",
    "https://gitlab.com/dashboard/issues",
    "https://gitlab.com/-/user_settings/profile",
  ],
  "bitbucket-cloud": [
    "https://bitbucket.org/",
    "https://bitbucket.org/team/workspace/overview",
    "https://bitbucket.org/team/app/pull-requests/",
    "https://bitbucket.org/account/settings",
    "https://bitbucket.org/team/app/admin",
  ],
  "bitbucket-dc": [
    "https://git.example.com/dashboard",
    "https://git.example.com/projects/ENG",
    "https://git.example.com/projects/ENG/repos/app/pull-requests",
    "https://git.example.com/projects/ENG/repos/app/commits",
  ],
  "jira-cloud": [
    "https://acme.atlassian.net/jira/software/projects/ABC/boards/1",
    "https://acme.atlassian.net/issues/?jql=project%3DABC",
    "https://acme.atlassian.net/wiki/spaces/ABC-1",
    "https://acme.atlassian.net/browse/ABC",
  ],
  "jira-dc": [
    "https://jira.example.com/secure/Dashboard.jspa",
    "https://jira.example.com/issues/?jql=",
    "https://jira.example.com/browse/ABC",
    "https://jira.example.com/servicedesk/customer/portal/1/ABC-1",
  ],
};

describe("a browser address", () => {
  for (const [product, pages] of Object.entries(places) as [Product, Readonly<Record<string, string>>][]) {
    it.each(Object.entries(pages))(`of ${product} says what it is about: %s`, (url, expected) => {
      expect(brief(findPage(product, url))).toEqual(expected);
    });
  }

  for (const [product, urls] of Object.entries(nowhere) as [Product, readonly string[]][]) {
    it.each(urls)(`of ${product} that is no place says so: %s`, (url) => {
      expect(findPage(product, url)).toBeUndefined();
    });
  }

  it("keeps the canonical address of a place stable when read again", () => {
    for (const [product, pages] of Object.entries(places) as [Product, Readonly<Record<string, string>>][]) {
      for (const expected of Object.values(pages)) {
        const again = findPage(product, expected.split(" ").at(-1) ?? "");
        expect(again?.url).toBe(expected.split(" ").at(-1));
      }
    }
  });

  it.each([
    ["github", "https://github.com/a/b/blob/main/x.ts#L10-L20", 10, 20],
    ["github", "https://github.com/a/b/blob/main/x.ts#L20C3-L10C1", 10, 20],
    ["github", "https://github.com/a/b/blob/main/x.ts#L7", 7, 7],
    ["gitlab", "https://gitlab.com/a/b/-/blob/main/x.ts#LC7", 7, 7],
    ["bitbucket-cloud", "https://bitbucket.org/a/b/src/main/x.ts#lines-3:5", 3, 5],
    ["bitbucket-dc", "https://git.example.com/projects/A/repos/b/browse/x.ts#4-6", 4, 6],
  ] as const)("of %s names the lines: %s", (product, url, from, to) => {
    expect(findPage(product, url)?.lines).toEqual({ from, to });
  });

  it("leaves branch and path together where a slash could belong to either, and splits them where it could not", () => {
    const sha = "0123456789abcdef0123456789abcdef01234567";
    const branch = findPage("github", "https://github.com/a/b/blob/feature/x/y.ts");
    expect([branch?.ref, branch?.path, branch?.refAndPath]).toEqual([undefined, undefined, "feature/x/y.ts"]);
    const commit = findPage("github", `https://github.com/a/b/blob/${sha}/x/y.ts`);
    expect([commit?.ref, commit?.path]).toEqual([sha, "x/y.ts"]);
    const at = findPage(
      "bitbucket-dc",
      "https://git.example.com/projects/A/repos/b/browse/x/y.ts?at=refs%2Fheads%2Ffeature%2Fx",
    );
    expect([at?.ref, at?.path]).toEqual(["feature/x", "x/y.ts"]);
  });

  it("takes the host with port and context path, in lower case", () => {
    expect(findPage("jira-dc", "https://Tools.example.com:8080/Jira/browse/ABC-1")?.host).toBe(
      "tools.example.com:8080/jira",
    );
    expect(findPage("gitlab", "https://example.com/gitlab/a/b/-/issues/1", "/gitlab")?.host).toBe(
      "example.com/gitlab",
    );
    expect(findPage("gitlab", "https://example.com/gitlab/a/b/-/issues/1", "/gitlab")?.repository).toBe(
      "a/b",
    );
    expect(findPage("gitlab", "https://example.com/other/a/b/-/issues/1", "/gitlab")).toBeUndefined();
  });

  it("survives text that is no valid percent encoding", () => {
    expect(findPage("github", "https://github.com/a/b/blob/main/100%.txt")?.label).toBe("100%.txt");
  });

  it("knows the product of public hosts only", () => {
    expect(productOfHost("GitHub.com")).toBe("github");
    expect(productOfHost("acme.atlassian.net")).toBe("jira-cloud");
    expect(productOfHost("evil-github.com")).toBeUndefined();
    expect(productOfHost("github.com.evil.example")).toBeUndefined();
    expect(productOfHost("git.example.com")).toBeUndefined();
  });
});
