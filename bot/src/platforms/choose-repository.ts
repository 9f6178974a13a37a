import { type RepositoryWord, repositoryWords } from "@ask-openhands/core/trigger/repository-words.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { OnBehalf, RepositoryChoice } from "./platform.ts";

export interface RepositoryClues {
  /** What the asker wrote: counts before everything that others wrote. */
  readonly ask: string;
  /** `owner/name` or `host/owner/name` set for this project or channel. */
  readonly preset?: string | undefined;
  /** Addresses of linked pull requests. */
  readonly links: readonly string[];
  /** Title, description, earlier messages. */
  readonly around: readonly string[];
  readonly onBehalf: OnBehalf;
  find(word: RepositoryWord, onBehalf: OnBehalf): Promise<readonly RepositoryFacts[]>;
}

const unique = (repositories: readonly RepositoryFacts[]): readonly RepositoryFacts[] => [
  ...new Map(
    repositories.map((repository) => [`${repository.host}/${repository.name}`.toLowerCase(), repository]),
  ).values(),
];

const confirm = async (
  words: readonly RepositoryWord[],
  clues: RepositoryClues,
): Promise<readonly RepositoryFacts[]> =>
  unique((await Promise.all(words.map((word) => clues.find(word, clues.onBehalf)))).flat());

/**
 * Which repository a place without one means: the asker's own words, then the preset, then linked pull requests, then the text around.
 * One confirmed name of the first clue that has any decides; several or none become a question, never a guess.
 */
export const chooseRepository = async (clues: RepositoryClues): Promise<RepositoryChoice> => {
  const sources: readonly (readonly RepositoryWord[])[] = [
    repositoryWords(clues.ask),
    clues.preset === undefined ? [] : [{ name: clues.preset }],
    repositoryWords(clues.links.join("\n")),
    repositoryWords(clues.around.join("\n")),
  ];
  for (const words of sources) {
    if (words.length === 0) continue;
    const found = await confirm(words, clues);
    if (found[0] !== undefined && found.length === 1) return { found: found[0] };
    if (found.length > 1)
      return {
        candidates: found.map((repository) => `${repository.host}/${repository.name}`),
        why: "Several repositories are named here.",
      };
  }
  const named = sources.some((words) => words.length > 0);
  return {
    candidates: [],
    why: named
      ? "None of the repositories named here is one that I may see."
      : "Nothing here says which repository is meant.",
  };
};
