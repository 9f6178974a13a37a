import type { PlatformId } from "../work/place.ts";

/** How a setting's text is read. `duration` is `30s`, `15m`, `2h`, `7d`; `list` is comma separated, `repositories` such a list of `ABC=owner/name`: a project or channel each. */
export type FieldFormat =
  | "text"
  | "url"
  | "host"
  | "port"
  | "whole-number"
  | "money"
  | "switch"
  | "list"
  | "repositories"
  | "duration"
  | "pem"
  | "choice";

/** One value that a person sets: in the environment, on the settings page, or both. Plain data: feeds configuration, `.env.example`, page, docs and redaction. */
export interface Field {
  /** Name in `Connection.settings` or among its secrets. */
  readonly key: string;
  /** Environment variable that sets it at start. */
  readonly env?: string | undefined;
  readonly secret: boolean;
  readonly required: boolean;
  readonly label: string;
  /** One or two sentences: what it is, where to get it. */
  readonly help: string;
  readonly format: FieldFormat;
  readonly choices?: readonly string[] | undefined;
  readonly fallback?: string | undefined;
  /** Never a value that works. */
  readonly example?: string | undefined;
  /** Least length of a secret. */
  readonly least?: number | undefined;
  /** An address that others are told and that we never ask. */
  readonly passedOn?: true | undefined;
}

export interface NeededScope {
  readonly name: string;
  /** What does not work without it. */
  readonly for: string;
  readonly optional?: boolean | undefined;
}

/** `only`: the one host there is (api and browser). `usual`: preset that can be changed. `typed`: must be given. `from`: host of the address in that field. */
export type KindHost =
  | { readonly only: string }
  | { readonly usual: string; readonly env: string }
  | { readonly typed: true; readonly env: string }
  | { readonly from: string };

/** One kind of credentials that a platform's connection can have. */
export interface CredentialKind {
  readonly platform: PlatformId;
  readonly kind: string;
  /** "GitHub App", "Personal access token". */
  readonly name: string;
  readonly owner: "workspace" | "person" | "either";
  readonly host: KindHost;
  readonly fields: readonly Field[];
  readonly scopes: readonly NeededScope[];
  /** Where and how to make these credentials, a few sentences of markdown. */
  readonly how: string;
  /** Only its creator edits it and switches it on and off; others link themselves to it (Jira's workspace flow). */
  readonly creatorOnly?: boolean | undefined;
  /** Ways to make such a connection besides typing the fields: an app manifest, or OAuth (a personal connection, or an installation). */
  readonly ways?: readonly ("manifest" | "oauth")[] | undefined;
  /** Domain of the vendor's own sites, so that `yourcompany` is enough to name one: `atlassian.net`. */
  readonly siteDomain?: string | undefined;
  /** Names of the events to tick where a webhook is made by hand. */
  readonly webhookEvents?: readonly string[] | undefined;
}
