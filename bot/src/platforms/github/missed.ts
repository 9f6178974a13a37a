import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import { createLooksApart, type LookApart } from "../looks-apart.ts";
import type { Client } from "./client.ts";
import { isApp, orUndefined } from "./connect.ts";
import type { Ear } from "./envelope.ts";
import { hearAgain } from "./hear-again.ts";
import { type Hearing, missedDeliveries } from "./missed-deliveries.ts";
import { itemsUntil, perPage } from "./pages.ts";
import type { Repositories } from "./repositories.ts";
import { type RepositoryPath, splitName } from "./spots.ts";

/** Pages of a hundred that are looked through of one list, back to the last look. */
const mostPages = 20;
/** Repositories polled when the connection names none: those pushed to last. */
const mostRepositories = 30;

export interface MissedDeps extends Hearing {
  readonly repositories: Repositories;
}

export function createMissed({ doors, repositories, ear, log }: MissedDeps) {
  // An unchanged list costs nothing of the rate limit: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
  const tags = new Map<string, string>();
  const toldOfMore = new Set<string>();
  const beginLook = createLooksApart(log, "could not look for missed asks on GitHub");

  const heardOf = (event: string, payload: unknown, listening: Ear): Iterable<Heard> =>
    hearAgain(event, payload, listening, log);

  /** What changed since then, oldest first; nothing when the list is the same as at the last look. */
  const news = async <T extends Dated>(
    source: Source,
    list: string,
    read: (page: number, headers: Readonly<Record<string, string>>) => Promise<Listed<T>>,
  ): Promise<readonly T[]> => {
    const key = `${source.key} ${list}`;
    const tag = tags.get(key);
    const first = await read(1, tag ? { "if-none-match": tag } : {}).catch((error: unknown) => {
      if (error instanceof Failure && error.status === 304) return undefined;
      throw error;
    });
    if (!first) return [];
    if (first.headers.etag) source.seen.set(key, first.headers.etag);
    const items = await itemsUntil(
      mostPages,
      async (page) => ({ data: (page === 1 ? first : await read(page, {})).data, headers: {} }),
      (item) => Date.parse(item.updated_at ?? item.created_at ?? "") >= source.since,
    );
    if (items.length === mostPages * perPage)
      log.warn(
        { list: key, newest: items.length },
        "more changed than one look takes; what is older is left",
      );
    return items.toReversed();
  };

  async function* fromRepository(connection: Connection, name: string, since: number): AsyncIterable<Heard> {
    const client = await doors.into(connection, name);
    const path = splitName(name);
    const answer = client && (await orUndefined(client.rest.repos.get({ ...path })));
    if (!client || !answer) return;
    const seen = new Map<string, string>();
    const source: Source = {
      client,
      path,
      key: `${connection.id} ${name}`,
      since,
      seen,
      listening: await ear(connection),
      repository: answer.data,
    };
    yield* comments(source);
    yield* reviewComments(source);
    yield* issuesAndReviews(source);
    yield* labelsAndAssignments(source);
    // Only now is everything taken: what was not must be found again.
    for (const [key, tag] of seen) tags.set(key, tag);
  }

  async function* comments(source: Source): AsyncIterable<Heard> {
    const { client, path, listening, repository } = source;
    const found = await news(source, "comments", (page, headers) =>
      client.rest.issues.listCommentsForRepo({
        ...path,
        sort: "updated",
        direction: "desc",
        per_page: perPage,
        page,
        headers,
      }),
    );
    for (const comment of found) {
      if (!listening.mentions(comment.body ?? "")) continue;
      const number = Number(comment.issue_url.split("/").at(-1));
      const issue = await orUndefined(client.rest.issues.get({ ...path, issue_number: number }));
      if (!issue) continue;
      const action = isEdited(comment) ? "edited" : "created";
      yield* heardOf(
        "issue_comment",
        { action, issue: issue.data, comment, repository, sender: comment.user },
        listening,
      );
    }
  }

  async function* reviewComments(source: Source): AsyncIterable<Heard> {
    const { client, path, listening, repository } = source;
    const found = await news(source, "review comments", (page, headers) =>
      client.rest.pulls.listReviewCommentsForRepo({
        ...path,
        sort: "updated",
        direction: "desc",
        per_page: perPage,
        page,
        headers,
      }),
    );
    for (const comment of found) {
      if (!listening.mentions(comment.body)) continue;
      const pull = await orUndefined(
        client.rest.pulls.get({ ...path, pull_number: Number(comment.pull_request_url.split("/").at(-1)) }),
      );
      // The text before an edit is not told here, so an edit keeps the review's key: what was asked before is not asked again.
      if (pull)
        yield* heardOf(
          "pull_request_review_comment",
          { action: "created", pull_request: pull.data, comment, repository, sender: comment.user },
          listening,
        );
    }
  }

  async function* issuesAndReviews(source: Source): AsyncIterable<Heard> {
    const { client, path, since, listening, repository } = source;
    const found = await news(source, "issues", (page, headers) =>
      client.rest.issues.listForRepo({
        ...path,
        state: "all",
        sort: "updated",
        direction: "desc",
        per_page: perPage,
        page,
        headers,
      }),
    );
    for (const issue of found) {
      // Lists don't tell when a description was edited, so only new ones ask.
      if (Date.parse(issue.created_at) >= since && listening.mentions(issue.body ?? "")) {
        const body = { action: "opened", repository, sender: issue.user };
        if (issue.pull_request) yield* heardOf("pull_request", { ...body, pull_request: issue }, listening);
        else yield* heardOf("issues", { ...body, issue }, listening);
      }
      if (!issue.pull_request) continue;
      const { data: reviews } = await client.rest.pulls.listReviews({
        ...path,
        pull_number: issue.number,
        per_page: perPage,
      });
      for (const review of reviews.filter(
        (one) => Date.parse(one.submitted_at ?? "") >= since && listening.mentions(one.body),
      )) {
        yield* heardOf(
          "pull_request_review",
          { action: "submitted", pull_request: issue, review, repository, sender: review.user },
          listening,
        );
      }
    }
  }

  async function* labelsAndAssignments(source: Source): AsyncIterable<Heard> {
    const { client, path, listening, repository } = source;
    const found = await news(source, "events", (page, headers) =>
      client.rest.issues.listEventsForRepo({ ...path, per_page: perPage, page, headers }),
    );
    for (const event of found) {
      if (!event.issue || (event.event !== "labeled" && event.event !== "assigned")) continue;
      // As in the webhook, the time is that of the change, which is what tells adding it again from hearing it again.
      const subject = { ...event.issue, updated_at: event.created_at };
      const body = {
        action: event.event,
        label: event.label,
        assignee: event.assignee,
        repository,
        // Of an assignment, `actor` is whom it went to: https://docs.github.com/rest/using-the-rest-api/issue-event-types#assigned
        sender: event.assigner ?? event.actor,
      };
      if (event.issue.pull_request)
        yield* heardOf("pull_request", { ...body, pull_request: subject }, listening);
      else yield* heardOf("issues", { ...body, issue: subject }, listening);
    }
  }

  const polled = async (connection: Connection): Promise<readonly string[]> => {
    const named = (connection.settings["repositories"] ?? "")
      .split(",")
      .map((one) => one.trim())
      .filter(Boolean);
    if (named.length > 0) return named;
    const all = await repositories.repositoriesOf(connection, 1);
    if (all.length > mostRepositories && !toldOfMore.has(connection.id)) {
      toldOfMore.add(connection.id);
      log.warn(
        { connection: connection.id, polled: mostRepositories },
        "only the repositories pushed to last are polled; name those that matter in the connection (GITHUB_REPOSITORIES)",
      );
    }
    return all.slice(0, mostRepositories).map((one) => one.full_name);
  };

  async function* fromToken(connection: Connection, since: number, look: LookApart): AsyncIterable<Heard> {
    for (const name of await polled(connection)) {
      const where = { connection: connection.id, repository: name };
      yield* look.part(where, fromRepository(connection, name, since));
    }
  }

  return async function* missed(
    since: number,
    reached: (time: number) => void = () => undefined,
  ): AsyncIterable<Heard> {
    const look = beginLook();
    for (const connection of doors.workspace()) {
      const heard = isApp(connection)
        ? missedDeliveries({ doors, ear, log }, connection, since, reached)
        : fromToken(connection, since, look);
      yield* look.connection({ connection: connection.id }, heard);
    }
    look.end();
  };
}

interface Dated {
  readonly updated_at?: string | null;
  readonly created_at?: string | null;
}

interface Listed<T> {
  readonly data: readonly T[];
  readonly headers: { readonly etag?: string | undefined };
}

interface Source {
  readonly client: Client;
  readonly path: RepositoryPath;
  readonly key: string;
  readonly since: number;
  /** Tags of the lists read in this look. */
  readonly seen: Map<string, string>;
  readonly listening: Ear;
  readonly repository: unknown;
}

const isEdited = (comment: { readonly created_at: string; readonly updated_at: string }): boolean =>
  Date.parse(comment.updated_at) > Date.parse(comment.created_at);
