import { describe, expect, it } from "vitest";
import { diffHunkAt } from "./diff-hunk.ts";

const diff = [
  "@@ -1,3 +1,4 @@",
  " one",
  "-two",
  "+zwei",
  "+drei",
  " three",
  "@@ -20,2 +21,2 @@ function f() {",
  " twenty",
  "-old",
  "+new",
  "\\ No newline at end of file",
  "",
].join("\n");

describe("the part of a diff that a comment is about", () => {
  it("is the hunk that has the new line", () => {
    expect(diffHunkAt(diff, 22, "new")).toBe(
      ["@@ -20,2 +21,2 @@ function f() {", " twenty", "-old", "+new", "\\ No newline at end of file"].join(
        "\n",
      ),
    );
  });

  it("counts removed lines on the old side", () => {
    expect(diffHunkAt(diff, 2, "old")).toContain("@@ -1,3 +1,4 @@\n one\n-two");
  });

  it("is nothing when the diff does not have the line", () => {
    expect(diffHunkAt(diff, 12, "new")).toBeUndefined();
    expect(diffHunkAt("", 1, "new")).toBeUndefined();
  });

  it("keeps some twenty lines of a hunk that is a whole file", () => {
    const whole = [
      "@@ -0,0 +1,500 @@",
      ...Array.from({ length: 500 }, (_, index) => `+line ${index + 1}`),
    ].join("\n");
    const lines = diffHunkAt(whole, 300, "new")?.split("\n") ?? [];
    expect(lines).toHaveLength(25);
    expect(lines.at(1)).toBe("+line 280");
    expect(lines.at(-1)).toBe("+line 303");
  });
});
