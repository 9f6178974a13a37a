import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { PlaceKind } from "@ask-openhands/core/work/place.ts";
import type { Fault } from "../fakes/faults.ts";

/** What a platform may or may not be able to do; the rows of the parity table. */
export const platformFeatures = [
  "mention in a comment",
  "mention in the description",
  "mention in an inline comment",
  "several mentions in one review are one ask",
  "label",
  "label at creation",
  "assignment",
  "edited ask",
  "deleted ask",
  "other bots recognised",
  "reaction",
  "report edited in place",
  "answer in the same thread",
  "diff hunk",
  "live check of rights",
  "polling",
  "webhooks installed by us",
  "scopes shown",
  "expiry shown",
  "token for the agent",
  "repository search",
  "signed deliveries",
  "secret rotation",
  "several hosts",
] as const;
export type PlatformFeature = (typeof platformFeatures)[number];

/** An account on the fake. */
export interface Account {
  /** As `Author.id`. */
  readonly id: string;
  /** As `Author.name`. */
  readonly name: string;
}

/** A connection as the directory would hold it, with its secrets in plain text. */
export interface SeededConnection {
  readonly connection: Connection;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Where people talk on the fake. `id` is the fake's own. */
export interface Spot {
  readonly id: string;
  readonly kind: PlaceKind;
  readonly url: string;
}

/** Something said on the fake. */
export interface Said {
  readonly id: string;
  readonly spot: Spot;
  /** Id of what it answers, where it stands in a thread of its own (review thread, discussion). */
  readonly thread?: string | undefined;
  readonly author: Account;
  /** In the platform's own markup, with hidden parts; for formats that are no text (ADF, blocks) their plain text. */
  readonly text: string;
  /** Only one person sees it. */
  readonly only?: string | undefined;
}

/** A delivery as the platform sends it. */
export interface Sent {
  readonly method: "GET" | "POST";
  /** Path and query on the bot: `/webhooks/github`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

export interface NewSpot {
  readonly title: string;
  readonly text: string;
  readonly labels?: readonly string[] | undefined;
  readonly confidential?: boolean | undefined;
}

/** A running fake with one repository (project, channel) and the people in it. Everything a person does makes the deliveries that the real platform would send. */
export interface PlatformWorld {
  readonly host: string;
  /** Full path; absent where the platform has no repositories. */
  readonly repository?: string | undefined;
  /** Project or channel that everything happens in, as settings name it; only where accounts know no repositories. */
  readonly room?: string | undefined;
  /** What a bot needs to hear and speak here; the first is the one for the shared work, a second (if any) the way that polls. */
  readonly connections: readonly SeededConnection[];
  readonly people: {
    /** May write. */
    readonly writer: Account;
    /** May read and comment, not write. */
    readonly reader: Account;
    /** Not a member of anything. */
    readonly stranger: Account;
    /** Another bot. */
    readonly bot: Account;
    /** The account we post with. */
    readonly self: Account;
  };

  open(by: Account, kind: PlaceKind, spot: NewSpot): Promise<Spot>;
  comment(by: Account, spot: Spot, text: string): Promise<Said>;
  /** A comment on a line of code, outside a review. */
  inline?(
    by: Account,
    spot: Spot,
    text: string,
    at: { readonly path: string; readonly line: number },
  ): Promise<Said>;
  /** An answer in the thread of an inline comment. */
  reply?(by: Account, to: Said, text: string): Promise<Said>;
  /** A submitted review: its body, and inline comments. */
  review?(by: Account, spot: Spot, body: string, inline: readonly string[]): Promise<readonly Said[]>;
  /** Replaces the labels; the delivery names the difference as the platform does. */
  setLabels?(by: Account, spot: Spot, labels: readonly string[]): Promise<void>;
  assign?(by: Account, spot: Spot, to: Account): Promise<void>;
  editComment?(by: Account, said: Said, text: string): Promise<void>;
  editDescription?(by: Account, spot: Spot, text: string): Promise<void>;
  /** Changes something that asks nothing (title, state). */
  touch?(by: Account, spot: Spot): Promise<void>;
  removeComment?(by: Account, said: Said): Promise<void>;
  /** The repository gets this full name (`OTHER/store`): renamed, moved, or transferred. A ticket goes to this project. */
  move?(to: string, spot: Spot): Promise<void>;
  /** Another repository takes the name that ours had, with as many places that are none of ours; gives what stands there. */
  takeOldName?(name: string): Promise<() => readonly string[]>;
  /** Everything that stands at the place now, oldest first, description not included. */
  said(spot: Spot): readonly Said[];
  /** Names of the reactions that we put on it. */
  reactions?(on: Said | Spot): readonly string[];
  /** A pull request that exists on the fake, by its address; the story's agent opens it there. */
  openedBy?(url: string): Account | undefined;

  /** From now on deliveries go to this address over HTTP (`http://127.0.0.1:PORT`); with `undefined` they are kept for `deliveries()`. */
  deliverTo(base: string | undefined): void;
  /** Deliveries kept since the last call, oldest first. */
  deliveries(): readonly Sent[];
  /** The same delivery signed with another secret; absent where deliveries are not signed. */
  signedWith?(sent: Sent, secret: string): Sent;
  /** Deliveries vanish (network trouble), the fake's state changes all the same. */
  loseDeliveries(lose: boolean): void;
  fail(fault: Fault): () => void;
  recover(): void;
  /** Requests of ours that were checked against the platform's specification, and what they broke. */
  readonly requests: {
    readonly checked: number;
    readonly violations: readonly string[];
    readonly unrouted: readonly string[];
    /** Those that the specification does not know. */
    readonly unspecified: readonly string[];
  };
  /** Every request that carried this text anywhere (credentials that must not cross hosts). */
  requestsWith(text: string): number;
  close(): Promise<void>;
}

/** One platform folder's way into the contract suite and into the whole-bot story: `test/contracts/subjects/<folder name>.ts` exports `subject`. */
export interface PlatformSubject {
  /** The folder's name under `bot/src/platforms`. */
  readonly id: string;
  /** Kinds of places, the one with the most features last. */
  readonly kinds: readonly PlaceKind[];
  /** Features that the platform itself does not have, each with the limit in words; every other feature must work. */
  readonly limits: Partial<Readonly<Record<PlatformFeature, string>>>;
  /** Our requests (`GET /path`) that the specification leaves out, each with its reason beside it. */
  readonly unspecified?: readonly RegExp[] | undefined;
  /** Names (lower case) of the headers that sign a delivery. */
  readonly signatureHeaders: readonly string[];
  /** Names of the connection's secrets that verify deliveries: current, previous. */
  readonly signingSecrets: readonly [current: string, previous: string];
  /** Environment variable that the agent's token has. */
  readonly agentTokenName?: string | undefined;
  start(): Promise<PlatformWorld>;
}
