import type { FakeComment, FakeTicket, FakeUser, JiraState } from "./state.ts";

/** Jira's times: milliseconds and a zone without a colon. */
export const jiraTime = (time: number): string => new Date(time).toISOString().replace("Z", "+0000");

export const userShape = (state: JiraState, user: FakeUser): Record<string, unknown> =>
  state.flavour === "cloud"
    ? {
        self: `${state.base}/rest/api/3/user?accountId=${user.id}`,
        accountId: user.id,
        accountType: user.app === true ? "app" : "atlassian",
        displayName: user.displayName,
        active: true,
        avatarUrls: {},
        timeZone: "Etc/UTC",
      }
    : {
        self: `${state.base}/rest/api/2/user?username=${user.name}`,
        key: user.id,
        name: user.name,
        emailAddress: `${user.name}@example.com`,
        displayName: user.displayName,
        active: true,
        avatarUrls: {},
        timeZone: "Etc/UTC",
      };

const paragraph = (line: string): Record<string, unknown> => ({
  type: "paragraph",
  content: line
    .split(/(\[~accountid:[^\]]+\])/)
    .filter(Boolean)
    .map((part) => {
      const mention = /^\[~accountid:([^\]]+)\]$/.exec(part);
      return mention
        ? { type: "mention", attrs: { id: mention[1], text: "@somebody" } }
        : { type: "text", text: part };
    }),
});

/** What a person typed, as REST v3 gives it back. */
export const adfOf = (body: unknown): unknown =>
  typeof body === "string" ? { type: "doc", version: 1, content: body.split("\n").map(paragraph) } : body;

/** The plain text of a body, whatever its format. */
export const plainText = (body: unknown): string => {
  if (typeof body === "string") return body;
  if (typeof body !== "object" || body === null) return "";
  const node = body as {
    text?: unknown;
    content?: unknown;
    attrs?: { url?: unknown; text?: unknown };
    marks?: unknown;
  };
  const own = typeof node.text === "string" ? node.text : "";
  const links = Array.isArray(node.marks)
    ? node.marks.map((mark: { attrs?: { href?: unknown } }) =>
        typeof mark.attrs?.href === "string" ? ` ${mark.attrs.href}` : "",
      )
    : [];
  const inner = Array.isArray(node.content) ? node.content.map(plainText) : [];
  const attr = [node.attrs?.url, node.attrs?.text].filter((value) => typeof value === "string");
  return [own, ...links, ...attr, ...inner].join("") + (inner.length > 0 ? "\n" : "");
};

export interface CommentShape {
  /** REST v3 speaks ADF, webhooks and REST v2 wiki markup. */
  readonly rich: boolean;
  readonly properties?: boolean | undefined;
}

/** As service management reads its own mark. */
const isInternal = ({ properties, internal }: FakeComment): boolean => {
  const mark = properties.get("sd.public.comment") as { readonly internal?: unknown } | undefined;
  return mark === undefined ? internal : mark.internal === true;
};

export const commentShape = (
  state: JiraState,
  ticket: FakeTicket,
  comment: FakeComment,
  shape: CommentShape,
): Record<string, unknown> => ({
  self: `${state.base}/rest/api/2/issue/${ticket.id}/comment/${comment.id}`,
  id: comment.id,
  author: userShape(state, comment.author),
  updateAuthor: userShape(state, comment.author),
  body: shape.rich ? adfOf(comment.body) : plainText(comment.body),
  created: jiraTime(comment.created),
  updated: jiraTime(comment.updated),
  ...(comment.visibility === undefined ? {} : { visibility: comment.visibility }),
  ...(state.flavour === "cloud" ? { jsdPublic: !isInternal(comment) } : {}),
  ...(shape.properties === true
    ? { properties: [...comment.properties].map(([key, value]) => ({ key, value })) }
    : {}),
});

/** What was changed: Cloud gives the newest 40, newest first, Data Center all, oldest first. */
export const historyShape = (ticket: FakeTicket, cloud: boolean): Record<string, unknown> => {
  const all = ticket.history.map(({ at, field }, index) => ({
    id: String(index),
    created: jiraTime(at),
    items: [{ field, fieldtype: "jira", fromString: null, toString: null }],
  }));
  const histories = cloud ? all.toReversed().slice(0, 40) : all;
  return { startAt: 0, maxResults: cloud ? 40 : all.length, total: all.length, histories };
};

export const issueShape = (state: JiraState, ticket: FakeTicket, rich: boolean): Record<string, unknown> => ({
  id: ticket.id,
  self: `${state.base}/rest/api/2/issue/${ticket.id}`,
  key: ticket.key,
  fields: {
    summary: ticket.summary,
    description:
      rich && ticket.description !== undefined ? adfOf(ticket.description) : (ticket.description ?? null),
    labels: ticket.labels,
    creator: userShape(state, ticket.creator),
    reporter: userShape(state, ticket.creator),
    assignee: ticket.assignee === undefined ? null : userShape(state, ticket.assignee),
    created: jiraTime(ticket.created),
    updated: jiraTime(ticket.updated),
    project: {
      id: "10000",
      key: ticket.key.split("-")[0],
      ...(state.projectType === undefined ? {} : { projectTypeKey: state.projectType }),
    },
    status: { name: "To Do" },
    issuetype: { name: "Task" },
    attachment: (ticket.files ?? []).map(({ name, by }, at) => ({
      id: String(at),
      filename: name,
      author: userShape(state, by),
      mimeType: "text/plain",
      size: 1,
      content: `${state.base}/secure/attachment/${at}/${name}`,
    })),
  },
});
