import { describe, expect, it } from "vitest";
import { asSeen } from "./as-seen.ts";

const asked = Date.parse("2026-05-28T20:26:40Z");
const at = "2026-05-01T00:00:00Z";
const description = (editedAt?: string) => ({ text: "Now.", at, ...(editedAt ? { editedAt } : {}) });

describe("a description, as the people who asked have seen it", () => {
  it.each([undefined, "2026-05-28T20:26:39Z"])("stands when it was changed last at %s", (editedAt) => {
    expect(asSeen(description(editedAt), undefined, asked)).toEqual({ text: "Now.", note: "" });
    expect(asSeen(description(editedAt), "Then.", asked)).toEqual({ text: "Now.", note: "" });
  });

  it.each(["2026-05-28T20:26:40Z", "2026-05-28T20:26:41Z", "some day"])(
    "is left out when it was changed at %s, at or after the ask",
    (editedAt) => {
      const { text, note } = asSeen(description(editedAt), undefined, asked);
      expect(text).toBe("");
      expect(note).toContain("left out");
    },
  );

  it("comes as it was heard with the ask when it was changed since, and the agent is told so", () => {
    const { text, note } = asSeen(description("2026-05-28T21:00:00Z"), "Then.", asked);
    expect(text).toBe("Then.");
    expect(note).toContain("was changed since");
  });

  it("stands when it reads as it was heard, whatever else was changed", () => {
    expect(asSeen(description("2026-05-28T21:00:00Z"), "Now.", asked)).toEqual({ text: "Now.", note: "" });
  });

  it("is nothing where there is none, and nothing is said of an empty one", () => {
    expect(asSeen(undefined, "Then.", asked)).toEqual({ text: "", note: "" });
    expect(asSeen({ text: " ", at, editedAt: "2026-05-28T21:00:00Z" }, undefined, asked).note).toBe("");
  });
});
