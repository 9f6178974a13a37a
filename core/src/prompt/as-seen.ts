import type { Thread } from "../work/thread.ts";
import { stoodBefore } from "./thread-text.ts";

export interface Seen {
  readonly text: string;
  /** A sentence for the agent when it reads otherwise by now; else empty. */
  readonly note: string;
}

/**
 * The description that the people who asked can have seen: as it stands when it was last changed before `asked` (epoch milliseconds), else as it was heard with
 * the request, else nothing.
 */
export const asSeen = (
  description: Thread["description"],
  heard: string | undefined,
  asked: number,
): Seen => {
  if (description === undefined) return { text: "", note: "" };
  // A description that asks by itself, or by its first labels, was written in the very moment of asking: only a later change counts.
  const stood =
    description.text === heard ||
    (stoodBefore({ at: description.editedAt }, asked) && !(Date.parse(description.at ?? "") > asked));
  if (stood) return { text: description.text, note: "" };
  if (heard !== undefined)
    return {
      text: heard,
      note: "(The description was changed since; above it stands as it was when the request was made.)",
    };
  const note = "(The description was written or changed when the request was already made; it is left out.)";
  return { text: "", note: description.text.trim() === "" ? "" : note };
};
