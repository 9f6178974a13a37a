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
  async mayAccountWrite(account, { host, name }, workspaceId) {
    let failure: unknown;
    for (const { api } of sites.forHost(host, { workspaceId })) {
      try {
        const may = await api.mayWrite(name, account);
        if (may !== undefined) return may ? { may: true } : refusedAt(name);
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return cannotTell(name, flavour.needs);
  },

  async mayWrite({ host, name }, onBehalf) {
    const own = await sites.ownTokens(host, onBehalf);
    if (own.length === 0)
      return { may: "after-linking", why: `We have no ${flavour.name} access of yours for ${host}.` };
    for (const { api } of own) if (await api.iMayWrite(name)) return { may: true };
    return refusedAt(name);
  },
});
