/** What can be taken out of a text, in the words that people read in the report. */
export type RemovalKind =
  | "HTML comment"
  | "invisible character"
  | "bidirectional control"
  | "control character"
  | "image description"
  | "link title"
  | "link definition"
  | "hidden element"
  | "hidden attribute"
  | "nested markup";

export interface Removals {
  note(kind: RemovalKind, count: number): void;
  /** "1 HTML comment", "3 invisible characters". */
  list(): readonly string[];
}

export const createRemovals = (): Removals => {
  const counts = new Map<RemovalKind, number>();
  return {
    note: (kind, count) => {
      if (count > 0) counts.set(kind, (counts.get(kind) ?? 0) + count);
    },
    list: () =>
      [...counts].map(
        ([kind, count]) => `${count} ${kind}${count === 1 || kind === "nested markup" ? "" : "s"}`,
      ),
  };
};

/** Sum of several lists that `Removals.list` made, first seen first. */
export const addRemovals = (lists: readonly (readonly string[])[]): readonly string[] => {
  const sums = new Map<string, number>();
  for (const entry of lists.flat()) {
    const at = entry.indexOf(" ");
    const kind = entry.slice(at + 1).replace(/s$/, "");
    sums.set(kind, (sums.get(kind) ?? 0) + Number(entry.slice(0, at)));
  }
  return [...sums].map(
    ([kind, count]) => `${count} ${kind}${count === 1 || kind === "nested markup" ? "" : "s"}`,
  );
};
