import { Failure } from "@ask-openhands/core/failure.ts";
import {
  connectionFailure,
  pageInsteadOfData,
  statusFailure,
  type Target,
  timeoutFailure,
} from "@ask-openhands/core/http/failures.ts";
import * as z from "zod";

/** Octokit's `RequestError`, by its shape. Without `response` there was no answer at all; its `status` is then made up. */
const requestError = z.looseObject({
  status: z.number(),
  message: z.string(),
  response: z
    .looseObject({ headers: z.record(z.string(), z.unknown()), data: z.unknown().optional() })
    .optional(),
});

const clockSkew = /'(?:Expiration time|Issued at)' claim/i;

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");

/** What a call to GitHub failed with, as a sentence for people. */
export function githubFailure(error: unknown, target: Target, now: number): Failure {
  if (error instanceof Failure) return error;
  const parsed = requestError.safeParse(error);
  if (!parsed.success || parsed.data.response === undefined) {
    if (isTimeout(error) || (error instanceof Error && isTimeout(error.cause)))
      return timeoutFailure(target, 10_000);
    return connectionFailure(target, error instanceof Error ? (error.cause ?? error) : error);
  }
  const { status, response } = parsed.data;
  const headers = new Headers(
    Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
  );
  const words = typeof response.data === "string" ? response.data : JSON.stringify(response.data ?? "");
  const failure = statusFailure(target, status, headers, words, now);
  return explained(failure, words, headers, target, now) ?? failure;
}

/** Refusals with a cure that GitHub's own words do not name. */
function explained(
  failure: Failure,
  words: string,
  headers: Headers,
  target: Target,
  now: number,
): Failure | undefined {
  const details = { status: failure.status, retryAt: failure.retryAt };
  // Secondary limits come as 403 without any header of the primary one: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
  if (failure.kind === "not-allowed" && /secondary rate limit|abuse detection/i.test(words)) {
    return new Failure(
      "rate-limited",
      `${target.name} (${target.host}) asks us to slow down; we go on by ourselves.`,
      {
        ...details,
        retryAt: failure.retryAt ?? now + 60_000,
      },
    );
  }
  const sso = /url=(\S+)/.exec(headers.get("x-github-sso") ?? "")?.[1];
  if (sso || /SAML enforcement/i.test(words)) {
    const where = sso ? ` at ${sso}` : ' with "Configure SSO" in the token settings';
    return new Failure(
      "not-allowed",
      `The organisation uses single sign-on and this token is not authorised for it. Authorise it${where}.`,
      details,
    );
  }
  if (
    failure.kind === "not-allowed" &&
    /(?:forbids access via a personal access token|resource protected by organization)/i.test(words)
  ) {
    return new Failure(
      "not-allowed",
      "The organisation does not allow this kind of token. Ask one of its owners to approve it, or use the GitHub App.",
      details,
    );
  }
  if (failure.status === 401 && clockSkew.test(words)) {
    return new Failure(
      "bad-settings",
      `${target.name} (${target.host}) refuses the App's sign-in because the clock of this machine is wrong. Set it right.`,
      details,
    );
  }
  const needed = headers.get("x-accepted-github-permissions");
  if (failure.kind === "not-allowed" && /Resource not accessible by/i.test(words)) {
    const which = needed ? ` (${needed})` : "";
    return new Failure(
      "not-allowed",
      `Our credentials lack a permission on ${target.host}${which}. Add it to the App or token; an App's new permission must also be accepted by the owner of each installation.`,
      details,
    );
  }
  if (/suspended/i.test(words) && failure.kind === "not-allowed") {
    return new Failure(
      "not-allowed",
      `The installation of the GitHub App on ${target.host} is suspended. Its owner can take it back under Settings → Integrations → Applications.`,
      details,
    );
  }
  return undefined;
}

/** An answer of text where data was asked for is a page of something between us and GitHub. */
export function refuseText(data: unknown, status: number, target: Target): void {
  if (typeof data === "string" && data !== "") throw pageInsteadOfData(target, status);
}
