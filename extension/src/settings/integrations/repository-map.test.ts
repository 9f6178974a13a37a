import { describe, expect, it } from "vitest";
import { readMap, troubleOf, writeMap } from "./repository-map.ts";

describe("a map of projects to repositories", () => {
  it("reads what it writes, whatever stands around the entries", () => {
    const rows = readMap(" ABC = acme/api ,\n XYZ=git.example.com/team/sub/site,, ");
    expect(rows).toEqual([
      { room: "ABC", repository: "acme/api" },
      { room: "XYZ", repository: "git.example.com/team/sub/site" },
    ]);
    expect(writeMap(rows)).toBe("ABC=acme/api,XYZ=git.example.com/team/sub/site");
    expect(readMap(writeMap(rows))).toEqual(rows);
  });

  it("loses nothing that is no entry, and leaves empty rows out", () => {
    expect(readMap("nonsense")).toEqual([{ room: "nonsense", repository: "" }]);
    expect(
      writeMap([
        { room: "", repository: " " },
        { room: "ABC", repository: "" },
      ]),
    ).toBe("ABC=");
    expect(readMap("")).toEqual([]);
  });

  it("says what is wrong with a row, but not before somebody was there", () => {
    expect(troubleOf({ room: "", repository: "" }, true)).toEqual({});
    expect(troubleOf({ room: "ABC", repository: "" }, false).repository).toBeUndefined();
    expect(troubleOf({ room: "ABC", repository: "" }, true).repository).toBe("Which repository?");
    expect(troubleOf({ room: "", repository: "acme/api" }, true).room).toBe("Which project or channel?");
    expect(troubleOf({ room: "A B", repository: "api" }, false).repository).toBeUndefined();
    expect(troubleOf({ room: "A B", repository: "api" }, true)).toEqual({
      room: "A key has no spaces, commas or “=”.",
      repository: "Write it as owner/name, or as server/owner/name.",
    });
    expect(troubleOf({ room: "ABC", repository: "acme/api" }, true)).toEqual({});
  });
});
