import { isBranchName } from "../trigger/names.ts";
import type { Place } from "../work/place.ts";

const longest = 48;

/** Lower-case ASCII words with dashes, at most 48 characters, cut between words; empty when nothing is left. */
export const slug = (text: string): string => {
  const words = text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  let made = "";
  for (const word of words ?? []) {
    const next = made === "" ? word.slice(0, longest) : `${made}-${word}`;
    if (next.length > longest) break;
    made = next;
  }
  return made;
};

/** `openhands/12-fix-login`, `openhands/ABC-12-fix-login`, and for a chat `openhands/fix-login-3f2a91`: a branch that only this place's work uses. */
export const branchFor = (place: Place, title: string, runId: string): string => {
  const number = place.label.replace(/[^A-Za-z0-9-]/g, "").replace(/^-+|-+$/g, "");
  const unique =
    runId
      .replace(/[^a-z0-9]/gi, "")
      .slice(0, 6)
      .toLowerCase() || "work";
  const words = slug(title);
  const parts =
    place.kind === "thread" || place.kind === "page" || number === "" ? [words, unique] : [number, words];
  const name = `openhands/${parts.filter((part) => part !== "").join("-")}`;
  return isBranchName(name) ? name : `openhands/${unique}`;
};
