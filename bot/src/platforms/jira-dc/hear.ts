import type { Route } from "../../intake.ts";
import type { PlatformDeps } from "../deps.ts";
import { jiraRoutes } from "../jira-receiver.ts";
import type { JiraSites } from "../jira-sites.ts";
import { addressKey } from "./connect.ts";

/** Servers from 10 on sign; older ones prove themselves by a key in the address that only they and we know. */
export const hearDc = (deps: PlatformDeps, sites: JiraSites): readonly Route[] =>
  jiraRoutes({ deps, platform: "jira-dc", sites, addressKey: (connection) => addressKey(deps, connection) });
