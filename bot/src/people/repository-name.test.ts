import { describe, expect, it } from "vitest";
import { readRepositoryName } from "./repository-name.ts";

const known = ["github.com", "git.example.com/bitbucket", "localhost:3000"];

describe("a repository's name as people write it", () => {
  it.each([
    ["acme/site", { name: "acme/site" }],
    ["github.com/acme/site", { host: "github.com", name: "acme/site" }],
    ["GitHub.com/acme/site", { host: "github.com", name: "acme/site" }],
    ["git.example.com/bitbucket/PROJ/site", { host: "git.example.com/bitbucket", name: "PROJ/site" }],
    ["localhost:3000/acme/site", { host: "localhost:3000", name: "acme/site" }],
    ["my.group/sub/site", { name: "my.group/sub/site" }],
    ["github.com/site", { name: "github.com/site" }],
    ["", { name: "" }],
  ])("%s", (written, expected) => {
    expect(readRepositoryName(written, (host) => known.includes(host))).toEqual(expected);
  });
});
