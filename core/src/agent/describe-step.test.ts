import { expect, it } from "vitest";
import { OpenHandsEvent } from "../wire/openhands-event.ts";
import { describeStep } from "./describe-step.ts";

const describing = (fields: object, workingDir?: string): string =>
  describeStep(
    OpenHandsEvent.parse({ id: "1", kind: "ActionEvent", timestamp: "", source: "agent", ...fields }),
    workingDir,
  );

it("takes the agent's own words", () => {
  expect(
    describing({ summary: "Look at the failing  test", action: { kind: "TerminalAction", command: "x" } }),
  ).toBe("Look at the failing test");
});

it.each(['terminal: {"command": "ls"}', 'file_editor : {"path": "/x"}', "execute_bash:[1]"])(
  "does not take the server's stand-in for words (%s)",
  (summary) => {
    expect(describing({ summary, action: { kind: "TerminalAction", command: "ls -la" } })).toBe("$ ls -la");
  },
);

it.each([
  [{ kind: "TerminalAction", command: "npm test\nnpm run lint" }, "$ npm test"],
  [{ kind: "TerminalAction", command: "", is_input: false }, "Waiting for a command"],
  [{ kind: "TerminalAction", command: "y", is_input: true }, "Typing into the terminal"],
  [
    { kind: "FileEditorAction", command: "view", path: "/workspace/project/shop/src/a.ts" },
    "Reading src/a.ts",
  ],
  [{ kind: "FileEditorAction", command: "create", path: "/home/x/work/new.ts" }, "Creating new.ts"],
  [{ kind: "FileEditorAction", command: "str_replace", path: "/home/x/work/a.ts" }, "Editing a.ts"],
  [{ kind: "GrepAction" }, "Searching the code"],
])("describes %j", (action, text) => {
  expect(describing({ action }, "/home/x/work")).toBe(text);
});

it("names tools that it does not know, in words", () => {
  expect(describing({ tool_name: "browser_click", action: { kind: "BrowserClickAction" } })).toBe(
    "Browser click",
  );
  expect(describing({ action: null })).toBe("Working");
});

it("clips what is long", () => {
  expect(
    describing({ action: { kind: "TerminalAction", command: "x".repeat(500) } }).length,
  ).toBeLessThanOrEqual(122);
  expect(describing({ summary: "word ".repeat(100) })).toHaveLength(160);
});
