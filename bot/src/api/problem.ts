import type { Problem } from "@ask-openhands/core/api/types.ts";
import { Failure, type FailureKind } from "@ask-openhands/core/failure.ts";
import type * as z from "zod";
import { describeIssue, issueName } from "./describe-issue.ts";

/** An answer that is a problem: thrown by routes, written by the API. */
export class ProblemAnswer extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail);
    this.name = "ProblemAnswer";
    this.problem = problem;
    this.headers = headers;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: "Wrong request",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Wrong method",
  409: "Not now",
  413: "Too large",
  415: "Wrong content type",
  422: "Cannot be done like this",
  429: "Too many requests",
  500: "Our fault",
  502: "Another server answered wrongly",
  503: "Not available",
};

type Extra = Partial<Pick<Problem, "type" | "cure" | "fields" | "host">>;

/** A problem with its sentence; `extra` says more for programs. */
export const problem = (
  status: number,
  detail: string,
  extra: Extra = {},
  headers: Readonly<Record<string, string>> = {},
): ProblemAnswer =>
  new ProblemAnswer(
    { type: "about:blank", title: titles[status] ?? "Problem", status, detail, ...extra },
    headers,
  );

const statusOf: Readonly<Record<FailureKind, number>> = {
  "not-allowed": 403,
  "bad-credentials": 422,
  "not-found": 404,
  "rate-limited": 429,
  unavailable: 503,
  "unexpected-reply": 502,
  "bad-settings": 422,
  "bad-input": 422,
};

/** A failure of another server or of the data folder, as a problem. */
const problemOf = (failure: Failure, now: number, redact: (text: string) => string): ProblemAnswer => {
  const wait =
    failure.retryAt === undefined ? undefined : Math.max(1, Math.ceil((failure.retryAt - now) / 1_000));
  return problem(
    statusOf[failure.kind],
    redact(failure.hint),
    {},
    wait === undefined ? {} : { "retry-after": String(wait) },
  );
};

/** What a schema found, one sentence for all and one for each value. */
export const problemOfIssues = (error: z.ZodError, what: string): ProblemAnswer => {
  const fields = error.issues
    .slice(0, 20)
    .map((issue) => ({ field: issueName(issue), detail: describeIssue(issue) }));
  const [first] = fields;
  const subject =
    first === undefined || first.field === "" ? `The ${what}` : `\`${first.field}\` in the ${what}`;
  return problem(400, `${subject} ${first?.detail ?? "is not in the right form"}.`, { fields });
};

/** What may be told of a trouble, if anything. What other servers said of it passes `redact`. */
export const asProblem = (
  cause: unknown,
  now: number,
  redact: (text: string) => string,
): ProblemAnswer | undefined => {
  if (cause instanceof ProblemAnswer) return cause;
  return cause instanceof Failure ? problemOf(cause, now, redact) : undefined;
};
