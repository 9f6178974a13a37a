import type { PlatformDeps } from "../deps.ts";
import { createJiraReading } from "../jira-read.ts";
import { createJiraSites, type JiraSites } from "../jira-sites.ts";
import { createJiraCloudApi } from "./api.ts";
import type { CloudHttp } from "./connect.ts";

/** Sites of Jira Cloud, read through REST v3. */
export const cloudSites = (
  deps: PlatformDeps,
  http: (connection: Parameters<JiraSites["api"]>[0]) => CloudHttp,
): JiraSites =>
  createJiraSites(deps, "jira-cloud", (connection) => createJiraCloudApi(http(connection), deps.now));

export const readCloud = (deps: PlatformDeps, sites: JiraSites) => createJiraReading(deps, sites);
