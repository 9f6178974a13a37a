/** Settings of a workspace; the keys are also the words of the `config` command. Values come from the page, else the environment, else the default. */
export interface WorkspaceSettings {
  /** Words that call us, with `@`. */
  readonly handles: readonly string[];
  /** Labels that ask when added, compared without case. */
  readonly labels: readonly string[];
  /** Bots that may ask: name, `platform:name` or `platform:id`; `*` is not a value. */
  readonly allowedBots: readonly string[];
  /** When not empty, only these may ask (name, `platform:name` or `platform:id`), besides the platform's own check. */
  readonly allowedPeople: readonly string[];
  readonly blockedPeople: readonly string[];
  /** When not empty, only these (globs on `owner/name` or `host/owner/name`). */
  readonly allowedRepositories: readonly string[];
  /** Channels (Slack) and projects (Jira) whose people may ask without a link, for the named repositories: `C0123=owner/name`, `ABC=owner/name`. */
  readonly openChannels: readonly string[];
  /** Project → repository and channel → repository: `ABC=owner/name`. */
  readonly defaultRepositories: readonly string[];
  readonly requireLink: boolean;
  /** Chat and tickets: linked members may ask for any repository of the workspace's connections, without write access of their own. */
  readonly trustMembers: boolean;
  /** Connection id of the back end used when the asker has none. */
  readonly defaultAgent: string | undefined;
  readonly model: string | undefined;
  /** Live runs at once. */
  readonly runsPerPerson: number;
  readonly runsPerWorkspace: number;
  /** Milliseconds after which a run that is still working is stopped and told as timed out. */
  readonly runTimeout: number;
  /** `comment`: a short closing comment; `report`: the end is told in the report only. */
  readonly closing: "comment" | "report";
  /** Whose token the agent gets for the repository. */
  readonly agentToken: "asker" | "workspace";
  /** Refuses pushes that touch CI files, in the words given to the agent. */
  readonly allowCiChanges: boolean;
  /** Slack: a plain reply counts where the thread has only the asker and us. */
  readonly plainReplies: boolean;
  /** Slack Connect and guest accounts. */
  readonly allowGuests: boolean;
}

/** Where an effective value comes from, for the `config` command and the page. */
export type SettingSource = "page" | "environment" | "default";
