import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";

/** What platforms and agents see of the directory: the connections of their own kind, and the secret values of one at a time. */
export interface Connections {
  /** The active ones. The same list again says that nothing changed, not even a secret. */
  list(platform: PlatformId): readonly Connection[];
  get(id: string): Connection | undefined;
  /** Plain value of one secret; `undefined` when it is not set. Callers never store or log it. */
  secret(connection: Connection, name: string): string | undefined;
  /** Replaces settings and secrets that a platform itself renews (refreshed OAuth tokens, hook secrets). */
  renew(
    id: string,
    change: {
      readonly settings?: Readonly<Record<string, string>>;
      readonly secrets?: Readonly<Record<string, string>>;
      /** The person whose token it is from now on. */
      readonly tokenBy?: string | undefined;
    },
  ): Promise<void>;
  note(
    id: string,
    status: Partial<Pick<ConnectionStatus, "problem" | "cure">> & { readonly used?: boolean },
  ): void;
  /** The person a platform account is linked to; with a workspace only its members, so that nobody's own tokens serve a workspace that they never joined. */
  personOf(platform: PlatformId, host: string, accountId: string, workspaceId?: string): string | undefined;
  /** The accounts on a host that a person has proven to be theirs, as far as this workspace believes it. */
  accountsOf(
    personId: string,
    platform: PlatformId,
    host: string,
    workspaceId: string,
  ): readonly Pick<Author, "platform" | "host" | "id" | "name">[];
  /** Connections that belong to a person, for a host. */
  ofPerson(personId: string, platform: PlatformId, host: string): readonly Connection[];
  /**
   * The workspace's connections that this maintainer brought: entered by them, or by the operator where they are the workspace's only person.
   * A token among them that is a person's is theirs.
   */
  broughtBy(personId: string, workspaceId: string, platform: PlatformId, host: string): readonly Connection[];
  /** A value that overrides what the agent gets under that name: the person's own, else the workspace's (without `workspaceId` only where there is a single one). */
  override(name: string, personId: string | undefined, workspaceId?: string): string | undefined;
  /** All custom secrets for the agent by name, the person's own before the workspace's. */
  agentSecrets?(personId: string | undefined, workspaceId?: string): Readonly<Record<string, string>>;
  /** Calls back whenever connections of that platform change. */
  watch(platform: PlatformId, changed: () => void): () => void;
}
