import type { Connection } from "@ask-openhands/core/connection/connection.ts";

/** Addresses of an OAuth 2.0 server. */
export interface OAuthServer {
  readonly authorize: string;
  readonly token: string;
}

export interface OAuthAccount {
  /** As `Author.id` and `Author.name` of mentions. */
  readonly id: string;
  readonly name: string;
  readonly displayName?: string | undefined;
}

/** What an exchange of the code gave. */
export interface OAuthTokenSet {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  /** ISO 8601. */
  readonly expiresAt?: string | undefined;
  /** What else must be kept with the connection, not secret. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

/**
 * OAuth (authorization code with PKCE) at the servers of a platform. The client stands in a connection: setting `clientId`, secret `clientSecret`.
 * A person's own connection made this way has the setting `client` (id of that connection), `expiresAt`, and the secrets `accessToken` and `refreshToken`.
 */
export interface OAuthWay {
  server(client: Connection): OAuthServer;
  /** `identity`: enough to know who it is. `work`: to read, write and push as the person. `install`: for the workspace's connection itself. */
  scopes(client: Connection, purpose: "identity" | "work" | "install"): readonly string[];
  /** Between scopes; a space unless the server wants something else. */
  readonly scopeSeparator?: string | undefined;
  /** Further parameters of the authorize address. */
  readonly also?: Readonly<Record<string, string>> | undefined;
  /** False for servers that refuse PKCE. Absent: true. */
  readonly pkce?: boolean | undefined;
  /** Kind, in the catalog, of a person's own connection made this way; absent: tokens prove accounts only. */
  readonly personKind?: string | undefined;
  /** True when the client connection itself can hold the tokens (`install`). */
  readonly installs?: boolean | undefined;
  /** Secrets of the client connection any of which lets it speak; with none of them it waits for its installation. Absent: `accessToken`, for kinds made for OAuth alone. */
  readonly wayIn?: readonly string[] | undefined;
  /** True when being able to sign in at the server is a good enough reason to know a person here. Absent: true. */
  readonly signsIn?: boolean | undefined;
  /** Who the token belongs to; throws `Failure`. */
  account(client: Connection, accessToken: string): Promise<OAuthAccount>;
  /** For servers whose token answer is not that of RFC 6749. */
  exchange?(
    client: Connection,
    clientSecret: string,
    code: string,
    redirectUri: string,
  ): Promise<OAuthTokenSet>;
}

export interface AppManifest {
  /** Where the browser sends `fields` as a form (POST). */
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Text to paste, where a form cannot be sent. */
  readonly copy?: string | undefined;
}

/** What the app turned out to be: a connection of this kind. */
export interface AdoptedApp {
  readonly kind: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Where to go on: the page that installs the app. */
  readonly nextUrl?: string | undefined;
}

export interface ManifestWay {
  prepare(facts: {
    readonly host: string;
    readonly organization?: string | undefined;
    readonly name: string;
    /** Address of the bot, without a slash at the end. */
    readonly publicUrl: string;
    /** Where the server sends the person back with `code` and `state`. */
    readonly redirectUrl: string;
    readonly callbackUrls: readonly string[];
    readonly state: string;
  }): AppManifest;
  /** Turns the one-time code into the app's credentials; absent where the person types them. Throws `Failure`. */
  adopt?(facts: { readonly host: string; readonly code: string }): Promise<AdoptedApp>;
}

/** One place where an app is installed. */
export interface Installation {
  readonly id: string;
  readonly account: string;
  readonly accountUrl?: string | undefined;
  /** Where its repositories are chosen. */
  readonly configureUrl?: string | undefined;
  /** `all`, or how many were selected. */
  readonly repositories: "all" | number;
  /** Rights that are missing, in the server's words. */
  readonly missing: readonly string[];
  readonly suspended: boolean;
}

export interface Installations {
  /** Page on which the app is installed. */
  installUrl(connectionId: string): Promise<string | undefined>;
  list(connectionId: string): Promise<readonly Installation[]>;
  /** Checks that the id is an installation of this app; throws `Failure` (not-found). */
  add(connectionId: string, installationId: string): Promise<Installation>;
}
