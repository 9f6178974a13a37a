import { describe, expect, it } from "vitest";
import { groupSettings, sayChoice } from "./setting-groups.ts";

const setting = (key: string) => ({
  key,
  label: key,
  help: "",
  format: "text",
  value: "",
  source: "default" as const,
});

describe("groups of settings", () => {
  it("show every setting once, also one that no group knows", () => {
    const keys = ["model", "invented", "handles", "runTimeout"];
    const shown = groupSettings(keys.map(setting));
    expect(shown.map(({ title, items }) => [title, items.map(({ key }) => key)])).toEqual([
      ["What calls the bot", ["handles"]],
      ["How it works", ["model"]],
      ["Limits", ["runTimeout"]],
      ["Others", ["invented"]],
    ]);
  });

  it("say choices in words, and an unknown one as it is", () => {
    expect(sayChoice("closing", "report")).toBe("In the report only");
    expect(sayChoice("closing", "loud")).toBe("loud");
    expect(sayChoice("model", "x")).toBe("x");
  });
});
