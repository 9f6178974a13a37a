import type { BitbucketSites } from "./bitbucket-sites.ts";
import type { Permission, Platform } from "./platform.ts";

export const refusedAt = (repository: string): Permission => ({
  may: false,
  why: `You may not write to ${repository}; asking needs write access.`,
  cure: "Ask an administrator of the repository for write access.",
});

/** `needs`: right that seeing others' rights needs, in words. */
export const cannotTell = (repository: string, needs: string): Permission => ({
  may: "after-linking",
  why: `Our account may not see who has write access to ${repository} (${needs}), so connect your own account to show it.`,
});

/** Rights on repositories that are not a place's own. */
export const createBitbucketRights = (
  sites: BitbucketSites,
  flavour: { readonly name: string; readonly needs: string },
): Required<Pick<Platform, "mayAccountWrite" | "mayWrite">> => ({
  async mayAccountWrite(account, repository, workspaceId) {
    const { host, name } = repository;
    let failure: unknown;
    for (const site of sites.forHost(host, { workspaceId })) {
      try {
        const may = await site.api.mayWrite(await sites.nameOf(site, repository), account);
        if (may !== undefined) return may ? { may: true } : refusedAt(name);
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return cannotTell(name, flavour.needs);
  },

  async mayWrite(repository, onBehalf) {
    const { host, name } = repository;
    const own = await sites.ownTokens(host, onBehalf);
    if (own.length === 0)
      return { may: "after-linking", why: `We have no ${flavour.name} access of yours for ${host}.` };
    for (const site of own)
      if (await site.api.iMayWrite(await sites.nameOf(site, repository))) return { may: true };
    return refusedAt(name);
  },
});
