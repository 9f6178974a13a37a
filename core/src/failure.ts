/**
 * What kind of trouble it is decides what happens next:
 * `rate-limited` and `unavailable` are tried again (at `retryAt` when the other side named a time), the others are told to the person.
 */
export type FailureKind =
  | "not-allowed"
  | "bad-credentials"
  | "not-found"
  | "rate-limited"
  | "unavailable"
  | "unexpected-reply"
  | "bad-settings"
  | "bad-input";

export interface FailureDetails {
  /** Epoch milliseconds before which trying again is pointless or forbidden. */
  readonly retryAt?: number | undefined;
  /** HTTP status of the answer that caused this, when there was one. */
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/** The one error class of the project. `hint` is a sentence that can be shown to a person: what is wrong and what to do. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly hint: string;
  readonly retryAt: number | undefined;
  readonly status: number | undefined;

  constructor(kind: FailureKind, hint: string, details: FailureDetails = {}) {
    super(hint, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "Failure";
    this.kind = kind;
    this.hint = hint;
    this.retryAt = details.retryAt;
    this.status = details.status;
  }

  /** True when the same call may succeed later without anybody changing anything. */
  get passing(): boolean {
    return this.kind === "rate-limited" || this.kind === "unavailable";
  }
}
