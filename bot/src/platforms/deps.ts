import type { RepositoryWord } from "@ask-openhands/core/trigger/repository-words.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { Intake } from "../intake.ts";
import type { Log } from "../log.ts";
import type { Connections } from "../people/connections.ts";
import type { OwnAccounts } from "../people/own-account.ts";
import type { RoomSettings } from "../people/room-settings.ts";
import type { OnBehalf } from "./platform.ts";

/** What every platform is made from. */
export interface PlatformDeps {
  readonly connections: Connections;
  readonly intake: Intake;
  /** Guarded fetch of the bot: refuses addresses that are not approved; trusts a connection's private CA. */
  readonly fetch: typeof fetch;
  /** Address of this bot as the platforms reach it, without a slash at the end; webhooks are installed with it. */
  readonly publicUrl: string;
  /** Words that call us, for the workspace of a connection. */
  handles(connectionId?: string): readonly string[];
  labels(connectionId?: string): readonly string[];
  /** Workspace that a connection belongs to; whose work it is that the connection heard. */
  workspaceOf(connectionId?: string): string;
  /** Asks every connected code host of the workspace whether a word in a text names a repository that the asker may see. For platforms whose places have no repository. */
  findRepositories(word: RepositoryWord, onBehalf: OnBehalf): Promise<readonly RepositoryFacts[]>;
  /** Repositories of the workspace's connected code hosts that the asker may see, newest first, for pickers. */
  searchRepositories(query: string, onBehalf: OnBehalf): Promise<readonly RepositoryFacts[]>;
  /** `ABC=owner/name`: the workspace's default repositories by project or channel. */
  defaultRepositories(connectionId?: string): readonly string[];
  /** Runs that this account asked for, newest first: for lists that a platform shows to a person. */
  runsOf(author: Pick<Author, "platform" | "host" | "id">, most: number): Promise<readonly Run[]>;
  /** Address with a one-time token that links the mention's author; only for what that person alone sees. */
  linkFor(mention: Mention): string;
  /** Rooms of people where a thread with only the asker and us needs no handle, and whether guests may ask. */
  roomRules(connectionId?: string): { readonly plainReplies: boolean; readonly allowGuests: boolean };
  /** What people see of themselves, and change; absent where nothing can be changed (`explain`, `doctor`). */
  readonly ownAccounts?: OwnAccounts | undefined;
  /** What a maintainer may set from a room; absent where nothing can be changed (`explain`, `doctor`). */
  readonly roomSettings?: RoomSettings | undefined;
  readonly log: Log;
  /** Epoch milliseconds. */
  now(): number;
}
