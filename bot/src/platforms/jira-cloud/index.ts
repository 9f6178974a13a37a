import type { PlatformDeps } from "../deps.ts";
import { createJira } from "../jira-platform.ts";
import type { Platform } from "../platform.ts";
import { createCloudConnect, inspectCloud } from "./connect.ts";
import { hearCloud } from "./hear.ts";
import { hooksOfCloud } from "./hooks.ts";
import { jiraCloudOAuth } from "./oauth.ts";
import { cloudSites, readCloud } from "./read.ts";
import { renderCloud } from "./talk.ts";

/** Jira Cloud: `*.atlassian.net`. */
export const createJiraCloud = (deps: PlatformDeps): Platform => {
  const connect = createCloudConnect(deps);
  const sites = cloudSites(deps, connect.http);
  return createJira({
    deps,
    id: "jira-cloud",
    name: "Jira Cloud",
    product: "jira-cloud",
    sites,
    routes: hearCloud(deps, sites),
    reading: readCloud(deps, sites),
    hooks: hooksOfCloud(deps, sites, connect),
    render: renderCloud,
    oauth: jiraCloudOAuth(deps),
    inspect: (connectionId) => inspectCloud(deps, sites, connectionId),
  });
};
