import type { PlatformId } from "../work/place.ts";

/** Who owns a connection: everybody of a workspace uses it, or one person does. */
export type ConnectionOwner =
  | { readonly kind: "workspace"; readonly id: string }
  | { readonly kind: "person"; readonly id: string };

/** Credentials for one server of one platform. Secret values are never in here: see the bot's `Connections`. */
export interface Connection {
  readonly id: string;
  /** A platform folder's name, or `openhands` for an agent back end. */
  readonly platform: PlatformId;
  /** As `Place.host`. */
  readonly host: string;
  readonly owner: ConnectionOwner;
  /** Kind of credentials, from the catalog of the platform: `app`, `token`, `oauth`, `bot-token`, `cloud`, `server`… */
  readonly kind: string;
  readonly name: string;
  /** What is not secret: e-mail, cloud id, app id, client id, project mapping… */
  readonly settings: Readonly<Record<string, string>>;
  /** Which secrets are set; never their values. */
  readonly secretNames: readonly string[];
  readonly active: boolean;
  /** True for connections that come from environment variables; they cannot be changed on the page. */
  readonly fixed?: boolean | undefined;
  readonly createdBy?: string | undefined;
  /** Who last entered its token, or gave it by OAuth. */
  readonly tokenBy?: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly status?: ConnectionStatus | undefined;
  readonly lastUsedAt?: string | undefined;
}

export type ScopeState = "present" | "missing" | "unknown";

/** What a live check of a connection found. */
export interface ConnectionStatus {
  readonly ok: boolean;
  readonly account?:
    | { readonly id: string; readonly name: string; readonly url?: string | undefined }
    | undefined;
  /** In words: "GitHub App", "fine-grained personal access token". */
  readonly tokenKind: string;
  readonly scopes: readonly { readonly name: string; readonly state: ScopeState; readonly for: string }[];
  /** ISO 8601. */
  readonly expiresAt?: string | undefined;
  readonly problem?: string | undefined;
  readonly cure?: string | undefined;
  /** ISO 8601. */
  readonly checkedAt: string;
  /** Further lines worth showing: installations, organisation policies, hosts. */
  readonly notes?: readonly string[] | undefined;
}
