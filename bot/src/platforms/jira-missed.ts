import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { JiraComment, JiraIssue, JiraWebhook } from "@ask-openhands/core/wire/jira.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import type { PlatformDeps } from "./deps.ts";
import { hearJira } from "./jira-hear.ts";
import { jiraEar } from "./jira-receiver.ts";
import type { JiraSites } from "./jira-sites.ts";
import { createLooksApart, type LookApart } from "./looks-apart.ts";

/** Tickets looked at at once, per site; after an outage the next look goes on. */
const mostTickets = 500;
const commentsPerTicket = 50;
/** Even when more tickets than that were changed in one moment, the next look begins this much later, in milliseconds. Jira is asked in whole minutes. */
const leastProgress = 3 * 60_000;

const timeOf = (text: string | null | undefined): number =>
  Date.parse((text ?? "").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));

/**
 * What no delivery told of: tickets changed since then are read back and heard as if their webhooks had come; what came after all is known by its key.
 * A label added meanwhile is seen only on tickets made meanwhile: the server does not say when a label came.
 */
export const createJiraMissed = (deps: PlatformDeps, platform: PlatformId, sites: JiraSites) => {
  const { log } = deps;
  const beginLook = createLooksApart(log, "could not ask Jira what was missed");

  async function* fromTicket(connection: Connection, issue: JiraIssue, since: number): AsyncIterable<Heard> {
    const ear = jiraEar(deps, platform, sites, connection);
    if (timeOf(issue.fields?.created) >= since) yield hearJira(created(issue), ear);
    const comments = await sites.api(connection).comments(issue.id, commentsPerTicket);
    const recent = comments.filter((comment) => timeOf(comment.created) >= since);
    for (const comment of recent.reverse()) yield hearJira(commented(issue, comment), ear);
  }

  async function* fromSite(
    connection: Connection,
    since: number,
    look: LookApart,
    reached: (time: number) => void,
  ): AsyncIterable<Heard> {
    await sites.account(connection);
    const issues = await sites.api(connection).changedSince(since, mostTickets);
    for (const issue of issues) {
      const where = { connection: connection.id, ticket: issue.key };
      yield* look.part(where, fromTicket(connection, issue, since));
    }
    const last = timeOf(issues.at(-1)?.fields?.updated);
    if (issues.length < mostTickets || Number.isNaN(last)) return;
    log.warn({ connection: connection.id, tickets: mostTickets }, "more tickets changed than one look takes");
    reached(Math.max(last, since + leastProgress));
  }

  return async function* missed(
    since: number,
    reached: (time: number) => void = () => undefined,
  ): AsyncIterable<Heard> {
    const look = beginLook();
    for (const connection of sites.all())
      yield* look.connection({ connection: connection.id }, fromSite(connection, since, look, reached));
    look.end();
  };
};

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
