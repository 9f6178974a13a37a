import { describe, expect, it } from "vitest";
import { addedLabels, askingLabel, removedLabels } from "./label-difference.ts";

describe("labels by difference", () => {
  it("finds what was added, whatever its case, once", () => {
    expect(addedLabels(["Bug"], ["bug", "OpenHands", "openhands", "ui"])).toEqual(["OpenHands", "ui"]);
    expect(removedLabels(["bug", "ui"], ["UI"])).toEqual(["bug"]);
  });

  it("lets a label ask when it is added with others, not when it is still there", () => {
    expect(askingLabel([], ["a", "b", "OpenHands"], ["openhands"])).toBe("OpenHands");
    expect(askingLabel(["openhands"], ["openhands", "a"], ["openhands"])).toBeUndefined();
    expect(askingLabel(["openhands"], [], ["openhands"])).toBeUndefined();
  });
});
