import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type {
  GitLabDiscussion,
  GitLabIssuable,
  GitLabNote,
  GitLabProject,
} from "@ask-openhands/core/wire/gitlab-api.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts, Thread, ThreadEntry } from "@ask-openhands/core/work/thread.ts";
import { diffHunkAt } from "../diff-hunk.ts";
import type { OnBehalf, Permission } from "../platform.ts";
import { authorOf, type OwnAccount } from "./account.ts";
import type { GitLabApi } from "./api.ts";
import { attachmentsIn, uploadPath } from "./attachments.ts";
import { baseUrlOf, type Door, type Doors } from "./connect.ts";
import { type GitLabKind, placeOf } from "./place.ts";
import { spotOf } from "./spot.ts";

/** https://docs.gitlab.com/api/members/#roles */
const developer = 30;

const roles: readonly (readonly [number, string])[] = [
  [50, "Owner"],
  [40, "Maintainer"],
  [30, "Developer"],
  [20, "Reporter"],
  [15, "Planner"],
  [10, "Guest"],
  [5, "Minimal access"],
];

const roleName = (level: number): string => roles.find(([least]) => level >= least)?.[1] ?? "no role";

const isNotFound = (error: unknown): boolean => error instanceof Failure && error.kind === "not-found";

/** `undefined` for what is not there; every other trouble stays trouble. */
const ifFound = <T>(asking: Promise<T>): Promise<T | undefined> =>
  asking.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });

export const kindOf = (place: Place): GitLabKind => (place.kind === "issue" ? "issue" : "pull-request");

export interface Address {
  readonly kind: GitLabKind;
  readonly project: string;
  readonly iid: number;
}

/** What the calls about a place need. */
export function addressOf(place: Place): Address {
  const { project, iid } = place.address;
  if (!project || !iid)
    throw new Failure("bad-input", `${place.label} is no issue or merge request of GitLab.`);
  return { kind: kindOf(place), project, iid: Number(iid) };
}

/** Asked live, of the project the place is in. Developer or more: who may push. */
export async function mayAsk(doors: Doors, author: Author, place: Place): Promise<Permission> {
  if (author.platform !== "gitlab" || author.host !== place.host) {
    return { may: "after-linking", why: `We do not know yet which account of ${place.host} is yours.` };
  }
  const { api } = doors.at(place);
  const { project } = addressOf(place);
  const cure = "Ask a Maintainer of the project for the Developer role.";
  const member = await ifFound(api.member(project, author.id));
  if (member === undefined) {
    // GitLab says 404 both for "no member" and for "you may not see this project": only the second is our own trouble.
    await api.project(project);
    return { may: false, why: `You are not a member of ${place.repository ?? "this project"}.`, cure };
  }
  if (member.state && member.state !== "active")
    return { may: false, why: `Your account is ${member.state} on ${place.host}.` };
  if (member.access_level >= developer) return { may: true };
  const why = `You have the ${roleName(member.access_level)} role in ${place.repository ?? "this project"}; asking needs Developer or more.`;
  return { may: false, why, cure };
}

export const factsOf = (host: string, project: GitLabProject): RepositoryFacts => ({
  platform: "gitlab",
  host,
  name: project.path_with_namespace,
  url: project.web_url,
  cloneUrl: project.http_url_to_repo,
  ...(project.default_branch ? { defaultBranch: project.default_branch } : {}),
  ...(project.visibility ? { private: project.visibility !== "public" } : {}),
});

/** With the asker's own connections first, so that what they see decides. */
export async function findRepository(
  doors: Doors,
  host: string,
  name: string,
  onBehalf: OnBehalf,
): Promise<RepositoryFacts | undefined> {
  for (const { api } of doors.forHost(host, onBehalf)) {
    const found = await ifFound(api.project(name));
    if (found) return factsOf(host, found);
  }
  return undefined;
}

export async function searchRepositories(
  doors: Doors,
  host: string,
  query: string,
  onBehalf: OnBehalf,
): Promise<readonly RepositoryFacts[]> {
  const door = doors.forHost(host, onBehalf)[0];
  if (door === undefined) return [];
  const words = query.trim();
  const found = await door.api.projects(
    { minAccessLevel: developer, ...(words ? { search: words } : {}) },
    50,
  );
  return found.map((project) => factsOf(host, project));
}

export async function placeAt(doors: Doors, url: string, near?: Place): Promise<Place | undefined> {
  for (const { connection } of doors.workspace()) {
    const { host } = connection;
    const page = findPage("gitlab", url, host.slice(host.split("/")[0]?.length));
    if (page?.host !== host || !page.repository || !page.id) continue;
    if (page.kind !== "issue" && page.kind !== "pull-request" && page.kind !== "changes") return undefined;
    const kind = page.kind === "issue" ? "issue" : "pull-request";
    const door = near?.host === host ? doors.at(near) : doors.byId(connection.id);
    const found = await ifFound(door.api.issuable(kind, page.repository, Number(page.id)));
    return found && placeOfIssuable(door, kind, page.repository, found);
  }
  return undefined;
}

export const placeOfIssuable = (
  { connection }: Door,
  kind: GitLabKind,
  repository: string,
  found: GitLabIssuable,
): Place =>
  placeOf({
    host: connection.host,
    kind,
    project: found.project_id,
    repository,
    iid: found.iid,
    title: found.title,
    url: found.web_url,
    connection: connection.id,
    confidential: found.confidential === true,
  });

const isInternal = (note: GitLabNote): boolean => note.internal === true || note.confidential === true;

interface Reading {
  readonly host: string;
  readonly own: readonly OwnAccount[];
  readonly url: string;
}

const writerOf = ({ host, own }: Reading, note: Pick<GitLabNote, "author" | "body">): Author =>
  authorOf(host, note.author ?? { username: "ghost" }, undefined, note.body ?? "", own);

const entryOf = (reading: Reading, note: GitLabNote, near: boolean): ThreadEntry => {
  const spot = spotOf(note.position);
  return {
    author: writerOf(reading, note),
    at: note.created_at,
    text: note.body ?? "",
    url: `${reading.url}#note_${note.id}`,
    ...(spot ? { spot } : {}),
    ...(near ? { near } : {}),
  };
};

/** All comments but the mention's own. Internal ones only for an internal ask: the answer to an open one is read by everybody. */
function entriesOf(
  reading: Reading,
  discussions: readonly GitLabDiscussion[],
  mention: Mention,
): readonly ThreadEntry[] {
  const { note: ownNote, discussion: ownDiscussion, internal } = mention.reply;
  return discussions
    .flatMap(({ id, notes }) =>
      notes.map((note) => ({
        note,
        near: notes.length > 1 && (id === ownDiscussion || notes.some((one) => one.id === ownNote)),
      })),
    )
    .filter(
      ({ note }) => note.system !== true && note.id !== ownNote && (internal === "yes" || !isInternal(note)),
    )
    .sort((a, b) => a.note.created_at.localeCompare(b.note.created_at))
    .map(({ note, near }) => entryOf(reading, note, near));
}

/** The mention as an inline comment, with the diff that it was written on. */
async function inlinePart(
  api: GitLabApi,
  project: string,
  mention: Mention,
  note: GitLabNote | undefined,
): Promise<ThreadEntry | undefined> {
  const { spot } = mention;
  if (spot === undefined) return undefined;
  const { base_sha: from, head_sha: to } = note?.position ?? {};
  const compared = from && to && spot.line ? await ifFound(api.compare(project, from, to)) : undefined;
  const diff = compared?.diffs?.find((one) => one.new_path === spot.path || one.old_path === spot.path)?.diff;
  const diffHunk = diff && spot.line ? diffHunkAt(diff, spot.line, spot.side ?? "new") : undefined;
  return {
    author: mention.author,
    at: mention.at,
    text: mention.text,
    ...(mention.url ? { url: mention.url } : {}),
    spot: { ...spot, ...(diffHunk ? { diffHunk } : {}) },
  };
}

async function pullRequestOf(
  api: GitLabApi,
  place: Place,
  found: GitLabIssuable,
): Promise<Thread["pullRequest"]> {
  const { source_branch: sourceBranch, target_branch: targetBranch, source_project_id: source } = found;
  if (!sourceBranch || !targetBranch) return undefined;
  const fork = Boolean(source) && source !== found.project_id;
  // A fork that our token may not see still has its branch, only its name is unknown.
  const sourceRepository =
    fork && source ? (await ifFound(api.project(source)))?.path_with_namespace : place.repository;
  return {
    number: found.iid,
    sourceBranch,
    targetBranch,
    fork,
    ...(sourceRepository ? { sourceRepository } : {}),
  };
}

/** Everything about the place, read when the run begins. */
export async function readThread(doors: Doors, mention: Mention): Promise<Thread> {
  const { place } = mention;
  const door = doors.at(place);
  const { api } = door;
  const { kind, project, iid } = addressOf(place);
  const [found, discussions, repository, own] = await Promise.all([
    api.issuable(kind, project, iid),
    api.discussions(kind, project, iid),
    api.project(project),
    doors.own(place.host),
  ]);
  const reading: Reading = { host: place.host, own, url: place.url };
  const note = discussions.flatMap(({ notes }) => notes).find(({ id }) => id === mention.reply["note"]);
  const part = await inlinePart(api, project, mention, note);
  const pullRequest = kind === "pull-request" ? await pullRequestOf(api, place, found) : undefined;
  const description = found.description ?? "";
  const attachments = attachmentsIn(
    `${description}\n${mention.text}`,
    baseUrlOf(door.connection),
    repository.id,
  );
  return {
    title: found.title ?? place.label,
    ...(description
      ? {
          description: {
            author: writerOf(reading, { author: found.author, body: description }),
            text: description,
            at: found.created_at,
          },
        }
      : {}),
    ...(found.state ? { state: found.state } : {}),
    ...(found.labels ? { labels: found.labels } : {}),
    entries: entriesOf(reading, discussions, mention),
    ...(pullRequest ? { pullRequest } : {}),
    repository: factsOf(place.host, repository),
    ...(part ? { parts: [part] } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
  };
}

export async function readAttachment(
  doors: Doors,
  mention: Mention,
  url: string,
  limit: number,
): Promise<{ readonly type: string; readonly bytes: Uint8Array }> {
  const door = doors.at(mention.place);
  const path = uploadPath(url, baseUrlOf(door.connection));
  if (path === undefined)
    throw new Failure("bad-input", "This file was not uploaded to the GitLab project of the ask.");
  return door.api.http.bytes({ path, maxBytes: limit }).catch((error: unknown) => {
    const tooLarge = error instanceof Failure && error.kind === "unexpected-reply" && error.status === 200;
    throw tooLarge
      ? new Failure("bad-input", `This file is larger than the ${limit} bytes that we read.`, {
          cause: error,
        })
      : error;
  });
}
