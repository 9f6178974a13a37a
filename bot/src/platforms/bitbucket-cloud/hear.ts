import {
  type CloudAccount,
  CloudComment,
  CloudEnvelope,
  CloudPullRequest,
} from "@ask-openhands/core/wire/bitbucket-cloud.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { authorOf, type OwnAccounts, withHandle, wordsOf } from "../bitbucket-account.ts";
import type { BitbucketUser } from "../bitbucket-api.ts";
import {
  type BitbucketEar,
  bitbucketPlace,
  ignored,
  isoTime,
  malformed,
  readPart,
} from "../bitbucket-place.ts";
import { cloudSpot, descriptionOf, idOfRepository, userOf, webAddress } from "./shapes.ts";

export const platform = "bitbucket-cloud";
export const cloudHost = "bitbucket.org";

/** Milliseconds that writing something may take Bitbucket; a later time of change means an edit. */
const sameMoment = 5_000;

const wasChanged = (part: {
  readonly created_on?: string | null | undefined;
  readonly updated_on?: string | null | undefined;
}): boolean => Date.parse(part.updated_on ?? "") - Date.parse(part.created_on ?? "") > sameMoment;

/** The event's name from the payload's shape, for `explain`, where no header tells it. */
const guessEvent = (envelope: CloudEnvelope): string => {
  const { comment, pullrequest } = envelope;
  if (envelope.issue) return "issue:updated";
  if (comment && pullrequest) {
    const { deleted, resolution, ...times } = readPart("comment", CloudComment, comment);
    if (deleted) return "pullrequest:comment_deleted";
    if (resolution) return "pullrequest:comment_resolved";
    return wasChanged(times) ? "pullrequest:comment_updated" : "pullrequest:comment_created";
  }
  if (comment) return "repo:commit_comment_created";
  if (envelope.approval) return "pullrequest:approved";
  if (envelope.changes_request) return "pullrequest:changes_request_created";
  if (!pullrequest) return envelope.push ? "repo:push" : "repo:updated";
  const { state, ...times } = readPart("pull request", CloudPullRequest, pullrequest);
  if (state && state !== "OPEN") return "pullrequest:fulfilled";
  return wasChanged(times) ? "pullrequest:updated" : "pullrequest:created";
};

const commentChanges: Readonly<Record<string, Mention["change"]>> = {
  "pullrequest:comment_created": "new",
  "pullrequest:comment_updated": "edited",
  "pullrequest:comment_deleted": "deleted",
};

interface Context {
  readonly envelope: CloudEnvelope;
  readonly ear: BitbucketEar;
  readonly host: string;
  readonly own: OwnAccounts;
  readonly pullRequest: CloudPullRequest;
  readonly place: Place;
}

/** Why an event never asks; `undefined` for those that may. */
const whyNot = (event: string): string | undefined => {
  if (event.startsWith("issue:"))
    return "Bitbucket Cloud's issue tracker ended in August 2026; ask in a pull request";
  if (event === "repo:commit_comment_created")
    return "comments on a commit are not heard: ask in a pull request";
  const mayAsk =
    event in commentChanges || event === "pullrequest:created" || event === "pullrequest:updated";
  return mayAsk ? undefined : `"${event}" events never ask for something`;
};

/** What a payload says. `event` is `X-Event-Key`. Throws `bad-input` when the body is not what it claims. */
export const hear = (event: string | undefined, body: unknown, ear: BitbucketEar): Heard => {
  const known = event === undefined ? undefined : whyNot(event);
  if (known !== undefined) return ignored(known);
  const envelope = readPart(event ?? "webhook", CloudEnvelope, body);
  const name = event ?? guessEvent(envelope);
  const why = whyNot(name);
  if (why !== undefined) return ignored(why);

  const pullRequest = readPart(name, CloudPullRequest, envelope.pullrequest);
  const host = ear.host ?? cloudHost;
  const repository = envelope.repository.full_name;
  const place = bitbucketPlace({
    platform,
    host,
    repository,
    repositoryId: idOfRepository(envelope.repository),
    id: pullRequest.id,
    url:
      webAddress(pullRequest.links, /\/pull-requests\/\d+$/) ??
      `https://${cloudHost}/${repository}/pull-requests/${pullRequest.id}`,
    title: pullRequest.title,
    connection: ear.connection,
  });
  const context = { envelope, ear, host, own: ear.own(host), pullRequest, place };
  const change = commentChanges[name];
  if (change !== undefined)
    return hearComment(readPart(name, CloudComment, envelope.comment), change, context);
  return hearDescription(name === "pullrequest:created", context);
};

const writerOf = (...accounts: readonly (CloudAccount | null | undefined)[]): BitbucketUser =>
  accounts.map(userOf).find((user) => user !== undefined) ?? malformed("webhook", "actor");

const hearComment = (comment: CloudComment, change: Mention["change"], context: Context): Heard => {
  const { envelope, ear, host, own, place } = context;
  const text = comment.content?.raw ?? "";
  const spot = cloudSpot(comment.inline);
  const { actor } = envelope;
  const writer = change === "edited" ? writerOf(actor, comment.user) : writerOf(comment.user, actor);
  return {
    heard: "mention",
    mention: {
      key: `${platform}:${host}:comment:${comment.id}`,
      place,
      author: authorOf({ platform, host }, writer, text, own),
      way: spot ? "inline" : "comment",
      text: wordsOf(withHandle(text, own, host, ear.handle), change, ear.handle),
      at: isoTime((change === "new" ? comment.created_on : comment.updated_on) ?? comment.created_on),
      url: webAddress(comment.links, /#comment-\d+$/) ?? `${place.url}#comment-${comment.id}`,
      change,
      ...(spot ? { spot } : {}),
      reply: { comment: comment.id, asker: writer.id },
    },
  };
};

/** Bitbucket does not tell what an update changed: who receives it asks for the text before (`described.ts`). */
const hearDescription = (opened: boolean, context: Context): Heard => {
  const { envelope, ear, host, own, pullRequest, place } = context;
  const text = descriptionOf(pullRequest);
  const writer = writerOf(envelope.actor, pullRequest.author);
  return {
    heard: "mention",
    mention: {
      key: `${platform}:${host}:description:${place.address["repositoryId"]}#${pullRequest.id}`,
      place,
      author: authorOf({ platform, host }, writer, text, own),
      way: "description",
      text: withHandle(text, own, host, ear.handle),
      at: isoTime(opened ? pullRequest.created_on : pullRequest.updated_on),
      url: place.url,
      change: opened ? "new" : "edited",
      reply: { asker: writer.id },
    },
  };
};
