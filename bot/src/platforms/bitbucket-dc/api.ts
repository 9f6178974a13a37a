import { Failure } from "@ask-openhands/core/failure.ts";
import type { Http } from "@ask-openhands/core/http/http.ts";
import { nextByToken } from "@ask-openhands/core/http/pages.ts";
import {
  DcActivity,
  DcComment,
  DcPullRequest,
  DcRepository,
  DcUser,
  dcPage,
} from "@ask-openhands/core/wire/bitbucket-dc.ts";
import * as z from "zod";
import type { BitbucketApi, BitbucketComment, BitbucketUser, Spot } from "../bitbucket-api.ts";
import { halves } from "../bitbucket-place.ts";
import { flatten, pullRequestOf, repositoryOf, repositoryPage, userOf } from "./shapes.ts";

const limit = 100;

const segment = encodeURIComponent;

/** Under `/rest`; `~` of personal projects needs no encoding. */
export const repositoryPath = (repository: string): string => {
  const [project, slug] = halves(repository);
  return `/rest/api/latest/projects/${segment(project)}/repos/${segment(slug)}`;
};
const pullRequestPath = ({ repository, id }: Spot): string =>
  `${repositoryPath(repository)}/pull-requests/${segment(id)}`;

const BranchName = z.object({ displayId: z.string() });

/** Data Center answers 401 where a right is missing, also to credentials that are good. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof Failure && (error.kind === "not-allowed" || error.kind === "bad-credentials");

export interface DcApi extends BitbucketApi {
  /** With the replies to it left out. */
  comment(spot: Spot, id: string): Promise<BitbucketComment>;
}

/** The calls of one connection. `base` is the server's address with its context path. */
export const createDcApi = (http: Http, base: string): DcApi => {
  const all = async <T>(
    item: z.ZodType<T>,
    path: string,
    query: Readonly<Record<string, string | number>>,
    most: number,
  ): Promise<readonly T[]> => {
    const found: T[] = [];
    const size = Math.min(limit, most);
    const pages = http.pages(dcPage(item), { path, query: { ...query, limit: size } }, (page) =>
      page.value.isLastPage === false ? nextByToken("nextPageStart", "start")(page) : undefined,
    );
    for await (const page of pages) {
      found.push(...page.values);
      if (found.length >= most) break;
    }
    return found.slice(0, most);
  };

  const pageOf = ({ repository, id }: Spot): string =>
    `${repositoryPage(base, repository)}/pull-requests/${id}`;

  const commentsIn = (
    spot: Spot,
    activities: readonly z.infer<typeof DcActivity>[],
  ): readonly BitbucketComment[] => {
    const found = activities.flatMap(({ action, comment, commentAnchor }) =>
      action === "COMMENTED" && comment ? flatten(comment, pageOf(spot), commentAnchor) : [],
    );
    // A thread stands in the list once for itself and once for each answer; the whole one knows where it stands.
    const once = new Map<string, BitbucketComment>();
    for (const one of found) {
      const known = once.get(one.id);
      once.set(one.id, known?.spot || known?.parent ? known : { ...known, ...one });
    }
    return [...once.values()].sort((a, b) => a.at.localeCompare(b.at));
  };

  const one = async (spot: Spot, answer: Promise<DcComment>): Promise<BitbucketComment> => {
    const [comment] = flatten(await answer, pageOf(spot), undefined);
    if (comment) return comment;
    throw new Failure("unexpected-reply", "Bitbucket answered without the comment.");
  };

  const edit = (spot: Spot, comment: string, text: string, version: number): Promise<BitbucketComment> =>
    one(
      spot,
      http.json(DcComment, {
        method: "PUT",
        path: `${pullRequestPath(spot)}/comments/${segment(comment)}`,
        json: { text, version },
      }),
    );

  const read = (spot: Spot, comment: string): Promise<BitbucketComment> =>
    one(spot, http.json(DcComment, { path: `${pullRequestPath(spot)}/comments/${segment(comment)}` }));

  const myself = async (): Promise<BitbucketUser | undefined> => {
    const { headers } = await http.reply(z.unknown(), { path: "/rest/api/latest/application-properties" });
    const name = headers.get("x-ausername");
    // The address answers everybody; only the header tells whether it was us.
    if (!name || name === "anonymous")
      throw new Failure(
        "bad-credentials",
        "Bitbucket Data Center does not accept our credentials: they are wrong, expired or revoked. Connect it again with new ones.",
      );
    const login = decodeURIComponent(name);
    const users = await all(DcUser, "/rest/api/latest/users", { filter: login }, 300);
    const user = users.find((one) => one.name?.toLowerCase() === login.toLowerCase());
    // The accounts of project and repository tokens are in no list.
    return user ? userOf(user) : undefined;
  };

  return {
    myself,
    comment: read,
    async repository(name) {
      const path = repositoryPath(name);
      const [repository, branch] = await Promise.all([
        http.json(DcRepository, { path }),
        // An empty repository has none.
        http.json(BranchName, { path: `${path}/default-branch` }).catch((error: unknown) => {
          if (error instanceof Failure && error.kind === "not-found") return undefined;
          throw error;
        }),
      ]);
      return { ...repositoryOf(base, repository), ...(branch ? { defaultBranch: branch.displayId } : {}) };
    },
    async locate(name) {
      try {
        // Old names lead to the repository, but only for reading: http.ts follows.
        return repositoryOf(base, await http.json(DcRepository, { path: repositoryPath(name) }));
      } catch (error) {
        if (isForbidden(error) || (error instanceof Failure && error.kind === "not-found")) return undefined;
        throw error;
      }
    },
    async repositories(query, most) {
      const name = query.includes("/") ? query.slice(query.indexOf("/") + 1) : query;
      const found = await all(
        DcRepository,
        "/rest/api/latest/repos",
        { permission: "REPO_READ", ...(name ? { name } : {}) },
        most,
      );
      return found.map((repository) => repositoryOf(base, repository));
    },
    pullRequest: async (spot) =>
      pullRequestOf(base, await http.json(DcPullRequest, { path: pullRequestPath(spot) })),
    async changedSince(repository, since, most) {
      // A comment does not change a pull request's own time here, so every open one may have got one.
      const path = `${repositoryPath(repository)}/pull-requests`;
      const [open, rest] = await Promise.all([
        all(DcPullRequest, path, { state: "OPEN", order: "NEWEST" }, most),
        all(DcPullRequest, path, { state: "ALL", order: "NEWEST" }, 25),
      ]);
      const recent = rest.filter(
        ({ state, updatedDate }) => state !== "OPEN" && Number(new Date(updatedDate ?? 0)) >= since,
      );
      return [...open, ...recent].map((one) => pullRequestOf(base, one));
    },
    async comments(spot, most) {
      const path = `${pullRequestPath(spot)}/activities`;
      return commentsIn(spot, await all(DcActivity, path, {}, most)).slice(-most);
    },
    addComment: (spot, text, parent) =>
      one(
        spot,
        http.json(DcComment, {
          method: "POST",
          path: `${pullRequestPath(spot)}/comments`,
          json: { text, ...(parent === undefined ? {} : { parent: { id: Number(parent) } }) },
        }),
      ),
    async editComment(spot, comment, text, version) {
      const newest = async (): Promise<number> => (await read(spot, comment)).version ?? 0;
      try {
        return await edit(spot, comment, text, version ?? (await newest()));
      } catch (error) {
        // Somebody resolved the thread, or an edit of ours arrived whose answer did not.
        if (!(error instanceof Failure) || error.status !== 409) throw error;
        return edit(spot, comment, text, await newest());
      }
    },
    async mayWrite(repository, { id, name }) {
      const [projectKey, repositorySlug] = halves(repository);
      try {
        // Counts groups and rights of the project too; asks no administrator's rights.
        const users = await all(
          DcUser,
          "/rest/api/latest/users",
          {
            filter: name,
            permission: "REPO_WRITE",
            "permission.projectKey": projectKey,
            "permission.repositorySlug": repositorySlug,
          },
          500,
        );
        return users.some((user) => userOf(user).id === id);
      } catch (error) {
        if (!isForbidden(error)) throw error;
        // The same answer for a missing right and for bad credentials; the second is trouble, not an answer.
        await myself();
        return undefined;
      }
    },
    async iMayWrite(repository) {
      const [projectkey, slug] = halves(repository);
      const found = await all(
        DcRepository,
        "/rest/api/latest/repos",
        { permission: "REPO_WRITE", projectkey },
        1_000,
      );
      return found.some(
        (one) => one.slug === slug && one.project.key.toLowerCase() === projectkey.toLowerCase(),
      );
    },
    async diff(spot) {
      const { bytes } = await http.bytes({ path: `${pullRequestPath(spot)}.diff` });
      return new TextDecoder().decode(bytes);
    },
    react: ({ repository, id }, comment, emoticon) => {
      const [project, slug] = halves(repository).map(segment);
      return http.call({
        method: "PUT",
        path: `/rest/comment-likes/latest/projects/${project}/repos/${slug}/pull-requests/${segment(id)}/comments/${segment(comment)}/reactions/${emoticon}`,
      });
    },
  };
};
