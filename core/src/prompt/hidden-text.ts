import { removeHiddenCharacters } from "./hidden-characters.ts";
import { removeHiddenMarkup } from "./hidden-markup.ts";
import { createRemovals } from "./removals.ts";

export interface Shown {
  readonly text: string;
  /** What was taken out, with counts: "2 HTML comments", "14 invisible characters". */
  readonly removed: readonly string[];
}

/** Every pass that changes anything makes the text shorter, so this only bounds the time that a text made to need many passes can take. */
const mostPasses = 12;

/**
 * `text` as a person who looks at the rendered page reads it: comments, invisible and bidirectional characters, image alt text, link titles,
 * hidden elements and hidden attributes are gone, also when they were written as character entities. A text that has no end to such layers loses every
 * `<`, `&` and `[` that could begin another. Applied twice it changes nothing more.
 */
export const removeHidden = (text: string): Shown => {
  const removals = createRemovals();
  let shown = text;
  for (let pass = 0; pass < mostPasses; pass += 1) {
    const next = removeHiddenMarkup(removeHiddenCharacters(shown, removals), removals);
    if (next === shown) return { text: shown, removed: removals.list() };
    shown = next;
  }
  removals.note("nested markup", 1);
  return { text: removeHiddenCharacters(shown.replace(/[<&[]/g, ""), removals), removed: removals.list() };
};
