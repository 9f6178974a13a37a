import type { ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place, PlatformId } from "@ask-openhands/core/work/place.ts";
import type { Route } from "../intake.ts";
import type { OAuthWay } from "./connect-way.ts";
import type { PlatformDeps } from "./deps.ts";
import type { JiraBody } from "./jira-api.ts";
import { hearJira } from "./jira-hear.ts";
import { createJiraMissed } from "./jira-missed.ts";
import { jiraPlace } from "./jira-place.ts";
import type { createJiraReading } from "./jira-read.ts";
import { jiraEar } from "./jira-receiver.ts";
import type { JiraSites } from "./jira-sites.ts";
import { createJiraTalk, jiraBodyLimit } from "./jira-talk.ts";
import type { Hooks, OnBehalf, Platform } from "./platform.ts";
import { sharedIn } from "./shared-in.ts";

/** What one flavour brings. */
export interface JiraParts {
  readonly deps: PlatformDeps;
  readonly id: Extract<PlatformId, string>;
  readonly name: string;
  readonly product: "jira-cloud" | "jira-dc";
  readonly sites: JiraSites;
  readonly routes: readonly Route[];
  readonly reading: ReturnType<typeof createJiraReading>;
  readonly hooks: Hooks;
  readonly oauth: OAuthWay;
  render(message: Message): JiraBody;
  inspect(connectionId: string): Promise<ConnectionStatus>;
}

/** Jira of one flavour as a platform. */
export const createJira = (parts: JiraParts): Platform => {
  const { deps, id, sites } = parts;

  const placeAt = async (url: string, { workspaceId }: OnBehalf): Promise<Place | undefined> => {
    for (const connection of sites.all().filter(sharedIn(workspaceId))) {
      const context = connection.host.includes("/")
        ? connection.host.slice(connection.host.indexOf("/"))
        : "";
      const page = findPage(parts.product, url, context);
      if (page === undefined || page.host !== connection.host) continue;
      const key = /\b[A-Z][A-Z0-9_]+-\d+\b/.exec(page.url)?.[0];
      if (key === undefined) continue;
      const issue = await sites.api(connection).issue(key);
      const base = new URL(url).origin + context;
      return jiraPlace({
        ear: { platform: id, connection: connection.id },
        base,
        host: connection.host,
        issue,
      });
    }
    return undefined;
  };

  return {
    id,
    name: parts.name,
    bodyLimit: jiraBodyLimit,
    // Jira Cloud limits writes to one ticket (`jira-per-issue-on-write`); one edit in five seconds stays below.
    editEvery: 5_000,
    routes: parts.routes,
    accountsKnowRepositories: false,
    roomOf: (place) => {
      const project = place.address["key"]?.split("-")[0];
      return project === undefined ? [] : [project];
    },
    ...parts.reading,
    ...createJiraTalk(sites, parts.render),
    placeAt,
    missed: createJiraMissed(deps, id, sites),
    // Every connection has a webhook secret, and only an administrator can make the webhook: whether there is one shows by what it brings.
    polls: () => sites.all().some((connection) => !sites.isTold(connection)),
    hooks: parts.hooks,
    oauth: parts.oauth,
    inspect: parts.inspect,
    explain: (_headers, body, host) => {
      const ear = jiraEar(deps, id, sites, undefined);
      return hearJira(body, host === undefined ? ear : { ...ear, host });
    },
  };
};
