import { describe, expect, it } from "vitest";
import { workspaceFields } from "./workspace-fields.ts";
import { readWorkspaceField } from "./workspace-values.ts";

const read = (key: string, text: string) =>
  readWorkspaceField(
    workspaceFields.find((one) => one.key === key) ?? expect.fail(`no setting ${key}`),
    text,
  );

describe("a map of projects to repositories", () => {
  it("is kept in one spelling", () => {
    expect(read("defaultRepositories", " ABC = acme/api,\nXYZ=git.example.com/team/sub/site, ")).toEqual({
      value: "ABC=acme/api,XYZ=git.example.com/team/sub/site",
    });
    expect(read("defaultRepositories", "")).toEqual({ value: "" });
  });

  it.each(["ABC", "ABC=", "=acme/api", "ABC=api", "ABC=acme/api docs", "A B=acme/api", "ABC=acme//api"])(
    "refuses %s in one sentence",
    (text) => {
      expect(read("defaultRepositories", text)).toEqual({
        problem: "must hold entries like `ABC=owner/name`",
      });
    },
  );

  it("names a project once, but opens a room for several repositories", () => {
    const twice = "ABC=acme/api,abc=acme/site";
    expect(read("defaultRepositories", twice)).toEqual({
      problem: "names `abc` twice; a project or channel means one repository",
    });
    expect(read("openChannels", twice)).toEqual({ value: twice });
  });
});

it("a run gets a minute at least", () => {
  expect(read("runTimeout", "59s")).toEqual({ problem: "must be at least `1m`" });
  expect(read("runTimeout", "1m")).toEqual({ value: "1m" });
});
