/** Lines of a hunk that are kept around the commented one; a hunk can be a whole new file. */
const around = 20;

const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

interface Line {
  readonly text: string;
  readonly old?: number | undefined;
  readonly new?: number | undefined;
}

/** The lines of one hunk with their numbers on both sides. */
function numbered(header: RegExpExecArray, body: readonly string[]): readonly Line[] {
  let old = Number(header[1]);
  let fresh = Number(header[3]);
  return body.map((text): Line => {
    if (text.startsWith("+")) return { text, new: fresh++ };
    if (text.startsWith("-")) return { text, old: old++ };
    if (text.startsWith("\\")) return { text };
    return { text, old: old++, new: fresh++ };
  });
}

/**
 * The part of a unified diff that a comment on `line` is about, with its `@@` header as GitHub shows it: up to the line itself and a few after it.
 * `side` "old" counts removed lines. `undefined` when the diff does not have the line.
 */
export function diffHunkAt(diff: string, line: number, side: "old" | "new"): string | undefined {
  const lines = diff.replace(/\n$/, "").split("\n");
  const starts = lines.flatMap((text, index) => (head.test(text) ? [index] : []));
  for (const [nth, start] of starts.entries()) {
    const header = head.exec(lines[start] ?? "");
    if (header === null) continue;
    const hunk = numbered(header, lines.slice(start + 1, starts[nth + 1] ?? lines.length));
    const at = hunk.findIndex((one) => one[side] === line);
    if (at === -1) continue;
    const kept = hunk.slice(Math.max(0, at - around), at + 4);
    return [lines[start], ...kept.map(({ text }) => text)].join("\n");
  }
  return undefined;
}
