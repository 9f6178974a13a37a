import type { PlatformDeps } from "../deps.ts";
import { classicHooks, createJiraHooks, pluginHooks } from "../jira-hooks.ts";
import type { JiraSites } from "../jira-sites.ts";
import type { Hooks } from "../platform.ts";
import { addressKey, type createDcConnect } from "./connect.ts";

/** Version 10 has the newer interface, 9 only the classic one; the key in the address proves servers that cannot sign. */
export const hooksOfDc = (
  deps: PlatformDeps,
  sites: JiraSites,
  { http }: ReturnType<typeof createDcConnect>,
): Hooks =>
  createJiraHooks({
    deps,
    sites,
    dialects: [pluginHooks, classicHooks],
    http,
    hookUrl: (connection) => {
      const key = addressKey(deps, connection);
      return `${deps.publicUrl}/webhooks/jira-dc/${connection.id}${key === undefined ? "" : `?key=${key}`}`;
    },
  });
