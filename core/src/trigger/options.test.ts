import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isBranchName, isModelName, isRepositoryName } from "./names.ts";
import { findOptions } from "./options.ts";

describe("findOptions", () => {
  it.each(["repo=none", "repo=None.", 'repo="none"', "repo=NONE"])("takes %j as no repository", (text) => {
    expect(findOptions(`${text} think about it`)).toMatchObject({
      options: { repository: "none" },
      refused: undefined,
    });
  });

  it.each([
    "repo=--upload-pack=x/y",
    "repo=../../etc/passwd",
    "repo=a/../b",
    "repo=a/..",
    "repo=a",
    "repo=a//b",
    "repo=$(id)/b",
    "repo=a/b;id",
    "repo=a/-b",
    "repo=a/b\\c",
    "repo=a/b%2f..",
    'repo="a/b c"',
    "repo=http://user:pw@h/a/b",
    "repo=file:///etc/x",
    "repo=",
    "repo=a/.",
    "repo=a/b.lock",
    "repo=a/b@{1}",
    "branch=--upload-pack=touch",
    "branch=-x",
    "branch=$(id)",
    "branch=a..b",
    "branch=a//b",
    "branch=/a",
    "branch=a/",
    "branch=a.lock",
    "branch=.a",
    "branch=a/.b",
    "branch=a~1",
    "branch=a^",
    "branch=a:b",
    "branch=a?b",
    "branch=a*",
    "branch=a[b",
    "branch=@{-1}",
    "branch=a@{1}",
    "branch=HEAD",
    "branch=refs/heads/x",
    'branch="a b"',
    "branch=a;id",
    "branch=a|id",
    "branch=a&id",
    "branch=a\u0007b",
    "branch=a\u202eb",
    "branch=",
    "branch=a/-b",
    "model=../x",
    "model=$(id)",
    "model=-x",
    "model=a//b",
    'model="a b"',
    "model=",
  ])("refuses the hostile %j with a sentence", (text) => {
    const found = findOptions(`fix ${text}`);
    expect(found.options).toEqual({});
    expect(found.refused).toMatch(/^`(repo|branch|model)=[^`]*` is not (a|the) .+\.$/);
    expect(found.spans.length).toBe(1);
  });

  it.each([
    ["repo=owner/name", { repository: "owner/name" }],
    ["repo=owner/.github", { repository: "owner/.github" }],
    ["repo=group/sub/deeper/project", { repository: "group/sub/deeper/project" }],
    ["repo=~user/repo", { repository: "~user/repo" }],
    ["repo=git.example.com:8443/owner/name", { repository: "git.example.com:8443/owner/name" }],
    ["repo=https://git.example.com/owner/name.git/", { repository: "git.example.com/owner/name" }],
    ["branch=main", { branch: "main" }],
    ["branch=feature/ünïcode_1.2+x#3", { branch: "feature/ünïcode_1.2+x#3" }],
    ["branch=“release/1.2”", { branch: "release/1.2" }],
    ["(branch=main)", { branch: "main" }],
    ["model=ollama/qwen3:32b", { model: "ollama/qwen3:32b" }],
    ["BRANCH=main", { branch: "main" }],
    ["branch=a branch=b", { branch: "b" }],
    ["mybranch=a size=3 ?branch=b", {}],
  ])("reads %j", (text, options) => {
    expect(findOptions(text)).toMatchObject({ options });
    expect(findOptions(text).refused).toBeUndefined();
  });

  it("accepts no name that a shell, git or a path reads as anything but a name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => {
        for (const accepts of [isBranchName, isRepositoryName, isModelName]) {
          if (accepts(text))
            expect(text).not.toMatch(/^[-/]|\.\.|[\s$`"'\\;&|<>(){}!*?[\]^\p{C}]|@\{|\.lock$/u);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
