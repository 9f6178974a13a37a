import type { FakeReply, FakeRequest, FakeRoute } from "../routes.ts";
import { type CommentShape, commentShape, historyShape, issueShape, userShape } from "./shapes.ts";
import { type FakeComment, type FakeTicket, type FakeUser, type JiraState, ticketOf } from "./state.ts";

const notFound: FakeReply = {
  status: 404,
  json: { errorMessages: ["Issue does not exist or you do not have permission to see it."], errors: {} },
};
const refused: FakeReply = {
  status: 401,
  json: { message: "Client must be authenticated to access this resource." },
};

/** REST of one flavour. `prefix` stands before `/rest`; `version` is `3` or `2`. */
export const jiraRoutes = (state: JiraState, prefix: string, version: "2" | "3"): readonly FakeRoute[] => {
  const api = `${prefix}/rest/api/${version}`;
  const rich = version === "3";

  const caller = (request: FakeRequest): FakeUser | undefined =>
    state.users.get(state.tokens.get(request.headers["authorization"] ?? "") ?? "");

  const as =
    (answer: (request: FakeRequest, user: FakeUser) => FakeReply) =>
    (request: FakeRequest): FakeReply => {
      const user = caller(request);
      return user === undefined ? refused : answer(request, user);
    };

  const onTicket = (answer: (ticket: FakeTicket, request: FakeRequest, user: FakeUser) => FakeReply) =>
    as((request, user) => {
      const ticket = ticketOf(state, request.params["issue"] ?? "");
      return ticket === undefined ? notFound : answer(ticket, request, user);
    });

  const onComment = (
    answer: (ticket: FakeTicket, comment: FakeComment, request: FakeRequest, user: FakeUser) => FakeReply,
  ) =>
    onTicket((ticket, request, user) => {
      const comment = ticket.comments.find((one) => one.id === request.params["id"]);
      return comment === undefined ? notFound : answer(ticket, comment, request, user);
    });

  const allComments = (): readonly { ticket: FakeTicket; comment: FakeComment }[] =>
    [...state.tickets.values()].flatMap((ticket) => ticket.comments.map((comment) => ({ ticket, comment })));

  const propertiesOf = (request: FakeRequest): Map<string, unknown> => {
    const list = Array.isArray(request.body["properties"])
      ? (request.body["properties"] as { key: string; value: unknown }[])
      : [];
    return new Map(list.map((property) => [property.key, property.value]));
  };

  /** Properties are told on demand: https://jira.atlassian.com/browse/JSDSERVER-1261. */
  const shapeFor = (request: FakeRequest): CommentShape => ({
    rich,
    properties: request.query.get("expand") === "properties",
  });

  const changed = (request: FakeRequest): FakeReply => {
    const jql = String(request.body["jql"] ?? "");
    const minutes = Number(/updated >= -(\d+)m/.exec(jql)?.[1] ?? Number.NaN);
    if (Number.isNaN(minutes))
      return { status: 400, json: { errorMessages: [`Error in the JQL Query: ${jql}`], errors: {} } };
    const issues = [...state.tickets.values()]
      .filter((ticket) => ticket.updated >= Date.now() - minutes * 60_000)
      .sort((one, other) => one.updated - other.updated)
      .map((ticket) => issueShape(state, ticket, rich));
    const start = Number(request.body["nextPageToken"] ?? request.body["startAt"] ?? 0);
    const end = start + Math.min(100, Number(request.body["maxResults"] ?? 50));
    const page = issues.slice(start, end);
    // Cloud pages by token and counts nothing.
    if (state.flavour === "cloud")
      return { json: { issues: page, ...(end < issues.length ? { nextPageToken: String(end) } : {}) } };
    return { json: { issues: page, total: issues.length, startAt: start } };
  };

  return [
    ["GET", `${api}/myself`, as((_request, user) => ({ json: userShape(state, user) }))],
    [
      "GET",
      `${api}/mypermissions`,
      as((_request, user) => ({
        json: {
          permissions: Object.fromEntries(
            ["BROWSE_PROJECTS", "ADD_COMMENTS", "EDIT_OWN_COMMENTS"].map((name) => [
              name,
              { key: name, havePermission: state.commenters.has(user.id) },
            ]),
          ),
        },
      })),
    ],
    [
      "GET",
      `${api}/issue/:issue`,
      onTicket((ticket, request) => ({
        json: {
          ...issueShape(state, ticket, rich),
          ...(request.query.get("expand") === "changelog" ? { changelog: historyShape(ticket, rich) } : {}),
        },
      })),
    ],
    [
      "GET",
      `${api}/issue/:issue/remotelink`,
      onTicket((ticket) => ({ json: ticket.links.map((url) => ({ object: { url, title: url } })) })),
    ],
    [
      "GET",
      `${api}/issue/:issue/comment`,
      onTicket((ticket, request) => {
        const newestFirst = request.query.get("orderBy") === "-created";
        const ordered = [...ticket.comments].sort((one, other) =>
          newestFirst ? other.created - one.created : one.created - other.created,
        );
        const most = Number(request.query.get("maxResults") ?? 50);
        return {
          json: {
            startAt: 0,
            total: ordered.length,
            comments: ordered
              .slice(0, most)
              .map((comment) => commentShape(state, ticket, comment, shapeFor(request))),
          },
        };
      }),
    ],
    [
      "POST",
      `${api}/issue/:issue/comment`,
      onTicket((ticket, request, user) => {
        if (rich === (typeof request.body["body"] === "string"))
          return { status: 400, json: { errorMessages: ["INVALID_INPUT"], errors: {} } };
        const comment: FakeComment = {
          id: state.next(),
          author: user,
          body: request.body["body"],
          created: state.now(),
          updated: state.now(),
          properties: propertiesOf(request),
          visibility: request.body["visibility"],
          internal: false,
        };
        ticket.comments.push(comment);
        ticket.updated = comment.created;
        return { status: 201, json: commentShape(state, ticket, comment, { rich }) };
      }),
    ],
    [
      "GET",
      `${api}/issue/:issue/comment/:id`,
      onComment((ticket, comment, request) => ({
        json: commentShape(state, ticket, comment, shapeFor(request)),
      })),
    ],
    [
      "PUT",
      `${api}/issue/:issue/comment/:id`,
      onComment((ticket, comment, request, user) => {
        if (comment.author.id !== user.id)
          return {
            status: 403,
            json: { errorMessages: ["You do not have permission to edit this comment."], errors: {} },
          };
        comment.body = request.body["body"];
        // An edit that names nobody is for everybody.
        comment.visibility = request.body["visibility"];
        comment.updated = state.now();
        for (const [key, value] of propertiesOf(request)) comment.properties.set(key, value);
        return { json: commentShape(state, ticket, comment, { rich }) };
      }),
    ],
    [
      "POST",
      `${api}/comment/list`,
      as((request) => {
        const ids = (request.body["ids"] as number[]).map(String);
        const values = allComments()
          .filter(({ comment }) => ids.includes(comment.id))
          .map(({ ticket, comment }) => commentShape(state, ticket, comment, { rich, properties: true }));
        return { json: { startAt: 0, maxResults: 1000, total: values.length, isLast: true, values } };
      }),
    ],
    [
      "GET",
      `${api}/comment/:id/properties/:key`,
      as((request) => {
        const found = allComments().find(({ comment }) => comment.id === request.params["id"])?.comment;
        const key = request.params["key"] ?? "";
        return found?.properties.has(key) ? { json: { key, value: found.properties.get(key) } } : notFound;
      }),
    ],
    [
      "POST",
      `${api}/permissions/check`,
      as((request) => {
        const asked = request.body["projectPermissions"] as { permissions: string[]; issues: number[] }[];
        const may = state.commenters.has(String(request.body["accountId"]));
        return {
          json: {
            globalPermissions: [],
            projectPermissions: asked.flatMap((one) =>
              one.permissions.map((permission) => ({
                permission,
                issues: may ? one.issues : [],
                projects: [],
              })),
            ),
          },
        };
      }),
    ],
    [
      "GET",
      `${api}/user/permission/search`,
      as((request) => ({
        json: [...state.users.values()]
          .filter(
            (user) =>
              state.commenters.has(user.id) && user.name.startsWith(request.query.get("username") ?? ""),
          )
          .map((user) => userShape(state, user)),
      })),
    ],
    ["POST", version === "3" ? `${api}/search/jql` : `${api}/search`, as(changed)],
  ];
};
