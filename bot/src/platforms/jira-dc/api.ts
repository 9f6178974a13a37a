import { Failure } from "@ask-openhands/core/failure.ts";
import type { Http } from "@ask-openhands/core/http/http.ts";
import {
  JiraComment,
  JiraComments,
  JiraIssue,
  JiraIssues,
  JiraProperty,
  JiraRemoteLinks,
  JiraUser,
} from "@ask-openhands/core/wire/jira.ts";
import * as z from "zod";
import { changedJql, issueFields, type JiraApi, type NewComment, propertiesOf } from "../jira-api.ts";
import { readAttachment, readMyPermissions } from "../jira-reads.ts";

const segment = encodeURIComponent;

const commentOf = (comment: NewComment): Record<string, unknown> => ({
  body: comment.body,
  ...(comment.visibility ? { visibility: comment.visibility } : {}),
  ...propertiesOf(comment),
});

/** With its properties, by which internal notes are known: a server that tells none has told that there are none. */
const told = (comment: JiraComment): JiraComment => ({ ...comment, properties: comment.properties ?? [] });
const withProperties = { expand: "properties" } as const;

/** REST v2 of Data Center; `http` has the base address with its context path. https://docs.atlassian.com/software/jira/docs/api/REST/latest */
export const createJiraDcApi = (http: Pick<Http, "json" | "bytes">, now: () => number): JiraApi => {
  const issuePath = (issue: string): string => `/rest/api/2/issue/${segment(issue)}`;

  const propertyOf = async (id: string, key: string): Promise<unknown> => {
    try {
      return (
        await http.json(JiraProperty, {
          path: `/rest/api/2/comment/${segment(id)}/properties/${segment(key)}`,
        })
      ).value;
    } catch (error) {
      if (error instanceof Failure && error.kind === "not-found") return undefined;
      throw error;
    }
  };

  return {
    myself: () => http.json(JiraUser, { path: "/rest/api/2/myself" }),
    issue: (issue, withHistory) =>
      http.json(JiraIssue, {
        path: issuePath(issue),
        query: { fields: issueFields.join(","), ...(withHistory === true ? { expand: "changelog" } : {}) },
      }),
    async comments(issue, most) {
      const page = await http.json(JiraComments, {
        path: `${issuePath(issue)}/comment`,
        query: { maxResults: String(most), orderBy: "-created", ...withProperties },
      });
      return (page.comments ?? []).map(told);
    },
    async comment(issue, id) {
      const path = `${issuePath(issue)}/comment/${segment(id)}`;
      return told(await http.json(JiraComment, { path, query: withProperties }));
    },
    async properties(_issue, ids, key) {
      // One call each: Data Center has no bulk read of comment properties. Callers give few ids.
      const values = await Promise.all(ids.map(async (id) => [id, await propertyOf(id, key)] as const));
      return new Map(values);
    },
    addComment: (issue, comment) =>
      http.json(JiraComment, {
        method: "POST",
        path: `${issuePath(issue)}/comment`,
        json: commentOf(comment),
      }),
    updateComment: (issue, id, comment) =>
      http.json(JiraComment, {
        method: "PUT",
        path: `${issuePath(issue)}/comment/${segment(id)}`,
        json: commentOf(comment),
      }),
    async mayComment(issue, account) {
      const users = await http.json(z.array(JiraUser), {
        path: "/rest/api/2/user/permission/search",
        query: {
          username: account.name,
          permissions: "ADD_COMMENTS",
          issueKey: issue.key ?? "",
          maxResults: "50",
        },
      });
      return users.some((user) => user.key === account.id || user.name === account.name);
    },
    async myPermissions() {
      return readMyPermissions(await http.json(z.unknown(), { path: "/rest/api/2/mypermissions" }));
    },
    async changedSince(since, most) {
      const found: z.infer<typeof JiraIssue>[] = [];
      for (let startAt = 0; startAt < most; ) {
        const page = await http.json(JiraIssues, {
          method: "POST",
          path: "/rest/api/2/search",
          json: {
            jql: changedJql(since, now()),
            startAt,
            maxResults: Math.min(50, most - startAt),
            fields: [...issueFields],
          },
          idempotent: true,
        });
        found.push(...page.issues);
        startAt += page.issues.length;
        if (page.issues.length === 0 || startAt >= (page.total ?? 0)) break;
      }
      return found;
    },
    async links(issue) {
      const links = await http.json(JiraRemoteLinks, { path: `${issuePath(issue)}/remotelink` });
      return links.flatMap((link) => (link.object?.url ? [link.object.url] : []));
    },
    attachment: (_id, url, limit) => readAttachment(http, url, limit),
  };
};
