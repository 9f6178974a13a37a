import type { Deliveries } from "../deliveries.ts";
import type { createEvents, GitLabEvent } from "./events.ts";
import {
  type FakeIssuable,
  type FakeKind,
  type FakeNote,
  type FakePosition,
  type FakeProject,
  type FakeUser,
  type GitLabState,
  newDiscussion,
} from "./state.ts";

export interface NewIssuable {
  readonly kind: FakeKind;
  readonly project: FakeProject;
  readonly title: string;
  readonly description: string;
  readonly labels?: readonly string[] | undefined;
  readonly assignees?: readonly FakeUser[] | undefined;
  readonly confidential?: boolean | undefined;
  readonly sourceProject?: FakeProject | undefined;
}

export type GitLabActs = ReturnType<typeof createActs>;

/** What can happen on a GitLab server, by a person in the browser or by a token; each makes the deliveries that it makes there. */
export const createActs = (
  state: GitLabState,
  events: ReturnType<typeof createEvents>,
  deliveries: Deliveries<GitLabEvent>,
) => {
  // Deliveries leave in the background there too: who acts does not wait for the bot.
  let sending: Promise<void> = Promise.resolve();
  const send = (told: readonly GitLabEvent[]): void => {
    sending = sending.then(() => deliveries.send(told));
  };

  const touch = (one: FakeIssuable): string => {
    one.updatedAt = state.now();
    return one.updatedAt;
  };

  const addNote = (
    one: FakeIssuable,
    author: FakeUser,
    body: string,
    more: {
      readonly internal?: boolean;
      readonly system?: boolean;
      readonly position?: FakePosition;
      readonly discussion?: string;
    } = {},
  ): FakeNote => {
    const at = touch(one);
    const note: FakeNote = {
      id: state.next(),
      body,
      author,
      system: more.system ?? false,
      internal: more.internal ?? false,
      discussion: more.discussion ?? newDiscussion(),
      thread: more.discussion !== undefined || more.position !== undefined,
      ...(more.position ? { position: more.position } : {}),
      createdAt: at,
      updatedAt: at,
      emoji: [],
    };
    one.notes.push(note);
    // GitLab sends no webhooks for what it notes itself.
    if (!note.system) send(events.note(one, note, author, "create"));
    return note;
  };

  const labelEventsFor = (one: FakeIssuable, user: FakeUser, before: readonly string[]): void => {
    const push = (label: string, action: "add" | "remove"): void =>
      void one.labelEvents.push({ id: state.next(), user, createdAt: one.updatedAt, label, action });
    for (const label of before) if (!one.labels.includes(label)) push(label, "remove");
    for (const label of one.labels) if (!before.includes(label)) push(label, "add");
  };

  return {
    addNote,
    settled: () => sending,

    open(by: FakeUser, what: NewIssuable): FakeIssuable {
      what.project.iid[what.kind] += 1;
      const at = state.now();
      const one: FakeIssuable = {
        id: state.next(),
        iid: what.project.iid[what.kind],
        kind: what.kind,
        project: what.project,
        title: what.title,
        description: what.description,
        author: by,
        confidential: what.confidential ?? false,
        labels: what.labels ?? [],
        assignees: what.assignees ?? [],
        createdAt: at,
        updatedAt: at,
        notes: [],
        labelEvents: [],
        emoji: [],
        sourceProject: what.sourceProject ?? what.project,
      };
      state.issuables.push(one);
      labelEventsFor(one, by, []);
      send(events.issuable(one, by, "open"));
      return one;
    },

    reply(one: FakeIssuable, to: FakeNote, by: FakeUser, body: string): FakeNote {
      // Answering a single comment makes it the first of a thread.
      to.thread = true;
      const { discussion, position, internal } = to;
      return addNote(one, by, body, { discussion, internal, ...(position ? { position } : {}) });
    },

    editNote(one: FakeIssuable, note: FakeNote, by: FakeUser, body: string): void {
      note.body = body;
      note.updatedAt = touch(one);
      send(events.note(one, note, by, "update"));
    },

    /** GitLab tells nobody. */
    removeNote(one: FakeIssuable, note: FakeNote): void {
      one.notes.splice(one.notes.indexOf(note), 1);
      touch(one);
    },

    setLabels(one: FakeIssuable, by: FakeUser, labels: readonly string[]): void {
      const before = one.labels;
      one.labels = labels;
      touch(one);
      labelEventsFor(one, by, before);
      const changes = {
        labels: { previous: events.labelBodies(before), current: events.labelBodies(labels) },
      };
      send(events.issuable(one, by, "update", changes));
    },

    assign(one: FakeIssuable, by: FakeUser, to: readonly FakeUser[]): void {
      const before = one.assignees;
      one.assignees = to;
      const added = to.filter((user) => !before.includes(user)).map(({ username }) => `@${username}`);
      const removed = before.filter((user) => !to.includes(user)).map(({ username }) => `@${username}`);
      const said = [
        added.length > 0 ? `assigned to ${added.join(" and ")}` : "",
        removed.length > 0 ? `unassigned ${removed.join(" and ")}` : "",
      ];
      addNote(one, by, said.filter(Boolean).join(" and "), { system: true });
      send(
        events.issuable(one, by, "update", {
          assignees: { previous: before.map(events.account), current: to.map(events.account) },
        }),
      );
    },

    /** Title or description. */
    change(
      one: FakeIssuable,
      by: FakeUser,
      change: { readonly title?: string; readonly description?: string },
    ): void {
      const before = { title: one.title, description: one.description, updated_at: one.updatedAt };
      one.title = change.title ?? one.title;
      one.description = change.description ?? one.description;
      const changes: Record<string, unknown> = {
        updated_at: { previous: before.updated_at, current: touch(one) },
      };
      if (change.title !== undefined) changes["title"] = { previous: before.title, current: one.title };
      if (change.description !== undefined) {
        changes["description"] = { previous: before.description, current: one.description };
        addNote(one, by, "changed the description", { system: true });
      }
      send(events.issuable(one, by, "update", changes));
    },
  };
};
