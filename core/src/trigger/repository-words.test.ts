import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { repositoryWords } from "./repository-words.ts";

const names = (text: string): readonly string[] =>
  repositoryWords(text).map((word) => (word.host ? `${word.host}|${word.name}` : word.name));

describe("repositories that a text may name", () => {
  it.each([
    ["please fix acme/shop", ["acme/shop"]],
    ["see https://github.com/acme/shop/issues/12.", ["github.com|acme/shop"]],
    [
      "https://gitlab.example.com/group/sub/project/-/merge_requests/3",
      ["gitlab.example.com|group/sub/project"],
    ],
    ["https://bitbucket.org/team/repo/src/main/README.md", ["bitbucket.org|team/repo"]],
    [
      "https://git.example.com/bitbucket/projects/PROJ/repos/web/pull-requests/1",
      ["git.example.com/bitbucket|PROJ/web"],
    ],
    ["https://git.example.com/users/mira/repos/notes/browse", ["git.example.com|~mira/notes"]],
    ["https://git.example.com/scm/PROJ/web.git", ["git.example.com|PROJ/web"]],
    ["clone git@github.com:acme/shop.git", ["github.com|acme/shop"]],
    ["Repository: acme/shop\nand also acme/shop", ["acme/shop"]],
    ["acme/shop, then acme/api", ["acme/shop", "acme/api"]],
  ])("%j names %j", (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it.each([
    "due 12/03/2026",
    "and/or n/a w/o",
    "src/main.ts",
    "a path like src/app/index is no name",
    "version 1/2",
    "write to me@example.com/x",
    "../../etc/passwd",
    "https://example.com",
    "https://github.com/acme",
  ])("%j names none", (text) => {
    expect(names(text)).toEqual([]);
  });

  it("never gives more than asked for, and only names that are safe to send", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 5 }), (text, most) => {
        const found = repositoryWords(text, most);
        return (
          found.length <= most && found.every((word) => !word.name.includes("..") && word.name.includes("/"))
        );
      }),
    );
  });

  it("stays linear on long hostile text", () => {
    expect(repositoryWords("https://".repeat(50_000)).length).toBeLessThanOrEqual(8);
    expect(repositoryWords(`${"a/".repeat(100_000)}b`)).toEqual([]);
    expect(repositoryWords("a".repeat(300_000))).toEqual([]);
  });
});
