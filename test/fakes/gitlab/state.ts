import { randomUUID } from "node:crypto";

export interface FakeUser {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly bot: boolean;
  state: string;
}

export interface FakeToken {
  readonly user: FakeUser;
  readonly scopes: readonly string[];
  readonly oauth?: boolean | undefined;
  expiresAt?: string | undefined;
  revoked?: boolean | undefined;
  granular?: boolean | undefined;
}

export interface FakeProject {
  readonly id: number;
  path: string;
  namespace: { readonly kind: "group" | "user"; readonly path: string };
  /** Full paths that it had. */
  readonly formerPaths: string[];
  readonly visibility: "private" | "public";
  readonly members: Map<number, number>;
  iid: { issue: number; "pull-request": number };
}

export interface FakeGroup {
  readonly id: number;
  readonly path: string;
  readonly parent?: number | undefined;
  readonly members: Map<number, number>;
}

export interface FakePosition {
  readonly path: string;
  readonly line: number;
}

export interface FakeNote {
  readonly id: number;
  body: string;
  readonly author: FakeUser;
  readonly system: boolean;
  readonly internal: boolean;
  discussion: string;
  /** False for a comment nobody has answered. */
  thread: boolean;
  readonly position?: FakePosition | undefined;
  readonly createdAt: string;
  updatedAt: string;
  readonly emoji: { readonly name: string; readonly user: FakeUser }[];
}

export type FakeKind = "issue" | "pull-request";

export interface FakeIssuable {
  readonly id: number;
  readonly iid: number;
  readonly kind: FakeKind;
  readonly project: FakeProject;
  title: string;
  description: string;
  readonly author: FakeUser;
  readonly confidential: boolean;
  labels: readonly string[];
  assignees: readonly FakeUser[];
  readonly createdAt: string;
  updatedAt: string;
  readonly notes: FakeNote[];
  readonly labelEvents: {
    readonly id: number;
    readonly user: FakeUser;
    readonly createdAt: string;
    readonly label: string;
    readonly action: "add" | "remove";
  }[];
  readonly emoji: { readonly name: string; readonly user: FakeUser }[];
  readonly sourceProject: FakeProject;
}

export interface FakeHook {
  readonly id: number;
  readonly owner: { readonly type: "project" | "group"; readonly id: number };
  url: string;
  settings: Record<string, unknown>;
  alertStatus: string;
  disabledUntil?: string | undefined;
  readonly deliveries: {
    readonly response_status: string;
    readonly created_at: string;
    readonly trigger: string;
  }[];
}

/** What the server knows; `signs` and `premium` are its release and its edition. */
export interface GitLabState {
  /** With context path, no slash at the end. */
  readonly base: () => string;
  readonly users: FakeUser[];
  readonly tokens: Map<string, FakeToken>;
  /** Refresh tokens that are still good, with the account they are for. */
  readonly refreshTokens: Map<string, FakeUser>;
  readonly projects: FakeProject[];
  readonly groups: FakeGroup[];
  readonly issuables: FakeIssuable[];
  readonly hooks: FakeHook[];
  readonly premium: boolean;
  readonly signs: boolean;
  next(): number;
  now(): string;
  /** Lets milliseconds pass on the server's own clock. */
  pass(milliseconds: number): void;
}

export const createState = (settings: {
  readonly base: () => string;
  readonly premium: boolean;
  readonly signs: boolean;
}): GitLabState => {
  let last = 1_000;
  let clock = 0;
  let ahead = 0;
  return {
    ...settings,
    users: [],
    tokens: new Map(),
    refreshTokens: new Map(),
    projects: [],
    groups: [],
    issuables: [],
    hooks: [],
    next: () => ++last,
    // Never the same millisecond twice, so that order can be told.
    now: () => {
      clock = Math.max(clock + 1, Date.now() + ahead);
      return new Date(clock).toISOString();
    },
    pass: (milliseconds) => {
      ahead += milliseconds;
    },
  };
};

export const newDiscussion = (): string => randomUUID().replaceAll("-", "").padEnd(40, "0");

/** Role with what comes from groups, as `members/all` counts it; 0: none. */
export const levelIn = (state: GitLabState, project: FakeProject, user: FakeUser): number => {
  const groups = state.groups.filter(({ path }) => project.path.startsWith(`${path}/`));
  return Math.max(
    0,
    project.members.get(user.id) ?? 0,
    ...groups.map(({ members }) => members.get(user.id) ?? 0),
  );
};

export const levelInGroup = (state: GitLabState, group: FakeGroup, user: FakeUser): number => {
  const above = state.groups.filter(({ path }) => group.path === path || group.path.startsWith(`${path}/`));
  return Math.max(0, ...above.map(({ members }) => members.get(user.id) ?? 0));
};

export const mayRead = (state: GitLabState, project: FakeProject, user: FakeUser): boolean =>
  project.visibility === "public" || levelIn(state, project, user) > 0;

export const webUrl = (state: GitLabState, issuable: FakeIssuable): string =>
  `${state.base()}/${issuable.project.path}/-/${issuable.kind === "issue" ? "issues" : "merge_requests"}/${issuable.iid}`;
