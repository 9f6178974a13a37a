import { Failure, type FailureKind } from "@ask-openhands/core/failure.ts";
import * as z from "zod";

/** What @slack/web-api throws: https://docs.slack.dev/tools/node-slack-sdk/web-api/#handle-errors */
const SlackError = z.looseObject({
  code: z.string(),
  retryAfter: z.number().optional(),
  statusCode: z.number().optional(),
  data: z
    .looseObject({
      error: z.string().optional(),
      needed: z.string().optional(),
      provided: z.string().optional(),
    })
    .optional(),
});

const gone = [
  "message_not_found",
  "channel_not_found",
  "thread_not_found",
  "user_not_found",
  "cant_update_message",
  "is_archived",
];
const credentials = [
  "invalid_auth",
  "not_authed",
  "account_inactive",
  "token_revoked",
  "token_expired",
  "no_permission",
];
const passing = [
  "ratelimited",
  "rate_limited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
];

const kindOf = (error: string): FailureKind => {
  if (passing.includes(error)) return error.startsWith("rate") ? "rate-limited" : "unavailable";
  if (credentials.includes(error)) return "bad-credentials";
  if (gone.includes(error)) return "not-found";
  if (
    error === "missing_scope" ||
    error === "not_in_channel" ||
    error === "restricted_action" ||
    error === "ekm_access_denied"
  )
    return "not-allowed";
  return "unexpected-reply";
};

/** Slack's codes and scopes look like this; anything else may be a piece of what we sent, which stands in no sentence. */
const isCode = (word: string | undefined): word is string => /^[a-z_:.,]{1,200}$/.test(word ?? "");

const sentenceOf = (error: string, needed: string | undefined): string => {
  if (error === "missing_scope")
    return `Slack asks for the scope ${isCode(needed) ? needed : "that is missing"}: add it to the app and install it again.`;
  if (error === "not_in_channel" || error === "channel_not_found")
    return "I am not in this channel. Invite me with /invite, then ask again.";
  if (error === "is_archived") return "The channel is archived.";
  if (credentials.includes(error)) return "Slack does not accept our token any more: install the app again.";
  if (kindOf(error) === "not-found") return "Slack does not know the message, channel or person any more.";
  return isCode(error) ? `Slack refused with "${error}".` : "Slack refused in words of its own.";
};

/** Status of an answer that is none of the Web API's own: a proxy, a sign-in page, a broken server. */
const kindOfStatus = (status: number | undefined): "unavailable" | "not-allowed" | "unexpected-reply" => {
  if (status === 401 || status === 403) return "not-allowed";
  return status !== undefined && status < 500 ? "unexpected-reply" : "unavailable";
};

const sentences = {
  unavailable: "Slack is not working at the moment.",
  "not-allowed": "Slack, or something in front of it, does not let us in.",
  "unexpected-reply": "Slack gave an answer that we do not understand.",
} as const;

/** One `Failure` of whatever the client threw. `now` is epoch milliseconds. */
export const slackFailure = (thrown: unknown, now: number): Failure => {
  if (thrown instanceof Failure) return thrown;
  const read = SlackError.safeParse(thrown);
  if (thrown instanceof SyntaxError)
    return new Failure("unexpected-reply", sentences["unexpected-reply"], { cause: thrown });
  if (!read.success) return new Failure("unavailable", "Slack cannot be reached.", { cause: thrown });
  const { retryAfter, data, statusCode } = read.data;
  if (retryAfter !== undefined) {
    return new Failure("rate-limited", "Slack asks us to slow down; we go on by ourselves.", {
      retryAt: now + retryAfter * 1_000,
      status: 429,
      cause: thrown,
    });
  }
  const error = data?.error;
  if (error === undefined)
    return new Failure(kindOfStatus(statusCode), sentences[kindOfStatus(statusCode)], {
      status: statusCode,
      cause: thrown,
    });
  return new Failure(kindOf(error), sentenceOf(error, data?.needed), { cause: thrown });
};

/** The word with which Slack refused, when it did: `unknown_method`. */
export const slackErrorOf = (failure: unknown): string | undefined =>
  failure instanceof Failure ? SlackError.safeParse(failure.cause).data?.data?.error : undefined;
