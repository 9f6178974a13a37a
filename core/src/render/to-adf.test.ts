import { describe, expect, it } from "vitest";
import { describeConfig } from "./answers.ts";
import { describeClosing, describeReport } from "./report.ts";
import { asker, doneRun, facts, now, workingRun } from "./run-example.ts";
import { type AdfNode, toAdf } from "./to-adf.ts";

const markdown = (text: string): readonly AdfNode[] => [
  { type: "paragraph", content: [{ type: "text", text }] },
];

const plain = (node: { readonly content?: readonly AdfNode[] }): string =>
  (node.content ?? [])
    .map(
      (child) =>
        (child.text ?? child.attrs?.["text"] ?? "") + plain(child) + (child.type === "paragraph" ? "\n" : ""),
    )
    .join("");

const everyNode = (nodes: readonly AdfNode[]): readonly AdfNode[] =>
  nodes.flatMap((node) => [node, ...everyNode(node.content ?? [])]);

describe("toAdf", () => {
  it("shows a report", () => {
    const document = toAdf(describeReport(workingRun, now, facts), { markdown });
    expect(document).toMatchObject({ version: 1, type: "doc" });
    expect(plain(document)).toBe(`🛠️ OpenHands is working on it
✅ Find the failing test
🔄 Fix login() in src/auth_login.ts
⬜ Open a pull request
Last steps (12 earlier ones not shown)
Read src/auth_login.ts
Ran npm test | tail (failed)
Open the conversation
To add something while it works, mention @openhands again. To stop it, write @openhands stop.
4 min · 14 steps · $0.31
`);
  });

  it("calls the asker by account id in the first line", () => {
    const document = toAdf(describeClosing(doneRun, now, facts), { markdown });
    expect(document.content[0]?.content?.slice(0, 2)).toEqual([
      { type: "mention", attrs: { id: "7", text: "@Ana" } },
      { type: "text", text: " " },
    ]);
    expect(plain(document)).toMatch(/^@Ana ✅ Done\n/);
  });

  it("has no empty text, and links only to web addresses", () => {
    const run = {
      ...workingRun,
      conversation: { agent: "a", id: "c", url: "javascript:alert(1)" },
      tasks: [{ title: "", state: "todo" as const }],
    };
    const nodes = everyNode(toAdf(describeReport(run, now, facts), { markdown }).content);
    expect(nodes.filter((node) => node.type === "text" && node.text === "")).toEqual([]);
    expect(JSON.stringify(nodes)).not.toContain("javascript:");
  });

  it("shows a table", () => {
    const settings = [{ key: "model", value: "", source: "default" as const }];
    const document = toAdf(describeConfig(settings, { ...facts, to: asker }), { markdown });
    expect(document.content.at(-1)?.type).toBe("table");
    expect(plain(document)).toContain("Setting\nValue\nFrom\nmodel\n(empty)\ndefault\n");
  });

  it("fits the limit by cutting the agent's words", () => {
    const run = { ...doneRun, outcome: { reason: "finished" as const, summary: "word ".repeat(2000) } };
    const document = toAdf(describeClosing(run, now, facts), { markdown, limit: 3000 });
    expect(plain(document).length).toBeLessThanOrEqual(3000);
    expect(plain(document)).toContain("characters left out)");
  });

  it.each<readonly [string, (text: string) => readonly AdfNode[]]>([
    ["does not fit", () => [{ type: "heading", content: [] }]],
    [
      "cannot be read",
      () => {
        throw new RangeError("Maximum call stack size exceeded");
      },
    ],
  ])("says markdown that %s as plain lines", (_, unfit) => {
    const document = toAdf(describeClosing(doneRun, now, facts), { markdown: unfit });
    expect(JSON.stringify(document)).not.toContain('"heading"');
    expect(plain(document)).toContain("\nThe test raced with the clock");
  });
});
