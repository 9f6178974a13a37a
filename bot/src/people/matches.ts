import type { Author } from "@ask-openhands/core/work/mention.ts";

/** A glob on a repository's name: `*` within one part, `**` over several; without case. */
export const matchesGlob = (glob: string, name: string): boolean => {
  const pattern = glob
    .toLowerCase()
    .split(/(\*\*|\*)/)
    .map((part) => {
      if (part === "**") return ".*";
      return part === "*" ? "[^/]*" : part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&");
    })
    .join("");
  return new RegExp(`^${pattern}$`).test(name.toLowerCase());
};

/** `owner/name` or `host/owner/name` against globs of either form; `repository` itself may begin with its host. */
export const isRepositoryAmong = (globs: readonly string[], host: string, repository: string): boolean => {
  const slash = repository.indexOf("/");
  const hasHost = repository.slice(0, slash).includes(".") && repository.indexOf("/", slash + 1) > 0;
  const names = hasHost ? [repository, repository.slice(slash + 1)] : [repository, `${host}/${repository}`];
  return globs.some((glob) => names.some((name) => matchesGlob(glob, name)));
};

/** Account id, name, or `platform:name`; names without case and without `@`. */
export const isAuthorAmong = (
  entries: readonly string[],
  author: Pick<Author, "platform" | "id" | "name">,
): boolean => {
  const names = [
    author.id,
    author.name.toLowerCase(),
    `${author.platform}:${author.name.toLowerCase()}`,
    `${author.platform}:${author.id}`,
  ];
  return entries
    .map((entry) => entry.replace(/^@/, ""))
    .some((entry) => names.includes(entry) || names.includes(entry.toLowerCase()));
};

/** Right sides of the pairs `left=right` whose left side is one of `names`. */
export const findPairs = (pairs: readonly string[], names: readonly string[]): readonly string[] =>
  pairs.flatMap((pair) => {
    const at = pair.indexOf("=");
    const left = pair.slice(0, at).toLowerCase().replace(/^#/, "");
    return names.some((name) => name.toLowerCase().replace(/^#/, "") === left) ? [pair.slice(at + 1)] : [];
  });
