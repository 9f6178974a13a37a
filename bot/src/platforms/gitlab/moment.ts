import { Failure } from "@ask-openhands/core/failure.ts";
import type { GitLabNote } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Log } from "../../log.ts";
import type { GitLabApi } from "./api.ts";
import type { Doors } from "./connect.ts";
import { type Address, addressOf } from "./read.ts";

/** Labels and assignees that an issue is born with get their events within this time, in milliseconds. */
const birth = 10_000;
/** A delivery must be answered within seconds; after this the delivery's own name has to do. */
const patience = 3_000;

export const isBirth = (at: string, born: string | undefined): boolean =>
  born !== undefined && Math.abs(Date.parse(at) - Date.parse(born)) <= birth;

/** The event by which a label came, newest first. Webhooks do not name it, but it is the same for every delivery, hook and poll that tells of it. */
export async function labelEvent(
  api: GitLabApi,
  { kind, project, iid }: Address,
  label: string,
  by?: string,
) {
  const events = await api.labelEvents(kind, project, iid);
  return events.findLast(
    ({ action, label: its, user }) =>
      action === "add" &&
      its?.name.toLowerCase() === label.toLowerCase() &&
      (by === undefined || user?.id === by),
  );
}

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** GitLab notes "assigned to @a and @b and unassigned @c"; there are no events of assignments to ask for. */
export const isAssignmentTo = (note: GitLabNote, name: string): boolean =>
  note.system === true &&
  new RegExp(`^assigned to .*@${literal(name)}(?![\\w.-]*\\w)`, "i").test(
    (note.body ?? "").replace(/\bunassigned\b[\s\S]*$/i, ""),
  );

export async function assignmentNote(
  api: GitLabApi,
  { kind, project, iid }: Address,
  name: string,
  by?: string,
): Promise<GitLabNote | undefined> {
  const notes = await api.notes(kind, project, iid, "created_at", 1);
  return notes.find((note) => isAssignmentTo(note, name) && (by === undefined || note.author?.id === by));
}

async function momentOf(api: GitLabApi, mention: Mention): Promise<string | undefined> {
  const { label, assignee, born } = mention.reply;
  const address = addressOf(mention.place);
  const by = mention.author.id;
  const event = label ? await labelEvent(api, address, label, by) : undefined;
  const found = assignee ? await assignmentNote(api, address, assignee, by) : event;
  if (found === undefined) return undefined;
  return isBirth(found.created_at, born) ? "opened" : `event-${found.id}`;
}

/** Gives a label or an assignment the name of the moment it happened, so that the same moment is never heard twice and the next one always. */
export async function nameMoment(doors: Doors, heard: Heard, log: Log): Promise<Heard> {
  if (heard.heard !== "mention") return heard;
  const { mention } = heard;
  if ((mention.way !== "label" && mention.way !== "assignment") || mention.key.endsWith(":opened"))
    return heard;
  const late = new Promise<undefined>((done) => setTimeout(done, patience, undefined).unref());
  const asking = Promise.resolve().then(() => momentOf(doors.at(mention.place).api, mention));
  const moment = await Promise.race([asking, late]).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    log.info({ mention: mention.key, error: error.hint }, "could not ask GitLab when this happened");
    return undefined;
  });
  if (moment === undefined) return heard;
  const key = `${mention.key.slice(0, mention.key.lastIndexOf(":") + 1)}${moment}`;
  return { heard: "mention", mention: { ...mention, key } };
}
