import type { GitLabIssuable, GitLabNote, GitLabProject } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Log } from "../../log.ts";
import type { PlatformDeps } from "../deps.ts";
import { createLooksApart, type LookApart } from "../looks-apart.ts";
import { isOwn } from "./account.ts";
import type { GitLabApi } from "./api.ts";
import type { Door, Doors } from "./connect.ts";
import { type Ear, hear } from "./hear.ts";
import { assignmentNotes, labelEvents } from "./moment.ts";
import type { GitLabKind } from "./place.ts";
import type { Address } from "./read.ts";

/** Reporter: who may read issues of a private project. */
const reporter = 20;
/** Projects looked at when the connection names none: those with the newest activity. */
const mostProjects = 100;
/** What `GitLabApi.changed` reads at once, those that changed longest ago first. */
const mostChanged = 1_000;
const kinds: readonly GitLabKind[] = ["issue", "pull-request"];
const objectKind: Readonly<Record<GitLabKind, string>> = { issue: "issue", "pull-request": "merge_request" };

interface Found {
  readonly api: GitLabApi;
  readonly ear: Ear;
  readonly address: Address;
  readonly project: GitLabProject;
  readonly issuable: GitLabIssuable;
  readonly since: number;
}

const isSince = (time: string, since: number): boolean => Date.parse(time) >= since;

const projectOf = ({ project }: Found) => ({
  id: project.id,
  path_with_namespace: project.path_with_namespace,
  web_url: project.web_url,
});

/** The delivery that a webhook would have sent of the issue, so that polling hears with the same ears. */
const issuableBody = (found: Found, user: unknown, attributes: object, rest: object): unknown => {
  const { issuable, address } = found;
  const object_attributes = { ...issuable, labels: undefined, url: issuable.web_url, ...attributes };
  return {
    object_kind: objectKind[address.kind],
    user,
    project: projectOf(found),
    object_attributes,
    ...rest,
  };
};

const noteBody = (found: Found, note: GitLabNote, discussion: string | undefined): unknown => {
  const { issuable, address } = found;
  const internal = note.internal === true || note.confidential === true;
  return {
    object_kind: "note",
    event_type: internal || issuable.confidential ? "confidential_note" : "note",
    user: note.author,
    project: projectOf(found),
    object_attributes: {
      ...note,
      note: note.body,
      noteable_type: address.kind,
      action: "create",
      internal,
      discussion_id: discussion,
      url: `${issuable.web_url}#note_${note.id}`,
    },
    [objectKind[address.kind]]: { ...issuable, url: issuable.web_url },
  };
};

/** New comments that call us. Edits are left to webhooks: a reaction or a resolved thread moves a comment's time as much as an edit does. */
async function* missedNotes(found: Found, calls: (text: string) => boolean): AsyncIterable<Heard> {
  const { api, address, since, ear } = found;
  const newest = await api.notes(address.kind, address.project, address.iid, "created_at", 5);
  const fresh = newest.filter(
    (note) =>
      note.system !== true && note.author && isSince(note.created_at, since) && calls(note.body ?? ""),
  );
  if (fresh.length === 0) return;
  const discussions = await api.discussions(address.kind, address.project, address.iid);
  for (const note of fresh.toReversed()) {
    const discussion = discussions.find(({ notes }) => notes.some(({ id }) => id === note.id));
    yield hear(noteBody(found, note, discussion?.id), ear);
  }
}

/** What an issue is born with gets its events within this time, in milliseconds. */
const birth = 2_000;

/** Opened with a text that asks; labelled or assigned, at its birth or since. */
async function* missedHappenings(found: Found): AsyncIterable<Heard> {
  const { api, ear, address, issuable, since } = found;
  const asking = issuable.labels?.find((label) =>
    ear.labels.some((one) => one.toLowerCase() === label.toLowerCase()),
  );
  const own = ear.own.find(
    (one) => !one.shared && issuable.assignees?.some((assignee) => isOwn(one.host, assignee, one)),
  );
  const event = asking === undefined ? undefined : (await labelEvents(api, address, asking)).at(-1);
  const note = own === undefined ? undefined : (await assignmentNotes(api, address, own.name)).at(-1);
  const born = issuable.created_at;
  const isBirth = (at: string | undefined): boolean =>
    at !== undefined && Date.parse(at) - Date.parse(born) <= birth;

  // A label or an assignment that it was opened with asks in the description's stead, as it does in a delivery.
  if (isSince(born, since) && issuable.author && !isBirth(event?.created_at) && !isBirth(note?.created_at)) {
    const labels = asking !== undefined && event === undefined ? [{ title: asking }] : [];
    const assignees = own !== undefined && note === undefined ? [{ id: own.id, username: own.name }] : [];
    yield hear(issuableBody(found, issuable.author, { action: "open", labels }, { assignees }), ear);
  }
  if (asking && event?.user && isSince(event.created_at, since)) {
    const changes = { labels: { previous: [], current: [{ title: asking }] } };
    yield hear(issuableBody(found, event.user, { action: "update" }, { changes }), {
      ...ear,
      delivery: `event-${event.id}`,
    });
  }
  if (own && note?.author && isSince(note.created_at, since)) {
    const changes = { assignees: { previous: [], current: [{ id: own.id, username: own.name }] } };
    yield hear(issuableBody(found, note.author, { action: "update" }, { changes }), {
      ...ear,
      delivery: `event-${note.id}`,
    });
  }
}

interface Looking {
  readonly look: LookApart;
  readonly since: number;
  readonly log: Log;
  reached(time: number): void;
}

/** The project and the kind are looked at by themselves: issues may be switched off, a merge request may be gone by now. */
async function* missedIn(
  { api, connection }: Door,
  ear: Ear,
  project: GitLabProject,
  kind: GitLabKind,
  calls: (text: string) => boolean,
  { look, since, log, reached }: Looking,
): AsyncIterable<Heard> {
  const where = { connection: connection.id, project: project.path_with_namespace, kind };
  async function* missedAt(found: Found): AsyncIterable<Heard> {
    yield* missedHappenings(found);
    yield* missedNotes(found, calls);
  }

  const changed = await api.changed(kind, project.id, new Date(since).toISOString());
  for (const issuable of changed) {
    const address: Address = { kind, project: project.id, iid: issuable.iid };
    const found: Found = { api, ear, project, issuable, since, address };
    yield* look.part({ ...where, number: issuable.iid }, missedAt(found));
  }
  const last = Date.parse(changed.at(-1)?.updated_at ?? "");
  if (changed.length < mostChanged || !(last > since)) return;
  log.warn({ ...where, changed: changed.length }, "more changed than one look takes");
  reached(last);
}

async function* missedBy(
  door: Door,
  ear: Ear,
  calls: (text: string) => boolean,
  looking: Looking,
): AsyncIterable<Heard> {
  const { connection, api } = door;
  const { look } = looking;
  async function* inProject(project: GitLabProject): AsyncIterable<Heard> {
    for (const kind of kinds) {
      const where = { connection: connection.id, project: project.path_with_namespace, kind };
      yield* look.part(where, missedIn(door, ear, project, kind, calls, looking));
    }
  }
  async function* inNamed(path: string): AsyncIterable<Heard> {
    yield* inProject(await api.project(path));
  }

  const named = (connection.settings["projects"] ?? "").split(",").map((one) => one.trim());
  const paths = named.filter(Boolean);
  for (const path of paths) yield* look.part({ connection: connection.id, project: path }, inNamed(path));
  if (paths.length > 0) return;
  for (const project of await api.projects({ minAccessLevel: reporter }, mostProjects))
    yield* inProject(project);
}

/** Over all connections of workspaces. Trouble with one is told only after the others were asked, so that it does not make them deaf. */
export const createMissed = (deps: PlatformDeps, doors: Doors) => {
  const { log } = deps;
  const beginLook = createLooksApart(log, "could not ask GitLab what was missed");

  async function* fromDoor(door: Door, looking: Looking): AsyncIterable<Heard> {
    const { id, host } = door.connection;
    const own = await doors.own(host);
    const handles = deps.handles(id);
    const words = [...handles, ...own.map(({ name }) => `@${name}`)].map((word) => word.toLowerCase());
    const ear: Ear = {
      host,
      connection: id,
      labels: deps.labels(id),
      handle: handles[0] ?? "@openhands",
      own,
    };
    const calls = (text: string): boolean => words.some((word) => text.toLowerCase().includes(word));
    yield* missedBy(door, ear, calls, looking);
  }

  return async function* missed(
    since: number,
    reached: (time: number) => void = () => undefined,
  ): AsyncIterable<Heard> {
    const look = beginLook();
    for (const door of doors.workspace()) {
      const where = { connection: door.connection.id };
      yield* look.connection(where, fromDoor(door, { look, since, reached, log }));
    }
    look.end();
  };
};
