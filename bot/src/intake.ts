import type { Heard } from "@ask-openhands/core/work/mention.ts";

/** One HTTP request to a receiver; `bytes` are the raw body, complete and within the limit. Header names are lower case. */
export interface Delivery {
  readonly method: string;
  /** What follows `?` in the address, as sent. */
  readonly query: string;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Uint8Array;
  /** Address of the sender, for limits and the log. */
  readonly source: string;
}

export interface Answer {
  readonly status: number;
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A receiver. `path` may hold `:name` parts. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Largest body in bytes; more is answered 413 before anything else happens. */
  readonly limit: number;
  answer(delivery: Delivery): Promise<Answer>;
}

/** What became of something heard. `known`: an earlier delivery told of it. */
export type Accepted =
  | { readonly accepted: "new" | "replaced" | "withdrawn" | "known" }
  | { readonly accepted: "ignored"; readonly why: string };

/** The way from a platform into the store. Resolves when the mention is durable; rejects when it could not be stored (the receiver answers 503). */
export interface Intake {
  accept(heard: Heard): Promise<Accepted>;
}

/** Result of checking a signature over the raw bytes. `connection` says whose secret it was. */
export type Verified =
  | { readonly genuine: true; readonly connection?: string | undefined }
  | { readonly genuine: false; readonly why: string };
