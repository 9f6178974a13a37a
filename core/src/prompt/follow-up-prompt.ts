import type { Place } from "../work/place.ts";
import type { Ask } from "../work/run.ts";
import type { ThreadEntry } from "../work/thread.ts";
import { type AttachedFile, attachedText } from "./attached-files.ts";
import { askerIds, placeWords, requestText } from "./build-prompt.ts";
import { explainFence } from "./fence.ts";
import { addRemovals } from "./removals.ts";
import { createFencer, entriesText, partsText, stoodBefore } from "./thread-text.ts";

export interface FollowUpParts {
  readonly asks: readonly Ask[];
  /** Where the follow-up was written. */
  readonly place: Place;
  /** Set when the conversation hears of this place for the first time: how to deliver there (`deliveryRules`). */
  readonly rules?: readonly string[] | undefined;
  /** Parts of a review, and messages that came since the agent was last told of the place. */
  readonly parts?: readonly ThreadEntry[] | undefined;
  readonly since?: readonly ThreadEntry[] | undefined;
  /** Files of the follow-up. */
  readonly files?: readonly AttachedFile[] | undefined;
  readonly nonce: string;
  readonly budget: number;
}

/** What is said to a conversation that lives already: the new request, whoever made it, and what happened at the place since. */
export const followUpPrompt = ({
  asks,
  place,
  rules,
  parts,
  since,
  files,
  nonce,
  budget,
}: FollowUpParts): { readonly prompt: string; readonly removed: readonly string[] } => {
  const fencer = createFencer(nonce);
  const request = requestText(asks, fencer);
  const asked = Math.max(...asks.map((ask) => Date.parse(ask.at)));
  const stood = (parts ?? []).filter((part) => stoodBefore({ at: part.editedAt }, asked));
  const inside = partsText(stood, askerIds(asks), fencer, nonce);
  const before = entriesText(
    (since ?? []).filter((entry) => stoodBefore(entry, asked)),
    fencer,
    nonce,
    Math.max(1000, budget - request.length - inside.length),
  );
  const attached = attachedText(files ?? [], fencer);
  const fences = `${request}${inside}${before.text}${attached}`.includes(nonce);
  const sections = [
    `A follow-up at ${placeWords(place)}.`,
    request,
    ...(inside === "" ? [] : ["Parts of it:", inside]),
    ...(attached === "" ? [] : ["Attachments:", attached]),
    ...(before.text === "" ? [] : ["Messages there since you were last told:", before.text]),
    ...(rules === undefined || rules.length === 0
      ? []
      : ["From here on these rules count for delivering:", rules.map((rule) => `- ${rule}`).join("\n")]),
    ...(fences ? [explainFence(nonce)] : []),
  ];
  return { prompt: sections.join("\n\n"), removed: addRemovals(fencer.removed()) };
};
