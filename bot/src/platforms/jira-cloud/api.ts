import type { Http } from "@ask-openhands/core/http/http.ts";
import {
  JiraComment,
  JiraComments,
  JiraIssue,
  JiraIssues,
  JiraRemoteLinks,
  JiraUser,
} from "@ask-openhands/core/wire/jira.ts";
import * as z from "zod";
import { changedJql, issueFields, type JiraApi, type NewComment, propertiesOf } from "../jira-api.ts";
import { readAttachment, readMyPermissions } from "../jira-reads.ts";

/** jira.js builds the requests; they go out through our own client, so that address guard, limits and `Failure`s are the same as everywhere. */
interface Transport {
  sendRequest<T>(options: {
    readonly url: string;
    readonly method?: string | undefined;
    readonly searchParams?: Record<string, unknown> | undefined;
    readonly body?: unknown;
  }): Promise<T>;
}

type Query = Record<string, string | readonly string[] | undefined>;

const queryOf = (values: Readonly<Record<string, unknown>> = {}): Query =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : String(value)]),
  );

const methods = ["GET", "POST", "PUT", "DELETE"] as const;

const transportOf = (http: Pick<Http, "json">): Transport => ({
  async sendRequest<T>(options: Parameters<Transport["sendRequest"]>[0]): Promise<T> {
    const method = methods.find((one) => one === options.method) ?? "GET";
    const answer = await http.json(z.unknown(), {
      method,
      path: options.url,
      query: queryOf(options.searchParams),
      ...(options.body === undefined ? {} : { json: options.body }),
      // Searches and permission checks are POSTs that change nothing.
      idempotent: method !== "POST" || /\/(?:search|permissions|comment\/list)/.test(options.url),
    });
    // Answers are read with our own lenient schemas below, so the type that jira.js promises is not relied upon.
    return answer as T;
  },
});

const commentOf = (comment: NewComment): Record<string, unknown> => ({
  body: comment.body,
  ...(comment.visibility ? { visibility: comment.visibility } : {}),
  ...propertiesOf(comment),
});

/** jira.js costs half a second and 80 MB to load: only a bot that has a Jira Cloud connection pays. */
const load = () => import("jira.js/cloud");

export const createJiraCloudApi = (http: Pick<Http, "json" | "bytes">, now: () => number): JiraApi => {
  const client = transportOf(http);
  return {
    async myself() {
      const { getCurrentUser } = await load();
      return JiraUser.parse(await getCurrentUser(client));
    },
    async issue(issueIdOrKey, withHistory) {
      const { getIssue } = await load();
      const history = withHistory === true ? { expand: "changelog" } : {};
      return JiraIssue.parse(await getIssue(client, { issueIdOrKey, fields: [...issueFields], ...history }));
    },
    async comments(issueIdOrKey, most) {
      const { getComments } = await load();
      const page = JiraComments.parse(
        await getComments(client, { issueIdOrKey, maxResults: most, orderBy: "-created" }),
      );
      return page.comments ?? [];
    },
    async comment(issueIdOrKey, id) {
      const { getComment } = await load();
      return JiraComment.parse(await getComment(client, { issueIdOrKey, id }));
    },
    async properties(_issue, ids, key) {
      if (ids.length === 0) return new Map();
      const { getCommentsByIds } = await load();
      const schema = z.object({ values: z.array(JiraComment) });
      const page = schema.parse(
        await getCommentsByIds(client, { ids: ids.map(Number), expand: "properties" }),
      );
      return new Map(
        page.values.map((comment) => [
          comment.id,
          comment.properties?.find((property) => property.key === key)?.value,
        ]),
      );
    },
    async addComment(issueIdOrKey, comment) {
      const { addComment } = await load();
      return JiraComment.parse(await addComment(client, { issueIdOrKey, ...commentOf(comment) }));
    },
    async updateComment(issueIdOrKey, id, comment) {
      const { updateComment } = await load();
      return JiraComment.parse(
        await updateComment(client, { issueIdOrKey, id, notifyUsers: false, body: commentOf(comment) }),
      );
    },
    async mayComment(issue, account) {
      const { getBulkPermissions } = await load();
      const schema = z.object({
        projectPermissions: z.array(
          z.object({ permission: z.string(), issues: z.array(z.coerce.string()).nullish() }),
        ),
      });
      const answer = schema.parse(
        await getBulkPermissions(client, {
          accountId: account.id,
          projectPermissions: [{ permissions: ["ADD_COMMENTS"], issues: [Number(issue.id)], projects: [] }],
        }),
      );
      return answer.projectPermissions.some(
        (grant) => grant.permission === "ADD_COMMENTS" && (grant.issues ?? []).includes(issue.id),
      );
    },
    async myPermissions(names) {
      const { getMyPermissions } = await load();
      return readMyPermissions(await getMyPermissions(client, { permissions: names.join(",") }));
    },
    async changedSince(since, most) {
      const { searchAndReconsileIssuesUsingJqlPost } = await load();
      const found: z.infer<typeof JiraIssue>[] = [];
      let token: string | undefined;
      do {
        const page = JiraIssues.parse(
          await searchAndReconsileIssuesUsingJqlPost(client, {
            jql: changedJql(since, now()),
            fields: [...issueFields],
            maxResults: Math.min(50, most - found.length),
            ...(token === undefined ? {} : { nextPageToken: token }),
          }),
        );
        found.push(...page.issues);
        token = page.nextPageToken ?? undefined;
      } while (token !== undefined && found.length < most);
      return found;
    },
    async links(issueIdOrKey) {
      const { getRemoteIssueLinks } = await load();
      const links = JiraRemoteLinks.parse(await getRemoteIssueLinks(client, { issueIdOrKey }));
      return links.flatMap((link) => (link.object?.url ? [link.object.url] : []));
    },
    attachment: (id, _url, limit) =>
      readAttachment(http, `/rest/api/3/attachment/content/${encodeURIComponent(id)}`, limit),
  };
};
