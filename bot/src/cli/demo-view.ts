import { styleText } from "node:util";
import type { DemoComment } from "./demo-github.ts";

/** Third-party text must not command the terminal. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}]/gu, (char) => (char === "\n" ? char : ""));

/** A comment as people see it: without what GitHub hides or folds. */
const visibleLines = (body: string): readonly string[] =>
  printable(body)
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<summary>([^<]*)<\/summary>/g, "$1:")
    .replace(/<\/?(?:details|sub|summary)[^>]*>/g, "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== "");

export interface Growth {
  readonly comment: DemoComment;
  readonly edits: number;
}

/** Follows a thread and prints what is new in it: each comment once, of its edits the lines that changed. */
export const createThreadView = (print: (line: string) => void, now: () => number = Date.now) => {
  const seen = new Map<
    number,
    { lines: readonly string[]; body: string; edits: number; comment: DemoComment }
  >();
  const startedAt = now();

  const clock = (): string => styleText("dim", `${((now() - startedAt) / 1000).toFixed(1).padStart(5)} s`);
  const indent = (lines: readonly string[], mark: string): void => {
    for (const line of lines) print(`${" ".repeat(8)}${mark} ${line}`);
  };

  return {
    show(comments: readonly DemoComment[]): void {
      for (const comment of comments) {
        const lines = visibleLines(comment.body);
        const known = seen.get(comment.id);
        const who = styleText(
          ["bold", comment.user.login.endsWith("[bot]") ? "cyan" : "green"],
          comment.user.login,
        );
        if (!known) {
          print(`${clock()} ${who} commented`);
          indent(lines, styleText("dim", "│"));
          seen.set(comment.id, { lines, body: comment.body, edits: 0, comment });
          continue;
        }
        if (known.body === comment.body) continue;
        const fresh = lines.filter((line) => !known.lines.includes(line));
        print(`${clock()} ${who} edited its report (${known.edits + 1})`);
        indent(fresh, styleText("yellow", "~"));
        seen.set(comment.id, { lines, body: comment.body, edits: known.edits + 1, comment });
      }
    },
    /** All comments so far with how often each was seen to change. */
    growth: (): readonly Growth[] => [...seen.values()].map(({ comment, edits }) => ({ comment, edits })),
  };
};
