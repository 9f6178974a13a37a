const folded = (label: string): string => label.trim().toLowerCase();

/** Labels that were not there before, compared without case, as written in `after`, each once. */
export const addedLabels = (before: readonly string[], after: readonly string[]): readonly string[] => {
  const known = new Set(before.map(folded));
  return after.filter((label) => {
    if (known.has(folded(label))) return false;
    known.add(folded(label));
    return true;
  });
};

/** Labels that are gone, compared without case. */
export const removedLabels = (before: readonly string[], after: readonly string[]): readonly string[] =>
  addedLabels(after, before);

/** The added label that asks, if one does: `asking` are the workspace's labels. A label that is merely still there never asks. */
export const askingLabel = (
  before: readonly string[],
  after: readonly string[],
  asking: readonly string[],
): string | undefined => {
  const words = new Set(asking.map(folded));
  return addedLabels(before, after).find((label) => words.has(folded(label)));
};
