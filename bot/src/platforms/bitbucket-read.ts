import { Failure } from "@ask-openhands/core/failure.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Thread, ThreadEntry } from "@ask-openhands/core/work/thread.ts";
import { authorOf, type OwnAccounts } from "./bitbucket-account.ts";
import type { BitbucketComment, Spot } from "./bitbucket-api.ts";
import { factsOf } from "./bitbucket-repositories.ts";
import { cannotTell, refusedAt } from "./bitbucket-rights.ts";
import type { BitbucketSites, Site } from "./bitbucket-sites.ts";
import type { PlatformDeps } from "./deps.ts";
import { diffHunkAt } from "./diff-hunk.ts";
import { editedAt } from "./edited-at.ts";
import type { Permission, Platform } from "./platform.ts";

/** Newest comments of a pull request that the agent is told. */
const mostComments = 500;

/** The part of a unified diff that is about one file, by its new or old path. */
export const diffOfFile = (diff: string, path: string): string | undefined =>
  diff
    .split(/^(?=diff --git )/m)
    .find((part) =>
      part
        .split("\n", 8)
        .some((line) =>
          ["+++ b/", "--- a/", "+++ dst://", "--- src://"].some(
            (start) => line.trimEnd() === `${start}${path}`,
          ),
        ),
    );

/** Id of the first comment of the thread that each comment is in. */
const rootsOf = (comments: readonly BitbucketComment[]): ReadonlyMap<string, string> => {
  const parents = new Map(comments.map(({ id, parent }) => [id, parent]));
  const rootOf = (id: string): string => {
    let at = id;
    // A thread cannot be deeper than it has comments; anything else is a circle.
    for (let steps = comments.length; steps > 0; steps -= 1) {
      const parent = parents.get(at);
      if (parent === undefined) return at;
      at = parent;
    }
    return at;
  };
  return new Map(comments.map(({ id }) => [id, rootOf(id)]));
};

/** What Bitbucket tells of a pull request and of who may ask there. */
export const createBitbucketReading = (
  deps: PlatformDeps,
  sites: BitbucketSites,
  flavour: { readonly platform: string; readonly needs: string },
): Pick<Platform, "mayAsk" | "thread"> => {
  /** With the asker's own credentials, when the account is linked and has some. */
  const mayByOwn = async (author: Author, place: Place, repository: string): Promise<boolean | undefined> => {
    const workspaceId = deps.workspaceOf(place.connection);
    const personId = deps.connections.personOf(flavour.platform, place.host, author.id, workspaceId);
    if (personId === undefined) return undefined;
    const [own] = await sites.ownTokens(place.host, { personId, workspaceId });
    return own?.api.iMayWrite(repository);
  };

  const hunkFor = async (
    site: Site,
    spot: Spot,
    at: NonNullable<Mention["spot"]>,
  ): Promise<string | undefined> => {
    if (!at.line) return undefined;
    try {
      const part = diffOfFile(await site.api.diff(spot), at.path);
      return part && diffHunkAt(part, at.line, at.side ?? "new");
    } catch (error) {
      // A diff that is gone with its branch or too large to read is no reason to answer nothing.
      if (error instanceof Failure && (error.kind === "not-found" || error.kind === "unexpected-reply"))
        return undefined;
      throw error;
    }
  };

  const entryOf = (
    place: Place,
    comment: BitbucketComment,
    own: OwnAccounts,
    near: boolean,
  ): ThreadEntry => ({
    author: authorOf(place, comment.author, comment.text, own),
    at: comment.at,
    ...(comment.editedAt ? { editedAt: comment.editedAt } : {}),
    text: comment.text,
    ...(comment.url ? { url: comment.url } : {}),
    ...(comment.spot ? { spot: comment.spot } : {}),
    ...(near ? { near } : {}),
  });

  return {
    async mayAsk(author, place): Promise<Permission> {
      if (author.platform !== flavour.platform || author.host !== place.host)
        return { may: "after-linking", why: `We do not know yet which account of ${place.host} is yours.` };
      const site = sites.at(place, author.id);
      // A web page is none of a pull request: only its repository is known.
      const repository =
        place.kind === "page" ? (place.repository ?? "") : (await sites.spotAt(site, place)).repository;
      const may =
        (site.connection.owner.kind === "person" ? undefined : await site.api.mayWrite(repository, author)) ??
        (await mayByOwn(author, place, repository));
      if (may === true) return { may: true };
      return may === false ? refusedAt(repository) : cannotTell(repository, flavour.needs);
    },

    async thread(mention) {
      const { place } = mention;
      const site = sites.at(place, mention.reply["asker"]);
      const spot = await sites.spotAt(site, place);
      const [found, comments, repository, own] = await Promise.all([
        site.api.pullRequest(spot),
        site.api.comments(spot, mostComments),
        site.api.repository(spot.repository),
        sites.own(place.host),
      ]);
      const described = site.api.describedSince
        ? await site.api.describedSince(spot, found.description)
        : found.changedAt;
      const asked = mention.reply["comment"];
      const roots = rootsOf(comments);
      const root = asked === undefined ? undefined : roots.get(asked);
      const codeSpot = mention.spot ?? comments.find(({ id }) => id === asked)?.spot;
      const diffHunk = codeSpot && (await hunkFor(site, spot, codeSpot));
      const part: ThreadEntry | undefined = codeSpot && {
        author: mention.author,
        at: mention.at,
        text: mention.text,
        ...(mention.url ? { url: mention.url } : {}),
        spot: { ...codeSpot, ...(diffHunk ? { diffHunk } : {}) },
      };
      return {
        title: found.title || place.label,
        ...(found.description
          ? {
              description: {
                ...(found.author ? { author: authorOf(place, found.author, found.description, own) } : {}),
                text: found.description,
                at: found.at,
                ...editedAt(found.at, described),
              },
            }
          : {}),
        ...(found.state ? { state: found.state } : {}),
        entries: comments
          .filter(({ id }) => id !== asked)
          .map((comment) =>
            entryOf(place, comment, own, root !== undefined && roots.get(comment.id) === root),
          ),
        pullRequest: {
          number: Number(found.id),
          sourceBranch: found.sourceBranch,
          targetBranch: found.targetBranch,
          // Unknown when the fork was deleted: then the branch is not in this repository either.
          fork: found.sourceRepository?.toLowerCase() !== found.repository.toLowerCase(),
          ...(found.sourceRepository ? { sourceRepository: found.sourceRepository } : {}),
        },
        repository: factsOf(place, repository),
        ...(part ? { parts: [part] } : {}),
      } satisfies Thread;
    },
  };
};
