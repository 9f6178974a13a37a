export interface CloudFacts {
  /** Connection id. */
  readonly id: string;
  /** `https://app.all-hands.dev`, or the customer's own host. */
  readonly baseUrl: string;
  /** A self-hosted app server may have none. */
  readonly key?: string | undefined;
  /** `bearer`: Cloud and Enterprise. `session-key`: the self-hosted app server. */
  readonly auth: "bearer" | "session-key";
  /** Organisation, for keys that are not bound to one. */
  readonly orgId?: string | undefined;
}
