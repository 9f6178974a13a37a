import type { PlatformDeps } from "../deps.ts";
import { createJira } from "../jira-platform.ts";
import type { Platform } from "../platform.ts";
import { createDcConnect, inspectDc } from "./connect.ts";
import { hearDc } from "./hear.ts";
import { hooksOfDc } from "./hooks.ts";
import { jiraDcOAuth } from "./oauth.ts";
import { dcSites, readDc } from "./read.ts";
import { renderDc } from "./talk.ts";

/** Jira Data Center: any host, with its context path. */
export const createJiraDc = (deps: PlatformDeps): Platform => {
  const connect = createDcConnect(deps);
  const sites = dcSites(deps, connect.http);
  return createJira({
    deps,
    id: "jira-dc",
    name: "Jira Data Center",
    product: "jira-dc",
    sites,
    routes: hearDc(deps, sites),
    reading: readDc(deps, sites),
    hooks: hooksOfDc(deps, sites, connect),
    render: renderDc,
    oauth: jiraDcOAuth(deps),
    inspect: (connectionId) => inspectDc(deps, sites, connectionId),
  });
};
