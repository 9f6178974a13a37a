import type { Account } from "../../contracts/platform-subject.ts";

export type JiraFlavour = "cloud" | "dc";

export interface FakeUser extends Account {
  readonly displayName: string;
  readonly app?: boolean | undefined;
}

export interface FakeComment {
  readonly id: string;
  readonly author: FakeUser;
  /** Wiki markup, or an ADF document as it was posted. */
  body: unknown;
  created: number;
  updated: number;
  readonly properties: Map<string, unknown>;
  visibility?: unknown;
  readonly internal: boolean;
}

export interface FakeTicket {
  readonly id: string;
  key: string;
  /** Keys that it had in other projects; Jira finds it by them, too. */
  readonly formerKeys: string[];
  readonly creator: FakeUser;
  readonly created: number;
  updated: number;
  summary: string;
  description: string | undefined;
  labels: string[];
  assignee: FakeUser | undefined;
  readonly links: string[];
  files?: readonly { readonly name: string; readonly by: FakeUser }[] | undefined;
  readonly comments: FakeComment[];
  /** What was changed when, oldest first. */
  readonly history: { readonly at: number; readonly field: string }[];
}

export interface FakeHook {
  readonly id: string;
  url: string;
  name: string;
  events: readonly string[];
  enabled: boolean;
  secret: string;
}

export interface JiraState {
  readonly flavour: JiraFlavour;
  /** What the project is for; servers before 7 do not say. */
  readonly projectType: string | undefined;
  readonly users: Map<string, FakeUser>;
  /** Accounts that may comment. */
  readonly commenters: Set<string>;
  readonly tickets: Map<string, FakeTicket>;
  readonly hooks: Map<string, FakeHook>;
  /** `Authorization` header → account id; the administrator's is among them. */
  readonly tokens: Map<string, string>;
  readonly admins: Set<string>;
  /** Set by the fake once it listens: `http://127.0.0.1:1234/jira`. */
  base: string;
  next(): string;
  now(): number;
}

export const createJiraState = (flavour: JiraFlavour, projectType: string | undefined): JiraState => {
  let last = 10_000;
  let time = 0;
  return {
    flavour,
    projectType,
    users: new Map(),
    commenters: new Set(),
    tickets: new Map(),
    hooks: new Map(),
    tokens: new Map(),
    admins: new Set(),
    base: "",
    next: () => String(++last),
    // Two things never happen in the same millisecond, so that order shows in times.
    now: () => {
      time = Math.max(time + 1, Date.now());
      return time;
    },
  };
};

export const ticketOf = (state: JiraState, idOrKey: string): FakeTicket | undefined =>
  [...state.tickets.values()].find(
    (ticket) => ticket.id === idOrKey || ticket.key === idOrKey || ticket.formerKeys.includes(idOrKey),
  );
