import type { GitLabDiscussion, GitLabIssuable, GitLabNote } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { Thread, ThreadEntry } from "@ask-openhands/core/work/thread.ts";
import { diffHunkAt } from "../diff-hunk.ts";
import { editedAt, isLater } from "../edited-at.ts";
import { authorOf, type OwnAccount } from "./account.ts";
import type { GitLabApi } from "./api.ts";
import { attachmentsIn } from "./attachments.ts";
import { baseUrlOf, type Doors } from "./connect.ts";
import { addressOf, factsOf, ifFound } from "./read.ts";
import { spotOf } from "./spot.ts";

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
    ...editedAt(note.created_at, note.updated_at),
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

/** What GitLab notes when a description was changed; a ticked box of its task list stands for any change made with it. */
const isDescriptionNote = ({ system, body }: GitLabNote): boolean =>
  system === true && /^(?:changed the description|marked the (?:task|checklist item) )/.test(body ?? "");

/** When the description was changed last: REST tells it only in the system notes. */
const descriptionChangedAt = (discussions: readonly GitLabDiscussion[]): string | undefined =>
  discussions
    .flatMap(({ notes }) => notes)
    .filter(isDescriptionNote)
    .map(({ created_at }) => created_at)
    .sort((one, other) => Date.parse(one) - Date.parse(other))
    .at(-1);

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
  const changedAt = descriptionChangedAt(discussions);
  const attachments = attachmentsIn(
    // Not those of a description that was changed since: the asker did not see them.
    `${isLater(changedAt, mention.at) ? "" : description}\n${mention.text}`,
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
            ...editedAt(found.created_at, changedAt),
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
