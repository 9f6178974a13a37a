export type Role = "read" | "triage" | "write" | "maintain" | "admin";

export interface User {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Bot";
}

export interface Hook {
  readonly id: number;
  url: string;
  secret: string;
  events: readonly string[];
  active: boolean;
  last: { readonly code: number | null; readonly status: string | null; readonly message: string | null };
}

export interface Repository {
  readonly id: number;
  owner: User;
  name: string;
  readonly private: boolean;
  readonly roles: Map<number, Role>;
  /** Branch → commit. */
  readonly branches: Map<string, string>;
  readonly files: Map<string, string>;
  readonly hooks: Hook[];
  /** Which installation of the App reaches it, where its owner has one of their own. */
  installation?: number | undefined;
  /** Where git finds it, when that is another server. */
  cloneUrl?: string | undefined;
}

export interface Issue {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly user: User;
  readonly createdAt: string;
  title: string;
  body: string | null;
  labels: readonly string[];
  assignees: readonly User[];
  updatedAt: string;
  lastEditedAt?: string | undefined;
  readonly pull?:
    | { readonly id: number; readonly head: string; readonly base: string; readonly forkOf?: string }
    | undefined;
}

export interface Comment {
  readonly id: number;
  readonly issue: Issue;
  readonly user: User;
  readonly createdAt: string;
  readonly appId?: number | undefined;
  body: string;
  updatedAt: string;
  /** Only for comments on code. */
  readonly inline?:
    | {
        readonly review: number;
        readonly path: string;
        readonly line: number;
        readonly hunk: string;
        readonly replyTo?: number | undefined;
      }
    | undefined;
}

export interface Review {
  readonly id: number;
  readonly issue: Issue;
  readonly user: User;
  readonly body: string;
  readonly submittedAt: string;
}

export interface Reaction {
  readonly id: number;
  readonly on: string;
  readonly user: User;
  readonly content: string;
}

export interface TimelineEvent {
  readonly id: number;
  readonly event: "labeled" | "unlabeled" | "assigned";
  readonly issue: Issue;
  readonly actor: User;
  readonly at: string;
  readonly label?: string | undefined;
  readonly assignee?: User | undefined;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: unknown;
  status: number;
}

/** Everything that the fake server knows. */
export interface State {
  /** `http://127.0.0.1:PORT`. */
  base: string;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly user: User;
    permissions: Readonly<Record<string, string>>;
    events: readonly string[];
  };
  readonly installation: { readonly id: number; suspended: boolean };
  readonly hook: { url: string; secret: string };
  readonly users: User[];
  readonly repositories: Repository[];
  /** Full names (lower case) that repositories had; a new repository of that name ends it. */
  readonly formerNames: Map<string, Repository>;
  readonly issues: Issue[];
  readonly comments: Comment[];
  readonly reviews: Review[];
  readonly reactions: Reaction[];
  readonly events: TimelineEvent[];
  readonly deliveries: Delivery[];
  nextId(): number;
  /** ISO 8601 with whole seconds, as GitHub tells times; every change is at least a second after the one before. */
  tick(): string;
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

export function createState(): State {
  let id = 1000;
  let last = 0;
  const nextId = (): number => {
    id += 1;
    return id;
  };
  return {
    base: "",
    app: {
      id: 77,
      slug: "ask-openhands",
      user: { id: 990, login: "ask-openhands[bot]", type: "Bot" },
      permissions: {},
      events: [
        "issues",
        "issue_comment",
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
      ],
    },
    installation: { id: 42, suspended: false },
    hook: { url: "", secret: "" },
    users: [],
    repositories: [],
    formerNames: new Map(),
    issues: [],
    comments: [],
    reviews: [],
    reactions: [],
    events: [],
    deliveries: [],
    nextId,
    tick() {
      last = Math.max(last + 1, Math.floor(Date.now() / 1000));
      return iso(last);
    },
  };
}
