import * as z from "zod";
import { Failure, type FailureKind } from "../failure.ts";
import { retryAt } from "./retry-at.ts";

/** Where a call went, for sentences: never with query or credentials. */
export interface Target {
  /** What people call the other side: "OpenHands Cloud". */
  readonly name: string;
  readonly host: string;
}

const certificateCodes = new Set([
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

const kindOfStatus = (status: number, headers: Headers): FailureKind => {
  if (status === 429) return "rate-limited";
  // GitHub tells of a used-up limit with 403.
  if (status === 403 && (headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after")))
    return "rate-limited";
  if (status === 401) return "bad-credentials";
  if (status === 403) return "not-allowed";
  if (status === 404 || status === 410) return "not-found";
  if (status === 408 || status === 425 || status >= 500) return "unavailable";
  if (status === 400 || status === 413 || status === 422) return "bad-input";
  return "unexpected-reply";
};

const sentences: Readonly<Record<FailureKind, string>> = {
  "bad-credentials":
    "does not accept our credentials: they are wrong, expired or revoked. Connect it again with new ones",
  "not-allowed": "does not allow this with our credentials: a right or a scope is missing",
  "not-found": "does not know what we asked for: it is gone, or our credentials may not see it",
  "rate-limited": "asks us to slow down; we go on by ourselves",
  unavailable: "is not working at the moment; we try again by ourselves",
  "bad-input": "refuses what we sent",
  "bad-settings": "cannot be used with these settings",
  "unexpected-reply": "gave an answer that we do not understand",
};

const ErrorBody = z.looseObject({
  message: z.unknown().optional(),
  error: z.unknown().optional(),
  detail: z.unknown().optional(),
  errorMessages: z.unknown().optional(),
  errors: z.unknown().optional(),
});

const Detail = z.looseObject({
  msg: z.string().optional(),
  message: z.string().optional(),
  loc: z.array(z.union([z.string(), z.number()])).optional(),
});

const words = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.slice(0, 3).map(words).filter(Boolean).join("; ");
  const one = Detail.safeParse(value);
  if (!one.success) return "";
  const where = one.data.loc?.join(".") ?? "";
  return [where, one.data.msg ?? one.data.message ?? ""].filter(Boolean).join(": ");
};

/** The other side's own words on what is wrong, from the shapes that the servers we talk to use. */
export const errorWords = (body: string): string => {
  if (body.trimStart().startsWith("<")) return "";
  const parsed = ((): unknown => {
    try {
      return JSON.parse(body);
    } catch (notJson) {
      if (notJson instanceof SyntaxError) return body;
      throw notJson;
    }
  })();
  const fields = ErrorBody.safeParse(parsed);
  const found = fields.success
    ? [
        fields.data.message,
        fields.data.error,
        fields.data.detail,
        fields.data.errorMessages,
        fields.data.errors,
      ]
        .map(words)
        .find(Boolean)
    : words(parsed);
  const line = (found ?? "").replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};

/** A refused request. `body` may be clipped; secrets must be out of it already. */
export const statusFailure = (
  target: Target,
  status: number,
  headers: Headers,
  body: string,
  now: number,
): Failure => {
  const kind = kindOfStatus(status, headers);
  const said = errorWords(body);
  const quote = said === "" ? "" : `: "${said}"`;
  return new Failure(kind, `${target.name} (${target.host}) ${sentences[kind]} (HTTP ${status}${quote}).`, {
    status,
    retryAt: kind === "rate-limited" || kind === "unavailable" ? retryAt(headers, now) : undefined,
  });
};

const codeOf = (error: unknown): string => {
  const parsed = z
    .looseObject({ code: z.string().optional(), cause: z.unknown().optional() })
    .safeParse(error);
  if (!parsed.success) return "";
  return parsed.data.code ?? (parsed.data.cause === undefined ? "" : codeOf(parsed.data.cause));
};

const whyUnreachable = (code: string): string => {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name cannot be resolved";
  if (code === "ECONNREFUSED") return "nothing listens there";
  if (code === "ECONNRESET" || code === "UND_ERR_SOCKET") return "it closed the connection";
  return code === "" ? "no connection" : `no connection (${code})`;
};

/** `fetch` rejected. A `Failure` of the fetch we were given (the guard of addresses) stays what it is. */
export const connectionFailure = (target: Target, error: unknown): Failure => {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  if (certificateCodes.has(code)) {
    return new Failure(
      "bad-settings",
      `The certificate of ${target.name} (${target.host}) is not trusted (${code}). Add its certificate authority to the connection.`,
      { cause: error },
    );
  }
  return new Failure(
    "unavailable",
    `${target.name} cannot be reached at ${target.host}: ${whyUnreachable(code)}.`,
    { cause: error },
  );
};

export const timeoutFailure = (target: Target, milliseconds: number): Failure =>
  new Failure(
    "unavailable",
    `${target.name} (${target.host}) did not answer within ${Math.round(milliseconds / 1_000)} seconds.`,
  );

export const pageInsteadOfData = (target: Target, status: number): Failure =>
  new Failure(
    "unexpected-reply",
    `${target.name} (${target.host}) answered with a web page instead of data. Check that the address is the one of its API and that no sign-in page stands before it.`,
    { status },
  );

export const wrongShape = (target: Target, issue: string, status: number): Failure =>
  new Failure(
    "unexpected-reply",
    `${target.name} (${target.host}) gave an answer that we do not understand (${issue}). Its version may not fit ours.`,
    { status },
  );
