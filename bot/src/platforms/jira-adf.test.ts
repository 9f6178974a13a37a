import { describe, expect, it } from "vitest";
import { adfToMarkdown } from "./jira-adf.ts";

const document = (...content: readonly object[]) => ({
  type: "doc",
  content: [{ type: "paragraph", content }],
});
const read = (...content: readonly object[]): string =>
  adfToMarkdown(document(...content), (_id, shown) => shown);

describe("a document of Jira", () => {
  it("shows its dates", () => {
    expect(read({ type: "date", attrs: { timestamp: "1772366400000" } })).toBe("2026-03-01");
  });

  it.each(["1e300", "-8640000000000001", "Infinity", "soon", null, {}])(
    "is read although a date says %j, which no calendar has",
    (timestamp) => {
      const found = read({ type: "date", attrs: { timestamp } }, { type: "text", text: " fix it" });
      expect(found).toContain("fix it");
    },
  );
});
