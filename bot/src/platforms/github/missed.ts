import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { githubDelivery } from "@ask-openhands/core/wire/github.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Log } from "../../log.ts";
import type { Client } from "./client.ts";
import { type Doors, isApp, orUndefined, type RepositoryPath, splitName } from "./connect.ts";
import type { Ear } from "./envelope.ts";
import { hear, mayConcern } from "./hear.ts";
import { itemsUntil, perPage } from "./pages.ts";
import type { Repositories } from "./repositories.ts";

/** Pages of a hundred that are looked through of one list. */
const mostPages = 5;
/** Repositories polled when the connection names none: those pushed to last. */
const mostRepositories = 30;
/** Failed deliveries that are read again in one sweep. */
const mostDeliveries = 200;

export interface MissedDeps {
  readonly doors: Doors;
  readonly repositories: Repositories;
  ear(connection: Connection): Promise<Ear>;
  readonly log: Log;
}

export function createMissed({ doors, repositories, ear, log }: MissedDeps) {
  // An unchanged list costs nothing of the rate limit: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
  const tags = new Map<string, string>();

  /** GitHub never sends a delivery twice by itself, but keeps what it sent for three days. */
  async function* fromDeliveries(connection: Connection, since: number): AsyncIterable<Heard> {
    const app = await doors.asApp(connection);
    const listening = await ear(connection);
    let cursor: string | undefined;
    for (let read = 0; read < mostDeliveries; read += perPage) {
      const { data, headers } = await app.rest.apps.listWebhookDeliveries({
        per_page: perPage,
        ...(cursor ? { cursor } : {}),
      });
      for (const one of data.filter((delivery) => needsHearing(delivery, since))) {
        const answer = await orUndefined(app.rest.apps.getWebhookDelivery({ delivery_id: one.id }));
        const delivery = githubDelivery.safeParse(answer?.data);
        if (delivery.success) yield* heardOf(delivery.data.event, delivery.data.request.payload, listening);
      }
      cursor = /[?&]cursor=([^&>]+)/.exec(headers.link ?? "")?.[1];
      if (!cursor || data.some(({ delivered_at: at }) => Date.parse(at) < since)) return;
    }
  }

  function* heardOf(event: string, payload: unknown, listening: Ear): Iterable<Heard> {
    try {
      const heard = hear(event, payload, listening);
      if (heard.heard === "mention") yield heard;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.debug({ event, error: error.hint }, "a delivery that was sent earlier cannot be read");
    }
  }

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
        sender: event.actor,
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
    return (await repositories.repositoriesOf(connection, 1))
      .slice(0, mostRepositories)
      .map((one) => one.full_name);
  };

  async function* fromToken(connection: Connection, since: number): AsyncIterable<Heard> {
    for (const name of await polled(connection))
      yield* guarded(connection, fromRepository(connection, name, since));
  }

  /** What cannot be cured by trying again (a revoked token, a repository taken away) must not keep the others from being heard. */
  async function* guarded(connection: Connection, heard: AsyncIterable<Heard>): AsyncIterable<Heard> {
    try {
      yield* heard;
    } catch (error) {
      if (!(error instanceof Failure) || error.passing) throw error;
      log.warn({ connection: connection.id, error: error.hint }, "could not look for missed asks on GitHub");
    }
  }

  return async function* missed(since: number): AsyncIterable<Heard> {
    const troubles: unknown[] = [];
    for (const connection of doors.workspace()) {
      const heard = isApp(connection) ? fromDeliveries(connection, since) : fromToken(connection, since);
      try {
        yield* guarded(connection, heard);
      } catch (error) {
        troubles.push(error);
      }
    }
    // The caller comes again with the same `since`.
    if (troubles.length > 0) throw troubles[0];
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

const needsHearing = (
  delivery: { readonly delivered_at: string; readonly status_code: number; readonly event: string },
  since: number,
): boolean =>
  Date.parse(delivery.delivered_at) >= since &&
  (delivery.status_code < 200 || delivery.status_code >= 300) &&
  mayConcern(delivery.event);
