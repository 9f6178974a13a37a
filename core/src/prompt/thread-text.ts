import { clip } from "../render/clip.ts";
import type { CodeSpot } from "../work/mention.ts";
import type { ThreadEntry } from "../work/thread.ts";
import { fence } from "./fence.ts";
import { removeHiddenCharacters } from "./hidden-characters.ts";
import { removeHidden } from "./hidden-text.ts";
import { createRemovals } from "./removals.ts";

const entryLength = 6000;
const ownEntryLength = 2000;
const hunkLength = 4000;
/** An entry that would have less room than this is left out. */
const leastRoom = 200;

/** Fences text of others and remembers what was hidden in it. */
export interface Fencer {
  fenced(text: string, label: string, limit: number): string;
  /** Text of the person who asks: cleaned, not fenced. */
  cleaned(text: string): string;
  /** Code and files: only characters without a shape go, markup stays. */
  fencedCode(text: string, label: string, limit?: number): string;
  removed(): readonly (readonly string[])[];
}

export const createFencer = (nonce: string): Fencer => {
  const removed: (readonly string[])[] = [];
  const cleaned = (text: string): string => {
    const shown = removeHidden(text);
    removed.push(shown.removed);
    return shown.text.trim();
  };
  return {
    cleaned,
    fenced: (text, label, limit) => fence(clip(cleaned(text), limit), label, nonce),
    fencedCode: (text, label, limit = hunkLength) => {
      const removals = createRemovals();
      const code = removeHiddenCharacters(text, removals);
      removed.push(removals.list());
      return fence(clip(code, limit), label, nonce);
    },
    removed: () => removed,
  };
};

/** `src/a.ts`, line 12 (`lines 10 to 12`, `old side`). The path is somebody's, so it is fenced like the rest. */
const spotWords = (spot: CodeSpot): string => {
  const range =
    spot.startLine !== undefined && spot.startLine !== spot.line
      ? `lines ${spot.startLine} to ${spot.line}`
      : `line ${spot.line}`;
  const lines = spot.line === undefined ? "the whole file" : range;
  return `${spot.path}, ${lines}${spot.side === undefined ? "" : `, ${spot.side} side`}`;
};

export const spotText = (spot: CodeSpot, fencer: Fencer): string =>
  fencer.fencedCode(
    `${spotWords(spot)}${spot.diffHunk === undefined ? "" : `\n\n${spot.diffHunk}`}`,
    "place in the code, with the diff around it",
  );

const byWhom = ({ author }: ThreadEntry): string =>
  author.kind === "self"
    ? "you, in an earlier message"
    : `${author.name}${author.kind === "bot" ? " (a bot)" : ""}`;

/** One entry, fenced with its author and time. What we wrote ourselves carries markers of ours: taking them out is nothing to report. */
const entryText = (entry: ThreadEntry, fencer: Fencer, nonce: string, room: number): string => {
  const label = `message by ${byWhom(entry)} at ${entry.at}`;
  const spot = entry.spot === undefined ? "" : `${spotWords(entry.spot)}:\n`;
  if (entry.author.kind === "self")
    return fence(clip(removeHidden(entry.text).text, Math.min(room, ownEntryLength)), label, nonce);
  return fencer.fenced(spot + entry.text, label, Math.min(room, entryLength));
};

/** Whether an entry stood there, as it reads now, before the moment of asking (epoch milliseconds). A time that cannot be read counts as no. */
export const stoodBefore = (
  entry: { readonly at?: string | undefined; readonly editedAt?: string | undefined },
  asked: number,
): boolean => [entry.at, entry.editedAt].every((time) => time === undefined || Date.parse(time) < asked);

/**
 * Parts of the request itself (a review's comments): what the people who ask wrote stands as they wrote it, what others wrote is fenced. The first part
 * repeats the request and is left out when it stands at no place in the code of its own.
 */
export const partsText = (
  parts: readonly ThreadEntry[],
  askers: ReadonlySet<string>,
  fencer: Fencer,
  nonce: string,
): string =>
  parts
    .filter((part, at) => at > 0 || part.spot !== undefined)
    .map((part) => {
      const where = part.spot === undefined ? [] : [spotText(part.spot, fencer)];
      const words = askers.has(part.author.id)
        ? clip(fencer.cleaned(part.text), entryLength)
        : entryText({ ...part, spot: undefined }, fencer, nonce, entryLength);
      return [...where, words].join("\n\n");
    })
    .join("\n\n");

export interface EntriesText {
  readonly text: string;
  /** Characters that are still free. */
  readonly left: number;
}

/** Entries, oldest first, the newest kept within `budget` characters, with a line that says how many older ones are left out. */
export const entriesText = (
  entries: readonly ThreadEntry[],
  fencer: Fencer,
  nonce: string,
  budget: number,
): EntriesText => {
  const kept: string[] = [];
  const overhead =
    entryText(
      { author: { platform: "", host: "", id: "", name: "", kind: "person" }, at: "", text: "" },
      createFencer(nonce),
      nonce,
      0,
    ).length + 100;
  let left = budget;
  let at = entries.length;
  while (at > 0 && left >= overhead + leastRoom) {
    const entry = entries[at - 1];
    if (entry === undefined) break;
    const text = entryText(entry, fencer, nonce, left - overhead);
    kept.unshift(text);
    left -= text.length + 2;
    at -= 1;
  }
  const lead = at === 0 ? [] : [`(${at} earlier ${at === 1 ? "message" : "messages"} left out)`];
  return { text: [...lead, ...kept].join("\n\n"), left: Math.max(0, left) };
};
