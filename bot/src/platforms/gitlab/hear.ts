import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { askingLabel } from "@ask-openhands/core/trigger/label-difference.ts";
import {
  type GitLabHookIssuable,
  type GitLabHookProject,
  type GitLabIssuableEvent,
  type GitLabNoteEvent,
  gitlabEnvelope,
  gitlabIssuableEvent,
  gitlabNoteEvent,
} from "@ask-openhands/core/wire/gitlab.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type * as z from "zod";
import type { Verified } from "../../intake.ts";
import type { Connections } from "../../people/connections.ts";
import {
  type Headers,
  mayVouch,
  signingKeys,
  verifyPlainToken,
  verifyStandardWebhook,
} from "../signature.ts";
import { authorOf, callsByName, isOwn, type OwnAccount } from "./account.ts";
import { type GitLabKind, hostOf, placeOf } from "./place.ts";
import { spotOf } from "./spot.ts";

/** What hearing needs besides the payload. Everything in it is in memory: hearing never asks the network. */
export interface Ear {
  /** Server of the connection whose secret the delivery carried; it wins over what the payload says. */
  readonly host?: string | undefined;
  readonly connection?: string | undefined;
  readonly labels: readonly string[];
  /** Word that calls us; a mention of our account by its own name is turned into it. */
  readonly handle: string;
  readonly own: readonly OwnAccount[];
  /** Name of this delivery that its retries share, for the events that have no number of their own. */
  readonly delivery?: string | undefined;
}

/**
 * With `webhook-signature` in the delivery, or with a signing token on the connection, only the signature counts; the plain token
 * never stands in for it. https://docs.gitlab.com/user/project/integrations/webhooks/#validate-payloads-by-using-a-signing-token
 */
export function verify(
  headers: Headers,
  bytes: Uint8Array,
  connections: Connections,
  among: readonly Connection[],
  now: number,
): Verified {
  const signing = signingKeys(connections, among, ["signingToken", "previousSigningToken"]);
  if (headers["webhook-signature"] !== undefined) return verifyStandardWebhook(headers, bytes, signing, now);
  const plain = among.filter((one) => mayVouch(one) && !connections.secret(one, "signingToken"));
  if (plain.length === 0 && signing.length > 0) {
    return {
      genuine: false,
      why: "this connection has a signing token, so a delivery without webhook-signature is not believed",
    };
  }
  return verifyPlainToken(headers["x-gitlab-token"], signingKeys(connections, plain));
}

/** Same for every attempt at one delivery. https://docs.gitlab.com/user/project/integrations/webhooks/#delivery-headers */
export const deliveryName = (headers: Headers): string | undefined =>
  (headers["idempotency-key"] ?? headers["webhook-id"] ?? headers["x-gitlab-event-uuid"])?.replace(
    /[^\w-]/g,
    "",
  );

const ignored = (why: string): Heard => ({ heard: "ignored", why });

function read<T>(event: string, schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const path = result.error.issues[0]?.path.join(".") || "payload";
  throw new Failure(
    "bad-input",
    `This is not a GitLab ${event} delivery: "${path}" is missing or has the wrong form.`,
  );
}

/** What a payload says. GitLab names the event in the body too (`object_kind`), so no header is needed. Throws `bad-input` when the body is not what it claims. */
export function hear(body: unknown, ear: Ear): Heard {
  const envelope = gitlabEnvelope.safeParse(body).data;
  const kind = envelope?.object_kind ?? undefined;
  if (kind === "note") return hearNote(read("note", gitlabNoteEvent, body), ear);
  if (kind === "issue" || kind === "merge_request")
    return hearIssuable(kind, read(kind, gitlabIssuableEvent, body), ear);
  if (kind === "work_item") return hearWorkItem(body, ear);
  const name = kind ?? envelope?.event_name;
  return ignored(name ? `"${name}" events never ask for something` : "this is none of GitLab's events");
}

/** Work items of a project are issues with another page. Those of a group (epics) have no repository. */
function hearWorkItem(body: unknown, ear: Ear): Heard {
  const ofProject = typeof body === "object" && body !== null && "project" in body && body.project !== null;
  if (!ofProject) return ignored("a work item of a group has no repository to work in");
  return hearIssuable("issue", read("work item", gitlabIssuableEvent, body), ear);
}

interface Subject {
  readonly kind: GitLabKind;
  readonly issuable: GitLabHookIssuable;
  readonly project: GitLabHookProject;
  readonly projectId?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly confidential?: boolean | undefined;
  readonly internal?: boolean | undefined;
}

function locate(subject: Subject, ear: Ear): { readonly host: string; readonly place: Mention["place"] } {
  const { project, issuable } = subject;
  const repository = project.path_with_namespace;
  const host = ear.host ?? hostOf(project.web_url, repository) ?? hostOf(subject.url, repository);
  if (host === undefined)
    throw new Failure("bad-input", 'This GitLab delivery names no server: "project.web_url" is missing.');
  const place = placeOf({
    host,
    kind: subject.kind,
    project:
      project.id ?? subject.projectId ?? issuable.target_project_id ?? issuable.project_id ?? repository,
    repository,
    iid: issuable.iid,
    title: issuable.title,
    url: subject.url,
    connection: ear.connection,
    confidential: subject.confidential,
    internal: subject.internal,
  });
  return { host, place };
}

function subjectOf(
  event: GitLabNoteEvent,
): { readonly kind: GitLabKind; readonly issuable: GitLabHookIssuable } | undefined {
  if (event.merge_request) return { kind: "pull-request", issuable: event.merge_request };
  const issue = event.issue ?? event.work_item;
  return issue ? { kind: "issue", issuable: issue } : undefined;
}

function hearNote(event: GitLabNoteEvent, ear: Ear): Heard {
  const note = event.object_attributes;
  if (note.system) return ignored("a system note: GitLab wrote it, not a person");
  const found = subjectOf(event);
  if (found === undefined)
    return ignored(`comments on a ${note.noteable_type} are not heard: ask in an issue or a merge request`);

  // The same event type tells of two things: comments of a confidential issue, and internal comments of an open one. Which of them where nothing says so? The one that fewer people read.
  const secret = event.event_type === "confidential_note";
  const internal =
    note.internal ?? (secret && (found.kind === "pull-request" || found.issuable.confidential !== true));
  const confidential = secret || internal || found.issuable.confidential === true;
  const projectId = event.project_id ?? note.project_id;
  const { host, place } = locate(
    { ...found, project: event.project, projectId, url: note.url, confidential, internal },
    ear,
  );
  const text = note.note ?? "";
  const spot = spotOf(note.position);
  const change = noteChange(note);
  return {
    heard: "mention",
    mention: {
      key: `gitlab:${host}:comment:${note.id}`,
      place,
      author: authorOf(host, event.user, note.author_id, text, ear.own),
      way: spot ? "inline" : "comment",
      text: callsByName(text, ear.own, ear.handle),
      at: toIso((change === "new" ? note.created_at : note.updated_at) ?? note.created_at),
      ...(note.url ? { url: note.url } : {}),
      change,
      ...(spot ? { spot } : {}),
      reply: {
        note: note.id,
        ...(note.discussion_id ? { discussion: note.discussion_id } : {}),
        ...(internal ? { internal: "yes" } : {}),
      },
    },
  };
}

/** Before GitLab 16 nothing but the times tells an edit; writing a comment takes GitLab a moment too. */
function noteChange(note: GitLabNoteEvent["object_attributes"]): Mention["change"] {
  if (note.action === "delete" || note.action === "destroy") return "deleted";
  if (note.action) return note.action === "create" ? "new" : "edited";
  const between = Date.parse(note.updated_at ?? "") - Date.parse(note.created_at ?? "");
  return between > 5_000 ? "edited" : "new";
}

function hearIssuable(event: "issue" | "merge_request", payload: GitLabIssuableEvent, ear: Ear): Heard {
  const issuable = payload.object_attributes;
  const kind = event === "issue" ? "issue" : "pull-request";
  const { host, place } = locate(
    {
      kind,
      issuable,
      project: payload.project,
      url: issuable.url,
      confidential: issuable.confidential === true,
    },
    ear,
  );
  const text = issuable.description ?? "";
  const common = {
    place,
    author: authorOf(host, payload.user, issuable.author_id, text, ear.own),
    text: callsByName(text, ear.own, ear.handle),
    ...(issuable.url ? { url: issuable.url } : {}),
    reply: {},
  };
  const subject = `${event}-${issuable.id}`;
  const opened = issuable.action === "open";
  const updatedAt = issuable.updated_at ?? payload.changes?.updated_at?.current;
  const before = opened ? [] : titles(payload.changes?.labels?.previous);
  const after = opened ? titles(issuable.labels ?? payload.labels) : titles(payload.changes?.labels?.current);
  const label = askingLabel(before, after, ear.labels);
  const moment = opened ? "opened" : (ear.delivery ?? String(Date.parse(updatedAt ?? "")));
  const at = toIso(opened ? issuable.created_at : updatedAt);

  if (label !== undefined) {
    const key = `gitlab:${host}:label:${subject}:${label.toLowerCase()}:${moment}`;
    return {
      heard: "mention",
      mention: { ...common, key, way: "label", at, change: "new", reply: { label } },
    };
  }
  const assigned = newlyAssigned(payload, opened, host, ear);
  if (assigned !== undefined) {
    const key = `gitlab:${host}:assignment:${subject}:${moment}`;
    return {
      heard: "mention",
      mention: {
        ...common,
        key,
        way: "assignment",
        at,
        change: "new",
        reply: { assignee: assigned },
      },
    };
  }
  const described = opened ? undefined : payload.changes?.description;
  if (!opened && !described)
    return ignored(`nothing in this ${issuable.action ?? "change"} of ${place.label} asks for something`);
  return {
    heard: "mention",
    mention: {
      ...common,
      key: `gitlab:${host}:description:${subject}`,
      way: "description",
      at,
      change: opened ? "new" : "edited",
      ...(described ? { before: callsByName(described.previous ?? "", ear.own, ear.handle) } : {}),
    },
  };
}

const titles = (labels: readonly { readonly title: string }[] | null | undefined): readonly string[] =>
  (labels ?? []).map(({ title }) => title);

/** Name of our account when it was not assigned before and is now. An account that a person shares with us is assigned to the person. */
function newlyAssigned(
  payload: GitLabIssuableEvent,
  opened: boolean,
  host: string,
  ear: Ear,
): string | undefined {
  const previous = opened ? [] : (payload.changes?.assignees?.previous ?? []);
  const current = opened ? (payload.assignees ?? []) : (payload.changes?.assignees?.current ?? []);
  return ear.own.find(
    (own) =>
      !own.shared &&
      current.some((one) => isOwn(host, one, own)) &&
      !previous.some((one) => isOwn(host, one, own)),
  )?.name;
}

/** GitLab writes `2017-12-10 17:05:56 UTC` in some events and ISO 8601 in others. */
function toIso(time: string | null | undefined): string {
  const at = new Date(time ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString();
}
