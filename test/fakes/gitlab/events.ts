import { createHmac, randomUUID } from "node:crypto";
import { noteType, positionShape } from "./shapes.ts";
import {
  type FakeHook,
  type FakeIssuable,
  type FakeNote,
  type FakeProject,
  type FakeUser,
  type GitLabState,
  webUrl,
} from "./state.ts";

export interface GitLabEvent {
  readonly hook: FakeHook;
  readonly name: string;
  readonly body: string;
}

interface Told {
  /** Flag of the hook that asks for it. */
  readonly flag: string;
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Webhooks write times like this, the REST API writes ISO 8601. */
const stamp = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

const account = (user: FakeUser) => ({
  id: user.id,
  name: user.name,
  username: user.username,
  avatar_url: null,
  email: "[REDACTED]",
});

const projectBody = (state: GitLabState, project: FakeProject) => ({
  id: project.id,
  name: project.path.split("/").at(-1),
  description: null,
  web_url: `${state.base()}/${project.path}`,
  git_http_url: `${state.base()}/${project.path}.git`,
  namespace: project.namespace.path,
  visibility_level: 0,
  path_with_namespace: project.path,
  default_branch: "main",
});

const labelBodies = (labels: readonly string[]) =>
  labels.map((title, index) => ({ id: 500 + index, title, color: "#7057ff", type: "ProjectLabel" }));

const issuableBody = (state: GitLabState, one: FakeIssuable) => ({
  id: one.id,
  iid: one.iid,
  title: one.title,
  description: one.description,
  author_id: one.author.id,
  assignee_ids: one.assignees.map(({ id }) => id),
  labels: labelBodies(one.labels),
  state: "opened",
  url: webUrl(state, one),
  created_at: stamp(one.createdAt),
  updated_at: stamp(one.updatedAt),
  ...(one.kind === "issue"
    ? { confidential: one.confidential, project_id: one.project.id }
    : {
        source_project_id: one.sourceProject.id,
        target_project_id: one.project.id,
        source_branch: "feature",
        target_branch: "main",
      }),
});

const tellIssuable = (
  state: GitLabState,
  one: FakeIssuable,
  by: FakeUser,
  action: string,
  changes: object,
): Told => {
  const kind = one.kind === "issue" ? "issue" : "merge_request";
  const confidential = one.confidential ? "confidential_" : "";
  return {
    flag: one.kind === "issue" ? `${confidential}issues_events` : "merge_requests_events",
    name:
      one.kind === "issue" ? `${one.confidential ? "Confidential " : ""}Issue Hook` : "Merge Request Hook",
    body: {
      object_kind: kind,
      event_type: `${confidential}${kind}`,
      user: account(by),
      project: projectBody(state, one.project),
      object_attributes: { ...issuableBody(state, one), action },
      labels: labelBodies(one.labels),
      changes,
      ...(one.assignees.length > 0 ? { assignees: one.assignees.map(account) } : {}),
    },
  };
};

const tellNote = (
  state: GitLabState,
  one: FakeIssuable,
  note: FakeNote,
  by: FakeUser,
  action: string,
): Told => {
  const secret = one.confidential || note.internal;
  return {
    flag: secret ? "confidential_note_events" : "note_events",
    name: secret ? "Confidential Note Hook" : "Note Hook",
    body: {
      object_kind: "note",
      event_type: secret ? "confidential_note" : "note",
      user: account(by),
      project_id: one.project.id,
      project: projectBody(state, one.project),
      object_attributes: {
        id: note.id,
        note: note.body,
        description: note.body,
        noteable_type: one.kind === "issue" ? "Issue" : "MergeRequest",
        noteable_id: one.id,
        author_id: note.author.id,
        project_id: one.project.id,
        system: note.system,
        internal: note.internal,
        type: noteType(note),
        discussion_id: note.discussion,
        position: note.position ? positionShape(note.position) : null,
        created_at: stamp(note.createdAt),
        updated_at: stamp(note.updatedAt),
        action,
        url: `${webUrl(state, one)}#note_${note.id}`,
      },
      [one.kind === "issue" ? "issue" : "merge_request"]: issuableBody(state, one),
    },
  };
};

/** For each hook that hears it; GitLab sends a group's hook and the project's own one both. */
export const createEvents = (state: GitLabState) => {
  const tell = (one: FakeIssuable, { flag, name, body }: Told): readonly GitLabEvent[] =>
    state.hooks
      .filter(({ owner }) => {
        if (owner.type === "project") return owner.id === one.project.id;
        return state.groups.some(
          ({ id, path }) => id === owner.id && one.project.path.startsWith(`${path}/`),
        );
      })
      .filter(({ settings, alertStatus }) => settings[flag] === true && alertStatus === "executable")
      .map((hook) => ({ hook, name, body: JSON.stringify(body) }));
  return {
    issuable: (
      one: FakeIssuable,
      by: FakeUser,
      action: string,
      changes: object = {},
    ): readonly GitLabEvent[] => tell(one, tellIssuable(state, one, by, action, changes)),
    note: (
      one: FakeIssuable,
      note: FakeNote,
      by: FakeUser,
      action: "create" | "update",
    ): readonly GitLabEvent[] => tell(one, tellNote(state, one, note, by, action)),
    labelBodies,
    account,
  };
};

/** `v1,<base64>` of Standard Webhooks. */
export const sign = (secret: string, id: string, seconds: string, body: string | Uint8Array): string =>
  `v1,${createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64"))
    .update(`${id}.${seconds}.`)
    .update(body)
    .digest("base64")}`;

/** Headers of a delivery as GitLab 18 sends them; the signature only where the hook has a signing token. */
export const headersOf = (
  { hook, name, body }: GitLabEvent,
  instance: string,
): Readonly<Record<string, string>> => {
  const id = randomUUID();
  const seconds = String(Math.floor(Date.now() / 1_000));
  const { token, signing_token: signing } = hook.settings;
  return {
    "content-type": "application/json",
    "user-agent": "GitLab/18.6.0",
    "x-gitlab-event": name,
    "x-gitlab-webhook-uuid": randomUUID(),
    "x-gitlab-instance": instance,
    "x-gitlab-event-uuid": randomUUID(),
    "idempotency-key": id,
    ...(typeof token === "string" ? { "x-gitlab-token": token } : {}),
    ...(typeof signing === "string"
      ? {
          "webhook-id": id,
          "webhook-timestamp": seconds,
          "webhook-signature": sign(signing, id, seconds, body),
        }
      : {}),
  };
};
