import type { ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import type { Attachment, Author, Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place, PlatformId } from "@ask-openhands/core/work/place.ts";
import type { PostRef } from "@ask-openhands/core/work/run.ts";
import type { RepositoryFacts, Thread } from "@ask-openhands/core/work/thread.ts";
import type { Route } from "../intake.ts";
import type { Installations, ManifestWay, OAuthWay } from "./connect-way.ts";

/** May this person ask here? `after-linking` means: yes once the account is linked to a person who may. A failed question throws, it is never a yes. */
export type Permission =
  | { readonly may: true }
  | { readonly may: false; readonly why: string; readonly cure?: string | undefined }
  | { readonly may: "after-linking"; readonly why: string };

/** Which repository a place without one means. */
export type RepositoryChoice =
  | { readonly found: RepositoryFacts }
  | { readonly candidates: readonly string[]; readonly why: string };

/** For whom servers are asked: only the workspace's connections are used, and the asker's own before them. */
export interface OnBehalf {
  readonly workspaceId: string;
  /** The person that the asker's account is linked to. */
  readonly personId?: string | undefined;
}

/** An account on a platform's server, as `Author` has it. */
export type Account = Pick<Author, "platform" | "host" | "id" | "name">;

/** Token for the agent: the environment variable it expects, its value, and the user name git sends with it. */
export interface AgentToken {
  readonly name: string;
  readonly value: string;
  readonly gitUser: string;
  /** When it is about to end, epoch milliseconds: work that lasts longer needs a newer one. Absent: it does not end by itself. */
  readonly renewAfter?: number | undefined;
  /** True when it is the person's own, not the workspace's. */
  readonly own?: boolean | undefined;
  /** More variables the agent needs to find the server (host, base path); not secret. */
  readonly also?: Readonly<Record<string, string>> | undefined;
}

export interface PostOptions {
  /** `Mention.reply` of the ask that this answers: the platform answers in the same thread where it has threads. */
  readonly reply: Readonly<Record<string, string>>;
  /** Only this person should see it, where the platform can (Slack ephemeral); elsewhere it is posted openly. */
  readonly only?: Author | undefined;
}

/** What a server lets one account write, posts and edits together. */
export interface WriteLimits {
  readonly perMinute?: number | undefined;
  readonly perHour?: number | undefined;
  /** Which account of the place's connection is counted, where it has several (installations of one app). */
  readonly account?: string | undefined;
}

/**
 * What we hear and what we can say on one kind of server. It knows nothing of agents, store or runs.
 * Every method throws `Failure`; an ability that a platform lacks is an absent method. One instance serves all hosts of its kind.
 */
export interface Platform {
  readonly id: PlatformId;
  /** For people: "GitHub", "Bitbucket Data Center". */
  readonly name: string;
  /** Characters that one message may have on this platform. */
  readonly bodyLimit: number;
  /** Least milliseconds between two edits of one message. */
  readonly editEvery: number;
  /** Limits that the server of a place documents and that must not be tried out, because they bind everything else, too. Absent: only what its answers say. */
  writeLimits?(place: Place): WriteLimits | undefined;
  /** What people there call a request to take over changes; absent: "pull request". */
  readonly changeRequest?: "pull request" | "merge request" | undefined;
  /** Receivers of deliveries. */
  readonly routes: readonly Route[];
  /** False where an account says nothing about access to repositories (chat, tickets): there the asker must be linked, or the room opened. Absent: true. */
  readonly accountsKnowRepositories?: boolean | undefined;
  /** True where rates count by method and room, and the platform keeps to them by itself; absent: who was refused for its rate makes no call at all for that time. */
  readonly pacesItself?: boolean | undefined;
  /** True where `PostOptions.only` really reaches one person alone, so that a link said there proves the account. */
  readonly speaksPrivately?: boolean | undefined;
  /** Channel or project that a place is in, by the names that people use for it in settings (`C0123`, `ABC`). */
  roomOf?(place: Place): readonly string[];

  /** Live question to the platform, by the asker, about the place. */
  mayAsk(author: Author, place: Place): Promise<Permission>;
  /** All that the agent should know of the place, read when the run begins. */
  thread(mention: Mention): Promise<Thread>;
  /** Ours only: by marker and by our account. */
  findPost(place: Place, marker: string, options: PostOptions): Promise<PostRef | undefined>;
  post(place: Place, message: Message, options: PostOptions): Promise<PostRef>;
  /** Throws `not-found` when somebody deleted it. */
  editPost(place: Place, ref: PostRef, message: Message): Promise<PostRef>;

  react?(mention: Mention, feeling: "seen" | "done" | "failed"): Promise<void>;
  /** Which repository is meant, for places that have none. */
  chooseRepository?(mention: Mention, thread: Thread): Promise<RepositoryChoice>;
  /** Facts of a repository on this platform's host, checked live with what the asker may see. `undefined`: unknown or not visible. */
  findRepository?(host: string, name: string, onBehalf: OnBehalf): Promise<RepositoryFacts | undefined>;
  /** Live: may this account push there? Asked with the workspace's connections; `after-linking`: none of them can tell, only the account's owner. */
  mayAccountWrite?(account: Account, repository: RepositoryFacts, workspaceId: string): Promise<Permission>;
  /** Live: may this person push there? Asked with tokens of their own; `after-linking`: there are none. */
  mayWrite?(repository: RepositoryFacts, onBehalf: OnBehalf): Promise<Permission>;
  /** Repositories the asker can see, for pickers; newest first. */
  searchRepositories?(host: string, query: string, onBehalf: OnBehalf): Promise<readonly RepositoryFacts[]>;
  /** Under which name the agent gets its token for this code host. */
  readonly agentTokenName?: string | undefined;
  /** What the agent gets to push with. */
  agentToken?(repository: RepositoryFacts, onBehalf: OnBehalf, place: Place): Promise<AgentToken | undefined>;
  /** The place that a browser address shows, ready to speak at with a connection of the workspace; `undefined` when it is none of theirs. `near` is a place of the same talk (a run's own) whose connection comes first. */
  placeAt?(url: string, onBehalf: OnBehalf, near?: Place): Promise<Place | undefined>;
  /** Files that the words of an ask name, for follow-ups: those of the whole place were told at the beginning. Absent: those of the mention are all. */
  attachmentsOf?(mention: Mention): Promise<readonly Attachment[]>;
  /** Bytes of an attachment, read with the platform's own credentials; throws `bad-input` when larger than `limit` bytes. */
  attachment?(
    mention: Mention,
    url: string,
    limit: number,
  ): Promise<{ readonly type: string; readonly bytes: Uint8Array }>;
  /**
   * Mentions since `since` (epoch milliseconds) that no delivery told of: polling, and after an outage. What is left for the next look is told by
   * `reached`: everything before that time was looked at. The earliest of several counts; never called: everything until now was.
   */
  missed?(since: number, reached?: (time: number) => void): AsyncIterable<Heard>;
  /** True while something here is heard by polling only; `missed` is then asked every few seconds or minutes instead of every hour. */
  polls?(): boolean;
  /** Webhooks of a connection. */
  hooks?: Hooks | undefined;
  /** OAuth at its servers: signing in, proving an account, connecting with one's own token. */
  oauth?: OAuthWay | undefined;
  /** Making an app in one step. */
  manifest?: ManifestWay | undefined;
  /** Where an app is installed. */
  installations?: Installations | undefined;
  /** Who a connection's token is, what it may, what is missing. Whatever is wrong with its settings is a `Failure` too. */
  inspect(connectionId: string): Promise<ConnectionStatus>;
  /** Long-lived listening (Socket Mode); ends when `signal` aborts. */
  listen?(signal: AbortSignal): Promise<void>;
  /** Pure: what a delivery says, without checking its signature. For `explain` and tests. `name` is the event name where headers carry it. */
  explain(headers: Readonly<Record<string, string>>, body: unknown, host?: string): Heard;
}

export type HookState = "installed" | "missing" | "failed" | "disabled";

/** Something that can carry a webhook of ours. */
export interface HookResource {
  /** Opaque to callers. */
  readonly id: string;
  readonly type: "repository" | "project" | "group" | "workspace" | "site" | "app";
  readonly name: string;
  readonly url?: string | undefined;
  readonly state: HookState;
  readonly error?: string | undefined;
  /** ISO 8601. */
  readonly lastDelivery?: string | undefined;
  /** The right that is needed and missing, in words; absent when we may install. */
  readonly missingRight?: string | undefined;
}

export interface Hooks {
  list(connectionId: string): Promise<readonly HookResource[]>;
  /** `oneTimeToken` is used for this call only and never stored. */
  install(connectionId: string, resourceId: string, oneTimeToken?: string): Promise<HookResource>;
  /** Mends an existing hook in place, without deleting it first. */
  repair(connectionId: string, resourceId: string, oneTimeToken?: string): Promise<HookResource>;
  remove(connectionId: string, resourceId: string, oneTimeToken?: string): Promise<void>;
}
