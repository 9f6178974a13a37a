import { Failure } from "@ask-openhands/core/failure.ts";
import {
  CloudAccount,
  CloudActivity,
  CloudComment,
  CloudPermission,
  CloudPullRequest,
  CloudRepository,
  CloudWorkspace,
} from "@ask-openhands/core/wire/bitbucket-cloud.ts";
import type { BitbucketApi, BitbucketRepository, Spot } from "../bitbucket-api.ts";
import { halves } from "../bitbucket-place.ts";
import type { CloudClient } from "./client.ts";
import { commentOf, descriptionOf, pullRequestOf, repositoryOf, userOf } from "./shapes.ts";

/** What credentials are for: an access token cannot ask. */
export interface Scope {
  readonly workspace?: string | undefined;
  /** Full names; empty: all. */
  readonly repositories: readonly string[];
  /** False for access tokens, which have no role of their own in a repository. */
  readonly hasRole: boolean;
}

export interface CloudApi extends BitbucketApi {
  workspaces(most: number): Promise<readonly CloudWorkspace[]>;
  /** The descriptions that a pull request had, newest first, with the time (ISO 8601) since when. */
  descriptions(
    spot: Spot,
  ): Promise<
    readonly { readonly text: string; readonly at: string; readonly by: CloudAccount | undefined }[]
  >;
}

/** Sizes of pages: pull requests have a lower limit than everything else. */
const pagelen = 100;
const pullRequestPagelen = 50;

/** A text in a query. https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, "")}"`;

const inRepository = (repository: string) => {
  const [workspace, repo_slug] = halves(repository);
  return { workspace, repo_slug };
};
const inPullRequest = ({ repository, id }: Spot) => ({ ...inRepository(repository), pull_request_id: id });

const mayPush = (permission: string | undefined): boolean =>
  permission === "write" || permission === "admin" || permission === "owner";

/** `undefined` for what these kinds of trouble say. */
const unless =
  (kinds: readonly Failure["kind"][]) =>
  async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Failure && kinds.includes(error.kind)) return undefined;
      throw error;
    }
  };
/** `undefined` where our credentials may not ask. */
const ifAllowed = unless(["not-allowed"]);
const ifVisible = unless(["not-allowed", "not-found"]);

export const createCloudApi = (client: CloudClient, scope: Scope): CloudApi => {
  const { call, all, one } = client;

  const workspaces = async (most: number): Promise<readonly CloudWorkspace[]> =>
    scope.workspace
      ? [{ workspace: { slug: scope.workspace, name: scope.workspace, links: undefined } }]
      : all(CloudWorkspace, call.GET("/user/workspaces", { params: { query: { pagelen } } }), most);

  const repository = async (name: string): Promise<BitbucketRepository> => {
    const path = inRepository(name);
    return repositoryOf(
      await one(CloudRepository, call.GET("/repositories/{workspace}/{repo_slug}", { params: { path } })),
    );
  };

  const comments = "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments";

  const descriptions: CloudApi["descriptions"] = async (spot) => {
    const first = call.GET("/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/activity", {
      params: { path: inPullRequest(spot), query: { pagelen: pullRequestPagelen } },
    });
    const found = await all(CloudActivity, first, pagelen);
    return found
      .flatMap(({ update }) =>
        update?.date
          ? [
              {
                text: descriptionOf({ description: update.description }),
                at: update.date,
                by: update.author ?? undefined,
              },
            ]
          : [],
      )
      .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  };

  return {
    workspaces,
    myself: () => ifAllowed(async () => userOf(await one(CloudAccount, call.GET("/user", {})))),
    repository,
    // Its slug may be its UUID; with that the workspace may be left empty, so that a repository is found wherever it was moved to.
    locate: async (name, id) =>
      (await ifVisible(() => repository(`${halves(name)[0]}/${id}`))) ??
      ifVisible(() => repository(`{}/${id}`)),
    async repositories(query, most) {
      const found: CloudRepository[] = [];
      const words = query.includes("/") ? query.slice(query.indexOf("/") + 1) : query;
      if (scope.repositories.length > 0) {
        const fitting = scope.repositories.filter((name) => name.toLowerCase().includes(words.toLowerCase()));
        const named = await Promise.all(
          fitting.slice(0, most).map((name) => ifVisible(() => repository(name))),
        );
        return named.filter((one) => one !== undefined);
      }
      const asked = {
        ...(scope.hasRole ? { role: "member" as const } : {}),
        sort: "-updated_on",
        pagelen,
        ...(words ? { q: `name ~ ${quoted(words)}` } : {}),
      } as const;
      for (const { workspace } of await workspaces(50)) {
        if (found.length >= most) break;
        const first = call.GET("/repositories/{workspace}", {
          params: { path: { workspace: workspace.slug }, query: asked },
        });
        found.push(...(await all(CloudRepository, first, most - found.length)));
      }
      return found.map(repositoryOf);
    },
    async pullRequest(spot) {
      const asked = call.GET("/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}", {
        params: { path: inPullRequest(spot) },
      });
      return pullRequestOf(await one(CloudPullRequest, asked), spot.repository);
    },
    async changedSince(repository, since, most) {
      const query = {
        q: `updated_on >= ${new Date(since).toISOString()}`,
        sort: "-updated_on",
        pagelen: pullRequestPagelen,
        state: ["OPEN", "MERGED", "DECLINED", "SUPERSEDED"],
      };
      const first = call.GET("/repositories/{workspace}/{repo_slug}/pullrequests", {
        params: { path: inRepository(repository), query },
      });
      const found = await all(CloudPullRequest, first, most);
      return found.map((one) => pullRequestOf(one, repository));
    },
    async comments(spot, most) {
      const query = { sort: "-created_on", pagelen };
      const first = call.GET(comments, { params: { path: inPullRequest(spot), query } });
      const found = await all(CloudComment, first, most);
      return found
        .filter(({ deleted }) => !deleted)
        .map(commentOf)
        .reverse();
    },
    async addComment(spot, text, parent) {
      const body = { content: { raw: text }, ...(parent ? { parent: { id: Number(parent) } } : {}) };
      const said = call.POST(comments, { params: { path: inPullRequest(spot) }, body });
      return commentOf(await one(CloudComment, said));
    },
    async editComment(spot, comment, text) {
      const asked = call.PUT(
        "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments/{comment_id}",
        {
          params: { path: { ...inPullRequest(spot), comment_id: comment } },
          body: { content: { raw: text } },
        },
      );
      const edited = await one(CloudComment, asked);
      // Bitbucket keeps deleted comments that have answers, and lets them be changed without showing them.
      if (edited.deleted) throw new Failure("not-found", "Our comment was deleted.");
      return commentOf(edited);
    },
    mayWrite: (repository, account) =>
      ifAllowed(async () => {
        const first = call.GET("/workspaces/{workspace}/permissions/repositories/{repo_slug}", {
          params: { path: inRepository(repository), query: { q: `user.uuid = ${quoted(account.id)}` } },
        });
        const found = await all(CloudPermission, first, pagelen);
        const own = found.find(({ user }) => user && userOf(user)?.id === account.id);
        return mayPush(own?.permission);
      }),
    async iMayWrite(repository) {
      const [workspace] = halves(repository);
      const first = call.GET("/user/workspaces/{workspace}/permissions/repositories", {
        params: { path: { workspace }, query: { q: `repository.full_name = ${quoted(repository)}` } },
      });
      const found = await all(CloudPermission, first, pagelen);
      const own = found.find((one) => one.repository?.full_name?.toLowerCase() === repository.toLowerCase());
      return mayPush(own?.permission);
    },
    async diff(spot) {
      const [workspace, slug] = halves(spot.repository).map(encodeURIComponent);
      const path = `/repositories/${workspace}/${slug}/pullrequests/${encodeURIComponent(spot.id)}/diff`;
      const { bytes } = await client.http.bytes({ path });
      return new TextDecoder().decode(bytes);
    },
    descriptions,
    async describedSince(spot, description) {
      const versions = await descriptions(spot);
      const other = versions.findIndex(({ text }) => text !== description);
      return (other === -1 ? versions.at(-1) : versions[Math.max(0, other - 1)])?.at;
    },
  };
};
