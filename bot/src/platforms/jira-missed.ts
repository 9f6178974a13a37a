import type { JiraComment, JiraIssue, JiraWebhook } from "@ask-openhands/core/wire/jira.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import type { PlatformDeps } from "./deps.ts";
import { hearJira } from "./jira-hear.ts";
import { jiraEar } from "./jira-receiver.ts";
import type { JiraSites } from "./jira-sites.ts";

/** Tickets looked at after an outage, per site. */
const mostTickets = 500;
const commentsPerTicket = 50;

const timeOf = (text: string | null | undefined): number =>
  Date.parse((text ?? "").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));

/**
 * What no delivery told of: tickets changed since then are read back and heard as if their webhooks had come; what came after all is known by its key.
 * A label added meanwhile is seen only on tickets made meanwhile: the server does not say when a label came.
 */
export async function* jiraMissed(
  deps: PlatformDeps,
  platform: PlatformId,
  sites: JiraSites,
  since: number,
): AsyncIterable<Heard> {
  for (const connection of sites.all()) {
    const api = sites.api(connection);
    await sites.account(connection);
    const ear = jiraEar(deps, platform, sites, connection);
    const hear = (payload: JiraWebhook): Heard => hearJira(payload, ear);
    for (const issue of await api.changedSince(since, mostTickets)) {
      if (timeOf(issue.fields?.created) >= since) yield hear(created(issue));
      const comments = await api.comments(issue.id, commentsPerTicket);
      const recent = comments.filter((comment) => timeOf(comment.created) >= since);
      for (const comment of recent.reverse()) yield hear(commented(issue, comment));
    }
  }
}

const created = (issue: JiraIssue): JiraWebhook => ({
  webhookEvent: "jira:issue_created",
  timestamp: timeOf(issue.fields?.created),
  user: issue.fields?.creator ?? issue.fields?.reporter,
  issue,
});

const commented = (issue: JiraIssue, comment: JiraComment): JiraWebhook => ({
  webhookEvent: "comment_created",
  timestamp: timeOf(comment.created),
  issue,
  comment,
});
