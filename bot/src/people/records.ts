import type { ConnectionOwner, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import type { Sealed } from "./seal.ts";

/** Times are ISO 8601. Tokens are kept as SHA-256 hashes, values that must come back in clear as `Sealed`. */

export type Role = "owner" | "maintainer" | "member";

/** Owner of secrets and connections: the workspace's are changed by its maintainers, a person's by that person. */
export type Owner = ConnectionOwner;

export interface PersonRecord {
  readonly name: string;
  readonly createdAt: string;
  readonly lastSeenAt?: string | undefined;
  /** `host/owner/name` by workspace: meant by its requests from places without a repository that name no other. One workspace's word is none in another. */
  readonly defaultRepositories?: Readonly<Record<string, string>> | undefined;
}

/** Proof that an account on a platform is a person. The id is made from platform, host and account, so that an account has one person. */
export interface LinkRecord {
  readonly personId: string;
  readonly platform: string;
  readonly host: string;
  readonly accountId: string;
  /** As platforms mention it. */
  readonly accountName: string;
  /** What people call it, when that is something else. */
  readonly displayName?: string | undefined;
  readonly proof: "oauth" | "token" | "message" | "invitation";
  /** Workspaces whose connections told of the proof: it counts there alone, because their maintainers could have made it up. Everywhere without it. */
  readonly within?: readonly string[] | undefined;
  readonly createdAt: string;
}

export interface WorkspaceRecord {
  readonly name: string;
  readonly createdAt: string;
}

/** The id is `<workspace>.<person>`. */
export interface MemberRecord {
  readonly workspaceId: string;
  readonly personId: string;
  readonly role: Role;
  readonly joinedAt: string;
}

export interface InvitationRecord {
  readonly workspaceId: string;
  readonly role: Exclude<Role, "owner">;
  readonly note?: string | undefined;
  readonly tokenHash: string;
  readonly invitedBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly acceptedBy?: string | undefined;
}

/** Something that can be used once; the id is the hash of its token. */
export interface OneTimeRecord {
  readonly purpose: "first-sign-in" | "oauth" | "manifest" | "used-link" | "link-code";
  readonly expiresAt: string;
  /** Not secret by itself, or sealed. */
  readonly data: Readonly<Record<string, string>>;
}

export interface ConnectionRecord {
  readonly platform: string;
  readonly host: string;
  readonly owner: Owner;
  readonly kind: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Sealed>>;
  /** PEM bundle of the authority that signs this server's certificate. */
  readonly ca?: string | undefined;
  readonly active: boolean;
  readonly createdBy: string;
  /** Who last entered its token, or gave it by OAuth: another maintainer may put a token of theirs into what somebody else made. */
  readonly tokenBy?: string | undefined;
  readonly createdAt: string;
  readonly status?: ConnectionStatus | undefined;
  readonly lastUsedAt?: string | undefined;
  /** What the bot itself added to a connection of the environment (renewed tokens, hook secrets); no connection of its own. */
  readonly overlay?: true | undefined;
  /** Removed, with its secrets; what stays says to whom its earlier runs belong. */
  readonly removedAt?: string | undefined;
}

/** The id is the workspace's. */
export interface SettingsRecord {
  readonly values: Readonly<Record<string, string>>;
}

/** An environment variable for the agent. */
export interface SecretRecord {
  readonly owner: Owner;
  readonly name: string;
  readonly description: string;
  readonly value: Sealed;
  readonly createdAt: string;
  readonly changedAt: string;
}

/** A host that requests may go to. The id is `<workspace>.<hash of host>`. */
export interface HostRecord {
  readonly workspaceId: string;
  readonly host: string;
  readonly private: boolean;
  readonly approvedBy: string;
  readonly approvedAt: string;
}

/** A paired extension. */
export interface DeviceRecord {
  readonly personId: string;
  readonly name: string;
  readonly clientId: string;
  /** Origin of the extension, the only one that browsers may call from with this device's token. */
  readonly origin?: string | undefined;
  readonly tokenHash: string;
  readonly createdAt: string;
  readonly lastUsedAt?: string | undefined;
}

/** A device that waits for approval (RFC 8628); the id is the hash of its device code. */
export interface PairingRecord {
  readonly userCode: string;
  readonly clientId: string;
  readonly name: string;
  readonly origin?: string | undefined;
  readonly from?: string | undefined;
  readonly expiresAt: string;
  readonly decision?: { readonly approved: boolean; readonly personId: string } | undefined;
}

export interface TokenRecord {
  readonly personId: string;
  readonly name: string;
  readonly access: "read" | "write";
  readonly tokenHash: string;
  readonly ending: string;
  readonly createdAt: string;
  readonly expiresAt?: string | undefined;
  readonly lastUsedAt?: string | undefined;
}

/** A signed-in browser; the id is the hash of the cookie's value. */
export interface SessionRecord {
  readonly personId: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
}

/** What the bot made for itself once and needs again (marker key); the id says which. */
export interface BotSecretRecord {
  readonly value: Sealed;
}

export interface Records {
  readonly people: PersonRecord;
  readonly links: LinkRecord;
  readonly workspaces: WorkspaceRecord;
  readonly members: MemberRecord;
  readonly invitations: InvitationRecord;
  readonly oneTime: OneTimeRecord;
  readonly connections: ConnectionRecord;
  readonly settings: SettingsRecord;
  readonly secrets: SecretRecord;
  readonly hosts: HostRecord;
  readonly devices: DeviceRecord;
  readonly pairings: PairingRecord;
  readonly tokens: TokenRecord;
  readonly sessions: SessionRecord;
  readonly botSecrets: BotSecretRecord;
}

export type Collection = keyof Records;

export const collections = [
  "people",
  "links",
  "workspaces",
  "members",
  "invitations",
  "oneTime",
  "connections",
  "settings",
  "secrets",
  "hosts",
  "devices",
  "pairings",
  "tokens",
  "sessions",
  "botSecrets",
] as const satisfies readonly Collection[];
