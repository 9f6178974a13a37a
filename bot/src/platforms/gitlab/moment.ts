import { Failure } from "@ask-openhands/core/failure.ts";
import type { GitLabLabelEvent, GitLabNote } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Log } from "../../log.ts";
import type { GitLabApi } from "./api.ts";
import type { Doors } from "./connect.ts";
import { type Address, addressOf } from "./read.ts";

/** A delivery must be answered within seconds; after this the delivery's own name has to do. */
const patience = 3_000;

/** Events by which a label came, oldest first. Webhooks do not name them, but they are the same for every delivery, hook and poll that tells of them. */
export async function labelEvents(
  api: GitLabApi,
  { kind, project, iid }: Address,
  label: string,
): Promise<readonly GitLabLabelEvent[]> {
  const events = await api.labelEvents(kind, project, iid);
  return events.filter(
    ({ action, label: its }) => action === "add" && its?.name.toLowerCase() === label.toLowerCase(),
  );
}

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** GitLab notes "assigned to @a and @b and unassigned @c"; there are no events of assignments to ask for. */
export const isAssignmentTo = (note: GitLabNote, name: string): boolean =>
  note.system === true &&
  new RegExp(`^assigned to .*@${literal(name)}(?![\\w.-]*\\w)`, "i").test(
    (note.body ?? "").replace(/\bunassigned\b[\s\S]*$/i, ""),
  );

/** Notes of our assignments among the newest hundred comments, oldest first. */
export async function assignmentNotes(
  api: GitLabApi,
  { kind, project, iid }: Address,
  name: string,
): Promise<readonly GitLabNote[]> {
  const notes = await api.notes(kind, project, iid, "created_at", 1);
  return notes.filter((note) => isAssignmentTo(note, name)).toReversed();
}

async function momentOf(api: GitLabApi, mention: Mention): Promise<string | undefined> {
  const { label, assignee } = mention.reply;
  const address = addressOf(mention.place);
  const labelled = label ? await labelEvents(api, address, label) : [];
  const found = assignee ? await assignmentNotes(api, address, assignee) : labelled;
  // What an issue is opened with came first; what a change tells of came last.
  const one = mention.key.endsWith(":opened") ? found[0] : found.at(-1);
  return one && `event-${one.id}`;
}

/** Gives a label or an assignment the name of the moment it happened, so that the same moment is never heard twice and the next one always. */
export async function nameMoment(doors: Doors, heard: Heard, log: Log): Promise<Heard> {
  if (heard.heard !== "mention") return heard;
  const { mention } = heard;
  if (mention.way !== "label" && mention.way !== "assignment") return heard;
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
