import { removeHiddenCharacters } from "@ask-openhands/core/prompt/hidden-characters.ts";
import { createRemovals } from "@ask-openhands/core/prompt/removals.ts";
import type { AskInput } from "../messages.ts";

export interface CleanAsk {
  readonly input: AskInput;
  /** What was taken out of the page's words, with counts: "14 invisible characters". */
  readonly removed: readonly string[];
}

/**
 * The ask with the page's words as a person sees them: without characters that have no shape or turn the direction of text, so that the preview
 * cannot show something else than what is sent. Markup stays: a selection may be code. The person's own words are left alone.
 */
export const cleanPageWords = (input: AskInput): CleanAsk => {
  const removals = createRemovals();
  const clean = (text: string): string => removeHiddenCharacters(text, removals);
  const { title, context } = input;
  const cleaned: AskInput = {
    ...input,
    ...(title !== undefined && { title: clean(title) }),
    ...(context !== undefined && {
      context: context.map((item) => ({
        ...item,
        ...(item.title !== undefined && { title: clean(item.title) }),
        ...(item.text !== undefined && { text: clean(item.text) }),
      })),
    }),
  };
  return { input: cleaned, removed: removals.list() };
};
