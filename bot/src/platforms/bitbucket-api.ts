import type { CodeSpot } from "@ask-openhands/core/work/mention.ts";
import type { NamedRepository } from "./present-names.ts";

/** An account of Cloud or Data Center. */
export interface BitbucketUser {
  /** Cloud: UUID with braces. Data Center: number. */
  readonly id: string;
  /** What a mention of it names: account id (Cloud), login (Data Center). */
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly bot: boolean;
}

export interface BitbucketComment {
  readonly id: string;
  readonly author: BitbucketUser;
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
  /** ISO 8601; only when it was changed later. */
  readonly editedAt?: string | undefined;
  /** What it answers. */
  readonly parent?: string | undefined;
  readonly spot?: CodeSpot | undefined;
  readonly url?: string | undefined;
  /** Data Center refuses an edit that does not name the newest one. */
  readonly version?: number | undefined;
}

export interface BitbucketRepository {
  /** Stays when the repository is renamed. */
  readonly id: string;
  /** `workspace/slug`, `PROJ/slug`, `~user/slug`. */
  readonly name: string;
  readonly url: string;
  readonly cloneUrl: string;
  readonly defaultBranch?: string | undefined;
  readonly private?: boolean | undefined;
  readonly forkOf?: string | undefined;
}

export interface BitbucketPullRequest {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly state?: string | undefined;
  readonly author?: BitbucketUser | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** ISO 8601; the last change of anything but comments, where nothing tells of the description alone. */
  readonly changedAt?: string | undefined;
  readonly url: string;
  /** The repository that it goes to. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly sourceBranch: string;
  readonly sourceRepository?: string | undefined;
  readonly targetBranch: string;
}

/** Where a pull request is: `repository` as in `Place.repository`. */
export interface Spot {
  readonly repository: string;
  readonly id: string;
}

/** The calls that we make, the same for Cloud and Data Center. Every method throws `Failure`. */
export interface BitbucketApi {
  /** `undefined` for credentials that may not ask who they are. */
  myself(): Promise<BitbucketUser | undefined>;
  repository(name: string): Promise<BitbucketRepository>;
  /** The repository of this id, as the server knows it by now; else the one that has its name; `undefined`: neither that we see. */
  locate(name: string, id: string): Promise<NamedRepository | undefined>;
  /** Those that we may read, the most recently changed first where the server can sort. */
  repositories(query: string, most: number): Promise<readonly BitbucketRepository[]>;
  pullRequest(spot: Spot): Promise<BitbucketPullRequest>;
  /** Since when (ISO 8601) the description reads so; absent where the server keeps no history of it. */
  describedSince?(spot: Spot, description: string): Promise<string | undefined>;
  /** Those that may have got a description or a comment since then (epoch milliseconds). */
  changedSince(repository: string, since: number, most: number): Promise<readonly BitbucketPullRequest[]>;
  /** The newest `most`, oldest first, without deleted ones. */
  comments(spot: Spot, most: number): Promise<readonly BitbucketComment[]>;
  addComment(spot: Spot, text: string, parent: string | undefined): Promise<BitbucketComment>;
  editComment(
    spot: Spot,
    comment: string,
    text: string,
    version: number | undefined,
  ): Promise<BitbucketComment>;
  /** May this account push? `undefined`: our own rights do not reach to see that. */
  mayWrite(
    repository: string,
    account: { readonly id: string; readonly name: string },
  ): Promise<boolean | undefined>;
  /** May the owner of these credentials push? */
  iMayWrite(repository: string): Promise<boolean>;
  /** Unified diff of all files. */
  diff(spot: Spot): Promise<string>;
  react?(spot: Spot, comment: string, emoticon: string): Promise<void>;
}

/** Something that can carry a webhook. */
export interface HookTarget {
  readonly type: "repository" | "workspace";
  /** Slug or full name. */
  readonly name: string;
  readonly url?: string | undefined;
  /** False when we already know that we may not. */
  readonly may?: boolean | undefined;
}

export interface BitbucketHook {
  readonly id: string;
  readonly url: string;
  readonly active: boolean;
  readonly events: readonly string[];
  /** False when it is known to have no secret. */
  readonly signs?: boolean | undefined;
}

/** The newest delivery of a webhook. */
export interface LastDelivery {
  /** ISO 8601. */
  readonly at: string;
  /** What the server noted when it failed. */
  readonly trouble?: string | undefined;
}

/** Webhooks of one connection. Every method throws `Failure`. */
export interface BitbucketHookApi {
  targets(most: number): Promise<readonly HookTarget[]>;
  hooks(target: HookTarget): Promise<readonly BitbucketHook[]>;
  put(
    target: HookTarget,
    hook: string | undefined,
    wanted: { readonly url: string; readonly secret: string },
  ): Promise<BitbucketHook>;
  remove(target: HookTarget, hook: string): Promise<void>;
  /** Absent where the server does not tell. */
  lastDelivery?(target: HookTarget, hook: string): Promise<LastDelivery | undefined>;
}

/** One connection's way in. */
export interface BitbucketClient {
  readonly api: BitbucketApi;
  readonly hooks: BitbucketHookApi;
  /** Requests made so far, where the server counts them. */
  readonly requests?: (() => number) | undefined;
}
