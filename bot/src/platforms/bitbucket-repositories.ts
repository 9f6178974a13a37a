import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { BitbucketRepository } from "./bitbucket-api.ts";
import { bitbucketPlace } from "./bitbucket-place.ts";
import type { BitbucketSites } from "./bitbucket-sites.ts";
import type { Platform } from "./platform.ts";
import { sharedIn } from "./shared-in.ts";
import { isWebPage, webPagePlace } from "./web-page.ts";

/** Repositories that a picker shows. */
const mostShown = 50;

export const factsOf = (
  where: { readonly platform: string; readonly host: string },
  repository: BitbucketRepository,
): RepositoryFacts => {
  const { defaultBranch, name, url, cloneUrl } = repository;
  return {
    platform: where.platform,
    host: where.host,
    ...(repository.id === name ? {} : { id: repository.id }),
    name,
    url,
    cloneUrl,
    ...(defaultBranch ? { defaultBranch } : {}),
    ...(repository.private === undefined ? {} : { private: repository.private }),
    ...(repository.forkOf ? { forkOf: repository.forkOf } : {}),
  };
};

/** `undefined` for what is not there or not for us to see; every other trouble stays trouble. */
const ifFound = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Failure && (error.kind === "not-found" || error.kind === "not-allowed"))
      return undefined;
    throw error;
  }
};

/** Names and addresses of repositories and pull requests. */
export const createBitbucketLookup = (
  sites: BitbucketSites,
  platform: "bitbucket-cloud" | "bitbucket-dc",
): Required<Pick<Platform, "findRepository" | "searchRepositories" | "placeAt">> => ({
  async findRepository(host, name, onBehalf) {
    if (!/^[^/\s]+\/[^/\s]+$/.test(name)) return undefined;
    for (const { api, connection } of sites.forHost(host, onBehalf)) {
      const found = await ifFound(() => api.repository(name));
      if (found === undefined) continue;
      sites.learnName(connection.id, found);
      return factsOf({ platform, host }, found);
    }
    return undefined;
  },

  async searchRepositories(host, query, onBehalf) {
    const site = sites.forHost(host, onBehalf)[0];
    const found = (await site?.api.repositories(query.trim(), mostShown)) ?? [];
    return found.map((repository) => factsOf({ platform, host }, repository));
  },

  async placeAt(url, { workspaceId }, near) {
    const shared = sites.workspace().filter(({ connection }) => sharedIn(workspaceId)(connection));
    for (const site of shared) {
      const { host, id: connection } = site.connection;
      const context = host.includes("/") ? host.slice(host.indexOf("/")) : "";
      const page = findPage(platform, url, context);
      if (page?.host !== host || !page.repository) continue;
      if (isWebPage(page)) {
        const { repository } = page;
        const seen = await ifFound(() => site.api.repository(repository));
        if (seen === undefined) continue;
        return webPagePlace(page, { repository: seen.name, connection });
      }
      if (!page.id) continue;
      if (page.kind !== "pull-request" && page.kind !== "changes") return undefined;
      const { api } = near?.host === host ? sites.at(near) : site;
      const spot = { repository: page.repository, id: page.id };
      const found = await ifFound(() => api.pullRequest(spot));
      return (
        found &&
        bitbucketPlace({
          platform,
          host,
          repository: found.repository,
          repositoryId: found.repositoryId,
          id: found.id,
          url: found.url,
          title: found.title,
          connection,
        })
      );
    }
    return undefined;
  },
});
