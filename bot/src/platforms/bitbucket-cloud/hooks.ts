import { Failure } from "@ask-openhands/core/failure.ts";
import { CloudHook } from "@ask-openhands/core/wire/bitbucket-cloud.ts";
import type { BitbucketHook, BitbucketHookApi, HookTarget } from "../bitbucket-api.ts";
import { bitbucketHookName, createBitbucketHooks } from "../bitbucket-hooks.ts";
import { halves } from "../bitbucket-place.ts";
import type { BitbucketSites } from "../bitbucket-sites.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Hooks } from "../platform.ts";
import type { CloudApi } from "./api.ts";
import type { CloudClient } from "./client.ts";
import type { HookBody } from "./paths.ts";

const events = [
  "pullrequest:created",
  "pullrequest:updated",
  "pullrequest:comment_created",
  "pullrequest:comment_updated",
  "pullrequest:comment_deleted",
] as const;

const hookOf = (hook: CloudHook): BitbucketHook => ({
  id: hook.uuid,
  url: hook.url,
  active: hook.active !== false,
  events: hook.events ?? [],
  ...(typeof hook.secret_set === "boolean" ? { signs: hook.secret_set } : {}),
});

const query = { pagelen: 100 };
const mostHooks = 200;

const ofRepository = ({ name }: HookTarget) => {
  const [workspace, repo_slug] = halves(name);
  return { workspace, repo_slug };
};

/** Webhooks of workspaces and repositories. Bitbucket Cloud's API does not tell of deliveries. */
export const cloudHooks = ({ call, all, one }: CloudClient, api: CloudApi): BitbucketHookApi => ({
  async targets(most) {
    const workspaces = await api.workspaces(50);
    const repositories = await api.repositories("", most);
    return [
      ...workspaces.map(({ workspace, administrator }) => ({
        type: "workspace" as const,
        name: workspace.slug,
        url: `https://bitbucket.org/${workspace.slug}/`,
        ...(typeof administrator === "boolean" ? { may: administrator } : {}),
      })),
      ...repositories.map(({ name, url }) => ({ type: "repository" as const, name, url })),
    ];
  },
  async hooks(target) {
    const first =
      target.type === "workspace"
        ? call.GET("/workspaces/{workspace}/hooks", { params: { path: { workspace: target.name }, query } })
        : call.GET("/repositories/{workspace}/{repo_slug}/hooks", {
            params: { path: ofRepository(target), query },
          });
    return (await all(CloudHook, first, mostHooks)).map(hookOf);
  },
  async put(target, hook, { url, secret }) {
    const body: HookBody = { description: bitbucketHookName, url, active: true, secret, events };
    const asked = (() => {
      if (target.type === "workspace") {
        const workspace = target.name;
        return hook === undefined
          ? call.POST("/workspaces/{workspace}/hooks", { params: { path: { workspace } }, body })
          : call.PUT("/workspaces/{workspace}/hooks/{uid}", {
              params: { path: { workspace, uid: hook } },
              body,
            });
      }
      const path = ofRepository(target);
      return hook === undefined
        ? call.POST("/repositories/{workspace}/{repo_slug}/hooks", { params: { path }, body })
        : call.PUT("/repositories/{workspace}/{repo_slug}/hooks/{uid}", {
            params: { path: { ...path, uid: hook } },
            body,
          });
    })();
    return hookOf(await one(CloudHook, asked));
  },
  async remove(target, hook) {
    try {
      await (target.type === "workspace"
        ? call.DELETE("/workspaces/{workspace}/hooks/{uid}", {
            params: { path: { workspace: target.name, uid: hook } },
          })
        : call.DELETE("/repositories/{workspace}/{repo_slug}/hooks/{uid}", {
            params: { path: { ...ofRepository(target), uid: hook } },
          }));
    } catch (error) {
      // Gone already, which is what was wanted.
      if (!(error instanceof Failure) || error.kind !== "not-found") throw error;
    }
  },
});

export const hooksOfCloud = (deps: PlatformDeps, sites: BitbucketSites): Hooks =>
  createBitbucketHooks({
    deps,
    sites,
    platform: "bitbucket-cloud",
    events,
    needs: {
      workspace: "Administrator of the workspace, and the webhook scopes (read and write).",
      repository: "Administrator of the repository, and the webhook scopes (read and write).",
    },
  });
