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

/** A repository against globs of either form, `owner/name` or `host/owner/name`. */
export const isRepositoryAmong = (
  globs: readonly string[],
  { host, name }: { readonly host: string; readonly name: string },
): boolean => globs.some((glob) => matchesGlob(glob, name) || matchesGlob(glob, `${host}/${name}`));

type Account = Pick<Author, "platform" | "id" | "name">;

const plain = (entry: string): string => entry.replace(/^@/, "").toLowerCase();

/** Name, `platform:name` or `platform:id`; names without case and without `@`. A bare id would let in whoever has the same number on another platform. */
export const isAuthorAmong = (entries: readonly string[], { platform, id, name }: Account): boolean => {
  const names = [name, `${platform}:${name}`, `${platform}:${id}`].map((one) => one.toLowerCase());
  return entries.map(plain).some((entry) => names.includes(entry));
};

/** As `isAuthorAmong`, and by a bare id on every platform: shutting out one more is safer than letting one in. */
export const isBlocked = (entries: readonly string[], author: Account): boolean =>
  isAuthorAmong(entries, author) || entries.map(plain).includes(author.id.toLowerCase());

/** Right sides of the pairs `left=right` whose left side is one of `names`. */
export const findPairs = (pairs: readonly string[], names: readonly string[]): readonly string[] =>
  pairs.flatMap((pair) => {
    const at = pair.indexOf("=");
    const left = pair.slice(0, at).toLowerCase().replace(/^#/, "");
    return names.some((name) => name.toLowerCase().replace(/^#/, "") === left) ? [pair.slice(at + 1)] : [];
  });
