/** What Bitbucket Cloud and Data Center have in common, as the fakes keep it. */
export interface FakeUser {
  /** As `Author.id`: UUID with braces, or a number. */
  readonly id: string;
  /** As `Author.name`: account id, or login. */
  readonly name: string;
  readonly displayName: string;
  readonly bot?: boolean | undefined;
}

export type Right = "read" | "write" | "admin";

export interface FakeComment {
  readonly id: number;
  readonly author: FakeUser;
  text: string;
  readonly parent?: FakeComment | undefined;
  readonly spot?: { readonly path: string; readonly line: number } | undefined;
  readonly created: number;
  updated: number;
  version: number;
  deleted: boolean;
  readonly reactions: { readonly name: string; readonly by: FakeUser }[];
}

export interface FakePull {
  readonly id: number;
  readonly repository: FakeRepository;
  title: string;
  description: string;
  state: string;
  readonly author: FakeUser;
  readonly created: number;
  updated: number;
  readonly comments: FakeComment[];
  /** Newest last. */
  readonly versions: { readonly text: string; readonly at: number; readonly by: FakeUser }[];
}

export interface FakeRepository {
  readonly id: number;
  /** `owner/slug`. */
  name: string;
  readonly rights: Map<string, Right>;
  readonly pulls: FakePull[];
}

export interface FakeHook {
  readonly id: string;
  /** Full name of a repository, or a workspace. */
  target: string;
  url: string;
  active: boolean;
  events: readonly string[];
  secret: string;
  /** Epoch milliseconds and what the bot answered; newest last. */
  readonly sent: { readonly at: number; readonly status: number }[];
}

export interface FakeToken {
  readonly user: FakeUser;
  /** False: may not ask who it is. */
  readonly account?: boolean | undefined;
}

export interface BitbucketState {
  /** Browser address without a slash at the end. */
  base: string;
  readonly users: Map<string, FakeUser>;
  /** By value of the Authorization header. */
  readonly tokens: Map<string, FakeToken>;
  readonly repositories: FakeRepository[];
  /** Names (lower case) that repositories had. */
  readonly formerNames: Map<string, FakeRepository>;
  readonly hooks: FakeHook[];
  next(): number;
  now(): number;
}

export const createBitbucketState = (): BitbucketState => {
  let last = 400;
  let clock = 0;
  return {
    base: "",
    users: new Map(),
    tokens: new Map(),
    repositories: [],
    formerNames: new Map(),
    hooks: [],
    next: () => ++last,
    // Never the same millisecond twice, so that order can be told.
    now: () => {
      clock = Math.max(clock + 1, Date.now());
      return clock;
    },
  };
};

const order: readonly Right[] = ["read", "write", "admin"];

export const may = (repository: FakeRepository, user: FakeUser, right: Right): boolean =>
  order.indexOf(repository.rights.get(user.id) ?? ("none" as Right)) >= order.indexOf(right);

export const findRepository = (state: BitbucketState, name: string): FakeRepository | undefined =>
  state.repositories.find((one) => one.name.toLowerCase() === name.toLowerCase());

/** The webhooks of a repository go with it. */
export const moveRepository = (state: BitbucketState, repository: FakeRepository, to: string): void => {
  state.formerNames.set(repository.name.toLowerCase(), repository);
  for (const hook of state.hooks) if (hook.target === repository.name) hook.target = to;
  repository.name = to;
};

/** A file with four lines, as every pull request of the fakes changes it. */
export const diff = [
  "diff --git a/README.md b/README.md",
  "--- a/README.md",
  "+++ b/README.md",
  "@@ -1 +1 @@",
  "-# Cart",
  "+# The cart",
  "diff --git a/src/cart.ts b/src/cart.ts",
  "--- a/src/cart.ts",
  "+++ b/src/cart.ts",
  "@@ -1,3 +1,4 @@",
  " const lines = [];",
  "+const total = lines.at(0).price;",
  " export { lines };",
  " export { total };",
  "",
].join("\n");
