import type { PlatformDeps } from "../deps.ts";
import { classicHooks, createJiraHooks } from "../jira-hooks.ts";
import type { JiraSites } from "../jira-sites.ts";
import type { Hooks } from "../platform.ts";
import type { createCloudConnect } from "./connect.ts";

/** Webhooks of a site belong to its administrators: the usual token sees none, an administrator's `email:token` is used once. */
export const hooksOfCloud = (
  deps: PlatformDeps,
  sites: JiraSites,
  { http }: ReturnType<typeof createCloudConnect>,
): Hooks =>
  createJiraHooks({
    deps,
    sites,
    dialects: [classicHooks],
    http,
    hookUrl: (connection) => `${deps.publicUrl}/webhooks/jira-cloud/${connection.id}`,
  });
