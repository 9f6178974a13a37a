import { Failure } from "@ask-openhands/core/failure.ts";
import { askingLabel } from "@ask-openhands/core/trigger/label-difference.ts";
import {
  type JiraChange,
  type JiraComment,
  type JiraIssue,
  type JiraUser,
  JiraWebhook,
} from "@ask-openhands/core/wire/jira.ts";
import type { Author, Heard, Mention, MentionWay } from "@ask-openhands/core/work/mention.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import { commentUrl, jiraPlace, siteOf } from "./jira-place.ts";
import { audienceOf, privacyOf } from "./jira-privacy.ts";
import { jiraToMarkdown } from "./jira-text.ts";

/** What hearing needs besides the payload; all in memory. */
export interface JiraEar {
  readonly platform: PlatformId;
  /** Used when the payload holds no address. */
  readonly host?: string | undefined;
  readonly connection?: string | undefined;
  readonly handle: string;
  readonly labels: readonly string[];
  /** Whether a text calls us. */
  mentions(text: string): boolean;
  /** Whether an account of this site (account id, user key or name) is ours. */
  isOwn(host: string, account: string): boolean;
}

const ignored = (why: string): Heard => ({ heard: "ignored", why });
const malformed = (path: string): never => {
  throw new Failure("bad-input", `This is not a Jira delivery: "${path}" is missing or has the wrong form.`);
};

/** What became of a comment, by the names that old and new servers give. `undefined`: the delivery is not about a comment. */
const commentChange = (payload: JiraWebhook): Mention["change"] | undefined => {
  const event = payload.webhookEvent;
  if (event === "comment_created") return "new";
  if (event === "comment_updated") return "edited";
  if (event === "comment_deleted") return "deleted";
  if (event !== "jira:issue_updated" || !payload.comment) return undefined;
  if (payload.issue_event_type_name === "issue_commented") return "new";
  if (payload.issue_event_type_name === "issue_comment_edited") return "edited";
  if (payload.issue_event_type_name) return undefined;
  // Servers before 7.x name no type: a comment that was never changed is a new one.
  return payload.comment.created === payload.comment.updated ? "new" : "edited";
};

interface Context {
  readonly payload: JiraWebhook;
  readonly ear: JiraEar;
  readonly host: string;
  readonly base: string;
  readonly at: string;
}

/** Cloud names people by account id, Data Center by user key; the `name` is what its mentions use. */
const authorOf = (user: JiraUser, { ear, host }: Context): Author => {
  const id = user.accountId || user.key || user.name || "";
  if (id === "") return malformed("author");
  const own = [user.accountId, user.key, user.name].some((account) => !!account && ear.isOwn(host, account));
  const bot = user.accountType === "app";
  return {
    platform: ear.platform,
    host,
    id,
    name: user.accountId || user.name || id,
    ...(user.displayName ? { displayName: user.displayName } : {}),
    kind: ((): Author["kind"] => {
      if (own) return "self";
      return bot ? "bot" : "person";
    })(),
  };
};

const textOf = (written: JiraComment["body"], { ear, host }: Context): string =>
  jiraToMarkdown(written, { handle: ear.handle, isUs: (account) => ear.isOwn(host, account) });

/** What a payload says. Throws `bad-input` when it is none of Jira's. */
export const hearJira = (body: unknown, ear: JiraEar): Heard => {
  const read = JiraWebhook.safeParse(body);
  if (!read.success) return malformed(read.error.issues[0]?.path.join(".") || "payload");
  const payload = read.data;
  const site = siteOf(payload.issue?.self ?? payload.comment?.self);
  const host = site?.host ?? ear.host;
  if (host === undefined) {
    const known = /^(?:comment_|jira:issue_)/.test(payload.webhookEvent);
    return known
      ? malformed("issue.self")
      : ignored(`${payload.webhookEvent} events never ask for something`);
  }
  const at = new Date(
    payload.timestamp ?? Date.parse(payload.comment?.updated ?? payload.issue?.fields?.updated ?? "") ?? 0,
  );
  const context: Context = {
    payload,
    ear,
    host,
    base: site?.base ?? `https://${host}`,
    at: Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString(),
  };
  const change = commentChange(payload);
  if (change !== undefined && payload.comment) return hearComment(payload.comment, change, context);
  if (!payload.issue) return ignored(`${payload.webhookEvent} without an issue asks for nothing`);
  if (payload.webhookEvent === "jira:issue_created") return hearCreated(payload.issue, context);
  if (payload.webhookEvent === "jira:issue_updated") return hearUpdated(payload.issue, context);
  return ignored(`${payload.webhookEvent} events never ask for something`);
};

const hearComment = (comment: JiraComment, change: Mention["change"], context: Context): Heard => {
  const { payload, ear, host, base } = context;
  const user =
    (change === "edited" ? (payload.user ?? comment.updateAuthor) : undefined) ??
    comment.author ??
    payload.user;
  if (!user) return malformed("comment.author");
  const issue = payload.issue ?? undefined;
  // Our answer is seen by the same people as the ask: an internal note is answered by one, a restricted comment by one as restricted.
  const privacy = privacyOf(comment, issue);
  const place = jiraPlace({
    ear,
    base,
    host,
    issue,
    issueId: issueIdOf(comment.self),
    audience: audienceOf(privacy),
  });
  return {
    heard: "mention",
    mention: {
      key: `${ear.platform}:${host}:comment:${comment.id}`,
      place,
      author: authorOf(user, context),
      way: "comment",
      text: textOf(comment.body, context),
      at: timeOf(change === "new" ? comment.created : comment.updated) ?? context.at,
      url: commentUrl(place, comment.id),
      change,
      reply: { comment: comment.id, ...privacy },
    },
  };
};

const issueIdOf = (self: string | null | undefined): string | undefined =>
  /\/issue\/(\d+)\/comment\//.exec(self ?? "")?.[1];

const timeOf = (text: string | null | undefined): string | undefined => {
  // Jira writes +0000 without a colon, which Date.parse need not take.
  const time = Date.parse((text ?? "").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
};

const askOf = (
  issue: JiraIssue,
  user: JiraUser,
  context: Context,
  ask: { way: MentionWay; key: string; text: string; before?: string },
): Heard => {
  const { ear, base, host } = context;
  const place = jiraPlace({ ear, base, host, issue });
  return {
    heard: "mention",
    mention: {
      key: `${ear.platform}:${host}:${ask.key}`,
      place,
      author: authorOf(user, context),
      way: ask.way,
      text: ask.text,
      at: context.at,
      url: place.url,
      change: ask.before === undefined ? "new" : "edited",
      ...(ask.before === undefined ? {} : { before: ask.before }),
      reply: {},
    },
  };
};

const hearCreated = (issue: JiraIssue, context: Context): Heard => {
  const { payload, ear } = context;
  const user = payload.user ?? issue.fields?.creator ?? issue.fields?.reporter;
  if (!user) return malformed("user");
  const text = textOf(issue.fields?.description, context);
  if (!ear.mentions(text)) {
    const label = askingLabel([], issue.fields?.labels ?? [], ear.labels);
    if (label !== undefined)
      return askOf(issue, user, context, { way: "label", key: `label:${issue.id}:created`, text: label });
    if (isUs(issue.fields?.assignee, context)) {
      return askOf(issue, user, context, {
        way: "assignment",
        key: `assignment:${issue.id}:created`,
        text: "",
      });
    }
  }
  return askOf(issue, user, context, { way: "description", key: `description:${issue.id}`, text });
};

const isUs = (user: JiraUser | null | undefined, { ear, host }: Context): boolean =>
  [user?.accountId, user?.key, user?.name].some((account) => !!account && ear.isOwn(host, account));

const hearUpdated = (issue: JiraIssue, context: Context): Heard => {
  const { payload, ear, host } = context;
  const user = payload.user;
  const items = payload.changelog?.items ?? [];
  if (!user || items.length === 0) return ignored("this change of the ticket asks for nothing");
  const change = payload.changelog?.id ?? String(payload.timestamp ?? "");
  const labels = items.find((item) => item.field === "labels");
  const label = labels && askingLabel(words(labels.fromString), words(labels.toString), ear.labels);
  if (label)
    return askOf(issue, user, context, { way: "label", key: `label:${issue.id}:${change}`, text: label });
  const assigned = items.find((item) => item.field === "assignee" && !!item.to && ear.isOwn(host, item.to));
  if (assigned)
    return askOf(issue, user, context, {
      way: "assignment",
      key: `assignment:${issue.id}:${change}`,
      text: "",
    });
  const description = items.find((item) => item.field === "description");
  if (description) return hearDescriptionEdit(issue, user, description, context);
  return ignored(labels ? "no label that asks was added" : "this change of the ticket asks for nothing");
};

const hearDescriptionEdit = (issue: JiraIssue, user: JiraUser, item: JiraChange, context: Context): Heard =>
  askOf(issue, user, context, {
    way: "description",
    key: `description:${issue.id}`,
    text: textOf(issue.fields?.description ?? stringOf(item.toString), context),
    before: textOf(stringOf(item.fromString), context),
  });

const stringOf = (value: unknown): string => (typeof value === "string" ? value : "");
/** Labels stand in the change log as one string, separated by spaces. */
const words = (value: unknown): readonly string[] => stringOf(value).split(/\s+/).filter(Boolean);
