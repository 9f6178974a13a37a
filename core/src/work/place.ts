/** Where a talk happens. The words here are the glossary of the project: see ARCHITECTURE.md. */

/** Names a platform folder under `bot/src/platforms`; compared only inside that folder. */
export type PlatformId = string;

/** `page`: a repository, a file or a CI run in the browser. Nobody talks there, so nothing is posted; the asker sees the run in the extension and on our page. */
export type PlaceKind = "issue" | "pull-request" | "ticket" | "thread" | "page";

export interface Place {
  readonly platform: PlatformId;
  /** Host with port and context path, lower case, no scheme: `github.com`, `jira.example.com/tracker`, a Slack team id for Slack. */
  readonly host: string;
  /** Unique over all platforms and hosts, stable for the life of the place; work on one key is done in order, one thing at a time. */
  readonly key: string;
  readonly kind: PlaceKind;
  /** Browser address. */
  readonly url: string;
  readonly title?: string | undefined;
  /** What people call it: `#12`, `!7`, `ABC-12`, `#general`. */
  readonly label: string;
  /** Full path on its own host: `owner/name`, `group/sub/project`, `PROJ/repo`, `~user/repo`. Absent where the platform has none (ticket, thread). */
  readonly repository?: string | undefined;
  /** Which connection heard this place; the platform speaks with it again. */
  readonly connection?: string | undefined;
  /** What the platform folder needs to speak there again (project id, installation id, thread timestamp…); opaque to everybody else. */
  readonly address: Readonly<Record<string, string>>;
  /** True when only some people may read this place (confidential issue, private channel, internal note). */
  readonly confidential?: boolean | undefined;
}
