import type { JiraComment, JiraIssue } from "@ask-openhands/core/wire/jira.ts";
import * as z from "zod";

/** What tells who sees a comment of a service project. */
type Marked = Pick<JiraComment, "jsdPublic" | "properties">;

const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")]);
const Internal = z.object({ internal: flag });
const Allowed = z.object({ allow: flag });

/** What service management keeps beside a comment: https://jira.atlassian.com/browse/JSDSERVER-1261. What customers write may carry the second property alone. */
export const internalProperty = "sd.public.comment";
const allowedProperty = "sd.allow.public.comment";

const markOf = (properties: JiraComment["properties"]): boolean | undefined => {
  const kept = (name: string): unknown => properties?.find(({ key }) => key === name)?.value;
  const own = Internal.safeParse(kept(internalProperty));
  if (own.success) return own.data.internal;
  const allowed = Allowed.safeParse(kept(allowedProperty));
  return allowed.success ? !allowed.data.allow : undefined;
};

/**
 * Whether a comment is an internal note, which customers do not see; `undefined` when what is known of it does not say.
 * Cloud says it with each comment. Data Center's deliveries say nothing; its answers have properties. Atlassian documents nowhere what a comment of a
 * service project without any mark is: it counts as internal, because an answer that a customer misses is said again, and one that told too much is not taken back.
 */
export const isInternal = (comment: Marked, issue: JiraIssue | undefined): boolean | undefined => {
  if (typeof comment.jsdPublic === "boolean") return !comment.jsdPublic;
  const mark = markOf(comment.properties);
  if (mark !== undefined) return mark;
  const type = issue?.fields?.project?.projectTypeKey;
  if (type && type !== "service_desk") return false;
  return comment.properties ? true : undefined;
};

/** `Mention.reply` of an ask by a comment: `internal` is `true`, `false`, or absent while nobody could tell; a restricted comment names whom it is restricted to. */
export const privacyOf = (
  comment: JiraComment,
  issue: JiraIssue | undefined,
): Readonly<Record<string, string>> => {
  const internal = isInternal(comment, issue);
  return {
    ...(internal === undefined ? {} : { internal: String(internal) }),
    ...(comment.visibility?.value
      ? { visibilityType: comment.visibility.type ?? "role", visibilityValue: comment.visibility.value }
      : {}),
  };
};

/** True for an ask by an internal note, and for one by a comment of which nobody could tell. */
export const isInternalAsk = (reply: Readonly<Record<string, string>>): boolean =>
  reply["internal"] === "true" || (reply["comment"] !== undefined && reply["internal"] !== "false");

/** Who sees what is said here, when that is not everybody who sees the ticket. */
export const audienceOf = (reply: Readonly<Record<string, string>>): string | undefined => {
  const names = [
    ...(reply["internal"] === "true" ? ["internal"] : []),
    ...(reply["visibilityValue"] ? [`${reply["visibilityType"] ?? "role"}=${reply["visibilityValue"]}`] : []),
  ];
  return names.length === 0 ? undefined : names.join("&");
};
