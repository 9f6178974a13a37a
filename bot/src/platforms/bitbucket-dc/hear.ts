import { DcEnvelope, DcEvent } from "@ask-openhands/core/wire/bitbucket-dc.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { authorOf, withHandle, wordsOf } from "../bitbucket-account.ts";
import {
  type BitbucketEar,
  bitbucketPlace,
  ignored,
  isoTime,
  malformed,
  readPart,
} from "../bitbucket-place.ts";
import { fullName, repositoryPage, serverOf, userOf } from "./shapes.ts";

export const platform = "bitbucket-dc";
/** What the button "Test connection" sends, without a signature. */
export const pingEvent = "diagnostics:ping";

const commentChanges: Readonly<Record<string, Mention["change"]>> = {
  "pr:comment:added": "new",
  "pr:comment:edited": "edited",
  "pr:comment:deleted": "deleted",
};

/** What a payload says; it names its event itself (`eventKey`). Throws `bad-input` when the body is not what it claims. */
export const hear = (header: string | undefined, body: unknown, ear: BitbucketEar): Heard => {
  const envelope = DcEnvelope.safeParse(body).data;
  const event = header ?? envelope?.eventKey ?? (envelope?.test === true ? pingEvent : undefined);
  if (event === pingEvent)
    return { heard: "handshake", body: "pong", contentType: "text/plain; charset=utf-8" };
  if (event === undefined) return ignored("this is none of Bitbucket Data Center's own events");
  if (event.startsWith("repo:comment:"))
    return ignored("comments on a commit are not heard: ask in a pull request");
  if (event in commentChanges) return hearComment(readPart(event, DcEvent, body), event, ear);
  if (event === "pr:opened" || event === "pr:modified")
    return hearDescription(readPart(event, DcEvent, body), event === "pr:opened", ear);
  return ignored(`"${event}" events never ask for something`);
};

const locate = (event: DcEvent, ear: BitbucketEar) => {
  const { pullRequest } = event;
  const target = pullRequest.toRef.repository;
  const named = serverOf(pullRequest.links) ?? serverOf(target.links);
  const host = named?.host ?? ear.host ?? malformed(event.eventKey, "pullRequest.links");
  const repository = fullName(target);
  const page = serverOf(pullRequest.links)?.page ?? "";
  const base = named?.base ?? `https://${host}`;
  const place = bitbucketPlace({
    platform,
    host,
    repository,
    repositoryId: target.id ?? repository,
    id: pullRequest.id,
    url: /\/pull-requests\/\d+$/.test(page)
      ? page
      : `${repositoryPage(base, repository)}/pull-requests/${pullRequest.id}`,
    title: pullRequest.title,
    connection: ear.connection,
  });
  return { host, place, own: ear.own(host) };
};

/** Where in the code a comment stands is in no webhook: `thread` reads the comment back. */
const hearComment = (event: DcEvent, name: string, ear: BitbucketEar): Heard => {
  const { comment } = event;
  if (!comment) return malformed(name, "comment");
  const { host, place, own } = locate(event, ear);
  const change = commentChanges[name] ?? "new";
  const text = comment.text ?? "";
  // Only its author may change the text of a comment, but an administrator may delete it.
  const writer = userOf(comment.author ?? event.actor);
  return {
    heard: "mention",
    mention: {
      key: `${platform}:${host}:comment:${comment.id}`,
      place,
      author: authorOf({ platform, host }, writer, text, own),
      way: "comment",
      text: wordsOf(withHandle(text, own, host, ear.handle), change, ear.handle),
      at: isoTime(change === "new" ? comment.createdDate : (comment.updatedDate ?? event.date)),
      url: `${place.url}/overview?commentId=${comment.id}`,
      change,
      ...(change === "edited" && typeof event.previousComment === "string"
        ? { before: withHandle(event.previousComment, own, host, ear.handle) }
        : {}),
      description: event.pullRequest.description ?? "",
      reply: { comment: comment.id, asker: writer.id },
    },
  };
};

const hearDescription = (event: DcEvent, opened: boolean, ear: BitbucketEar): Heard => {
  const { pullRequest, previousDescription } = event;
  const { host, place, own } = locate(event, ear);
  const text = pullRequest.description ?? "";
  // Left out by Bitbucket when there was none; a new title or target branch leaves it as it is.
  const before = previousDescription ?? "";
  if (!opened && before === text) return ignored(`the description of ${place.label} is as it was`);
  const writer = userOf(event.actor);
  return {
    heard: "mention",
    mention: {
      key: `${platform}:${host}:description:${place.address["repositoryId"]}#${pullRequest.id}`,
      place,
      author: authorOf({ platform, host }, writer, text, own),
      way: "description",
      text: withHandle(text, own, host, ear.handle),
      at: isoTime(opened ? pullRequest.createdDate : event.date),
      url: place.url,
      change: opened ? "new" : "edited",
      ...(opened ? {} : { before: withHandle(before, own, host, ear.handle) }),
      description: text,
      reply: { asker: writer.id },
    },
  };
};
