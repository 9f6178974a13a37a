import { commentShape, issueShape, userShape } from "./shapes.ts";
import type { FakeComment, FakeTicket, FakeUser, JiraState } from "./state.ts";

export type JiraEvent = Readonly<Record<string, unknown>>;

interface Item {
  readonly field: string;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
  readonly fromString: string | null;
  readonly toString: string | null;
}

/** The bodies that Jira sends, as the recorded ones look: a comment gives two events, and Data Center's comment events carry no issue. */
export const createEvents = (state: JiraState) => {
  const stamp = (webhookEvent: string): JiraEvent => ({ timestamp: state.now(), webhookEvent });

  const aboutComment = (
    ticket: FakeTicket,
    comment: FakeComment,
    by: FakeUser,
    names: readonly [string, string],
  ): readonly JiraEvent[] => {
    const shape = commentShape(state, ticket, comment, { rich: false });
    const short = {
      id: ticket.id,
      self: `${state.base}/rest/api/2/issue/${ticket.id}`,
      key: ticket.key,
      fields: { summary: ticket.summary },
    };
    return [
      { ...stamp(names[0]), comment: shape, ...(state.flavour === "cloud" ? { issue: short } : {}) },
      {
        ...stamp("jira:issue_updated"),
        issue_event_type_name: names[1],
        user: userShape(state, by),
        issue: issueShape(state, ticket, false),
        comment: shape,
      },
    ];
  };

  const changed = (
    ticket: FakeTicket,
    by: FakeUser,
    type: string,
    items: readonly Item[],
  ): readonly JiraEvent[] => [
    {
      ...stamp("jira:issue_updated"),
      issue_event_type_name: type,
      user: userShape(state, by),
      issue: issueShape(state, ticket, false),
      changelog: {
        id: state.next(),
        items: items.map((item) => ({ fieldtype: "jira", fieldId: item.field, ...item })),
      },
    },
  ];

  return {
    opened: (ticket: FakeTicket): readonly JiraEvent[] => [
      {
        ...stamp("jira:issue_created"),
        issue_event_type_name: "issue_created",
        user: userShape(state, ticket.creator),
        issue: issueShape(state, ticket, false),
        changelog: { id: state.next(), items: [] },
      },
    ],
    changed: (ticket: FakeTicket, by: FakeUser, items: readonly Item[]): readonly JiraEvent[] =>
      changed(
        ticket,
        by,
        items.some((item) => item.field === "assignee") ? "issue_assigned" : "issue_updated",
        items,
      ),
    /** To another project: the key is a new one, the id stays. https://github.com/getsentry/sentry/pull/123198 tells of the item of both flavours. */
    moved: (ticket: FakeTicket, by: FakeUser, from: string): readonly JiraEvent[] => {
      const project = (key: string): string => key.split("-")[0] ?? "";
      return changed(ticket, by, "issue_moved", [
        { field: "project", fromString: project(from), toString: project(ticket.key) },
        { field: "Key", from: null, to: null, fromString: from, toString: ticket.key },
      ]);
    },
    commented: (ticket: FakeTicket, comment: FakeComment): readonly JiraEvent[] =>
      aboutComment(ticket, comment, comment.author, ["comment_created", "issue_commented"]),
    edited: (ticket: FakeTicket, comment: FakeComment, by: FakeUser): readonly JiraEvent[] =>
      aboutComment(ticket, comment, by, ["comment_updated", "issue_comment_edited"]),
    removed: (ticket: FakeTicket, comment: FakeComment): readonly JiraEvent[] =>
      aboutComment(ticket, comment, comment.author, ["comment_deleted", "issue_comment_deleted"]).slice(0, 1),
  };
};
