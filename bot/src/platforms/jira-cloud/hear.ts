import type { Route } from "../../intake.ts";
import type { PlatformDeps } from "../deps.ts";
import { jiraRoutes } from "../jira-receiver.ts";
import type { JiraSites } from "../jira-sites.ts";

/** Cloud signs every delivery of a webhook that has a secret; unsigned ones are never taken. */
export const hearCloud = (deps: PlatformDeps, sites: JiraSites): readonly Route[] =>
  jiraRoutes({ deps, platform: "jira-cloud", sites });
