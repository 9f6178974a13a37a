/**
 * Who may call a route; judged in one place of the bot.
 * anyone: not signed in · person: signed in · member, maintainer, owner: of the workspace in the path ·
 * see-…, change-…: of the thing in the path: a person's own thing only by that person, a workspace's thing seen by its members and changed by its maintainers ·
 * use-connection: members, for what each does for himself (link, unlink) · change-member: maintainers, or oneself ·
 * steer-run: whoever may see the run, when he may ask at its place.
 */
export type Access =
  | "anyone"
  | "person"
  | "member"
  | "maintainer"
  | "owner"
  | "see-connection"
  | "use-connection"
  | "change-connection"
  | "change-secret"
  | "change-member"
  | "see-run"
  | "steer-run";

export interface RouteFacts {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Under `/api/v1`; `:name` parts are ids. */
  readonly path: string;
  readonly may: Access;
  /** One sentence. */
  readonly says: string;
  /** Only with a cookie session, never with a device's or a script's token. */
  readonly session?: true;
  /** Status of success; 200 when absent. */
  readonly status?: 201 | 204;
  /** Not JSON: server-sent events, or a form as RFC 8628 says. */
  readonly special?: "events" | "form" | "document";
}
