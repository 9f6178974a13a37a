import { Failure } from "@ask-openhands/core/failure.ts";
import { findMarker, toGfm } from "@ask-openhands/core/render/to-gfm.ts";
import type { GitLabNote } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { PostRef } from "@ask-openhands/core/work/run.ts";
import type { PostOptions } from "../platform.ts";
import type { Doors } from "./connect.ts";
import { addressOf } from "./read.ts";

/** GitLab refuses longer notes ("Note is too long (maximum is 1000000 characters)"). */
export const bodyLimit = 1_000_000;

/** Pages of a hundred comments that are looked through for a post of ours, newest first. */
const pagesToSearch = 20;

/** https://docs.gitlab.com/user/emoji_reactions/ */
const emoji = { seen: "eyes", done: "white_check_mark", failed: "x" } as const;

const render = (message: Message): string =>
  toGfm(message, { htmlComments: true, details: true, taskLists: true, limit: bodyLimit });

const refOf = (place: Place, note: GitLabNote): PostRef => ({
  id: note.id,
  url: `${place.url}#note_${note.id}`,
});

/**
 * Ours only: the marker could be copied, the account could not. Looks among all comments of the place, those in discussions included.
 * Throws like every call when GitLab does not answer: "not found" must never mean "could not look".
 */
export async function findPost(doors: Doors, place: Place, marker: string): Promise<PostRef | undefined> {
  const door = doors.at(place);
  const { kind, project, iid } = addressOf(place);
  const [own, notes] = await Promise.all([
    doors.account(door),
    door.api.notes(kind, project, iid, "created_at", pagesToSearch),
  ]);
  const found = notes.find((note) => note.author?.id === own.id && findMarker(note.body ?? "") === marker);
  return found && refOf(place, found);
}

/** In the discussion that asked, if the ask stands in one; an internal ask is answered internally. */
export async function post(
  doors: Doors,
  place: Place,
  message: Message,
  options: PostOptions,
): Promise<PostRef> {
  const { api } = doors.at(place);
  const { kind, project, iid } = addressOf(place);
  const { discussion, internal } = options.reply;
  const body = render(message);
  if (discussion) {
    // A reply is internal when its discussion is: GitLab takes that from the first comment.
    const replied = await api.replyTo(kind, project, iid, discussion, body).catch((error: unknown) => {
      if (error instanceof Failure && error.kind === "not-found") return undefined;
      throw error;
    });
    if (replied) return refOf(place, replied);
    // Somebody deleted the discussion; the answer then stands by itself.
  }
  return refOf(place, await api.addNote(kind, project, iid, body, internal === "yes"));
}

export async function editPost(doors: Doors, place: Place, ref: PostRef, message: Message): Promise<PostRef> {
  const { kind, project, iid } = addressOf(place);
  return refOf(place, await doors.at(place).api.editNote(kind, project, iid, ref.id, render(message)));
}

export async function react(doors: Doors, mention: Mention, feeling: keyof typeof emoji): Promise<void> {
  const { kind, project, iid } = addressOf(mention.place);
  await doors
    .at(mention.place)
    .api.award(kind, project, iid, mention.reply["note"], emoji[feeling])
    .catch((error: unknown) => {
      // "Award Emoji Name has already been taken", with 404: it is there, which is what we want. A comment that is gone needs no reaction.
      if (!(error instanceof Failure) || error.kind !== "not-found") throw error;
    });
}
