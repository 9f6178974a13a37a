import { Failure } from "@ask-openhands/core/failure.ts";
import type { Http } from "@ask-openhands/core/http/http.ts";
import { DcHistory, DcHook, DcRepository, dcPage } from "@ask-openhands/core/wire/bitbucket-dc.ts";
import type { BitbucketHook, BitbucketHookApi, LastDelivery } from "../bitbucket-api.ts";
import { bitbucketHookName, createBitbucketHooks } from "../bitbucket-hooks.ts";
import type { BitbucketSites } from "../bitbucket-sites.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Hooks } from "../platform.ts";
import { repositoryPath } from "./api.ts";
import { fullName, repositoryPage } from "./shapes.ts";

const events = [
  "pr:opened",
  "pr:modified",
  "pr:comment:added",
  "pr:comment:edited",
  "pr:comment:deleted",
] as const;

const hookOf = (hook: DcHook): BitbucketHook => {
  const secret = hook.configuration?.["secret"];
  return {
    id: hook.id,
    url: hook.url,
    active: hook.active !== false,
    events: hook.events ?? [],
    ...(hook.configuration ? { signs: typeof secret === "string" && secret !== "" } : {}),
  };
};

const newest = (history: DcHistory): LastDelivery | undefined => {
  const { lastSuccess, lastFailure, lastError } = history;
  const told = [lastSuccess, lastFailure, lastError].flatMap((one) => {
    const at = one?.finish ?? one?.start;
    return one && at ? [{ one, at, ok: one === lastSuccess }] : [];
  });
  const last = told.sort((a, b) => b.at - a.at)[0];
  if (last === undefined) return undefined;
  const at = new Date(last.at).toISOString();
  return last.ok
    ? { at }
    : { at, trouble: last.one.result?.description || last.one.result?.outcome || "no answer" };
};

/** Webhooks of repositories; seeing them needs an administrator of the repository. */
export const dcHooks = (http: Http, base: string): BitbucketHookApi => {
  const pathOf = (name: string): string => `${repositoryPath(name)}/webhooks`;

  const repositories = async (permission: string, limit: number): Promise<readonly string[]> => {
    const page = await http.json(dcPage(DcRepository), {
      path: "/rest/api/latest/repos",
      query: { permission, limit },
    });
    return page.values.map(fullName);
  };

  return {
    async targets(most) {
      const [administered, written] = await Promise.all([
        repositories("REPO_ADMIN", most),
        repositories("REPO_WRITE", most),
      ]);
      const others = written.filter((name) => !administered.includes(name));
      return [...administered, ...others].map((name) => ({
        type: "repository",
        name,
        url: repositoryPage(base, name),
        may: administered.includes(name),
      }));
    },
    async hooks({ name }) {
      const page = await http.json(dcPage(DcHook), { path: pathOf(name) });
      return page.values.map(hookOf);
    },
    async put({ name }, hook, { url, secret }) {
      const json = {
        name: bitbucketHookName,
        url,
        active: true,
        events,
        configuration: { secret },
        sslVerificationRequired: true,
      };
      const path = pathOf(name);
      return hookOf(
        await http.json(
          DcHook,
          hook === undefined
            ? { method: "POST", path, json }
            : { method: "PUT", path: `${path}/${hook}`, json },
        ),
      );
    },
    remove: ({ name }, hook) => http.call({ method: "DELETE", path: `${pathOf(name)}/${hook}` }),
    async lastDelivery({ name }, hook) {
      try {
        return newest(await http.json(DcHistory, { path: `${pathOf(name)}/${hook}/statistics` }));
      } catch (error) {
        // A webhook that has delivered nothing yet has no statistics.
        if (error instanceof Failure && error.kind === "not-found") return undefined;
        throw error;
      }
    },
  };
};

export const hooksOfDc = (deps: PlatformDeps, sites: BitbucketSites): Hooks =>
  createBitbucketHooks({
    deps,
    sites,
    platform: "bitbucket-dc",
    events,
    needs: {
      workspace: "Bitbucket Data Center has no workspaces.",
      repository: "Administrator of the repository (REPO_ADMIN); an administrator's token can be given once.",
    },
  });
