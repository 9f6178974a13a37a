import type { Http } from "@ask-openhands/core/http/http.ts";
import type { PlatformDeps } from "../deps.ts";
import { createJiraReading } from "../jira-read.ts";
import { createJiraSites, type JiraSites } from "../jira-sites.ts";
import { createJiraDcApi } from "./api.ts";

/** Sites of Jira Data Center, read through REST v2 under their context paths. */
export const dcSites = (
  deps: PlatformDeps,
  http: (connection: Parameters<JiraSites["api"]>[0]) => Http,
): JiraSites => createJiraSites(deps, "jira-dc", (connection) => createJiraDcApi(http(connection), deps.now));

export const readDc = (deps: PlatformDeps, sites: JiraSites) => createJiraReading(deps, sites);
