import type { FakeReply, FakeRoute } from "../routes.ts";
import { type AtIssuable, atIssuable, inProject, notFound, onlyIf, paged } from "./access.ts";
import type { GitLabActs } from "./acts.ts";
import { diffShape, discussionShapes, issuableShape, noteShape, userShape } from "./shapes.ts";
import { type FakeKind, type FakeNote, type GitLabState, levelIn } from "./state.ts";

const read = ["api", "read_api"];
const write = ["api"];

/** Internal notes are for Reporters and more. */
const visible = (state: GitLabState, { one, user }: AtIssuable): readonly FakeNote[] =>
  one.notes.filter(({ internal }) => !internal || levelIn(state, one.project, user) >= 20);

const emojiReply = (emoji: FakeNote["emoji"], at: AtIssuable, name: unknown): FakeReply => {
  const taken = emoji.some((one) => one.name === name && one.user === at.user);
  if (taken)
    return { status: 404, json: { message: "404 Award Emoji Name has already been taken Not Found" } };
  emoji.push({ name: String(name), user: at.user });
  return { status: 201, json: { id: emoji.length, name } };
};

const routesOf = (
  state: GitLabState,
  acts: GitLabActs,
  kind: FakeKind,
  base: string,
): readonly FakeRoute[] => [
  ["GET", base, atIssuable(state, kind, read, (_, { one }) => ({ json: issuableShape(state, one) }))],
  [
    "GET",
    `${base}/notes`,
    atIssuable(state, kind, read, (request, at) => {
      const key = request.query.get("order_by") === "updated_at" ? "updatedAt" : "createdAt";
      const sorted = visible(state, at).toSorted((a, b) => a[key].localeCompare(b[key]));
      const ordered = request.query.get("sort") === "asc" ? sorted : sorted.toReversed();
      return paged(
        state,
        request,
        ordered.map((note) => noteShape(state, at.one, note)),
      );
    }),
  ],
  [
    "POST",
    `${base}/notes`,
    atIssuable(state, kind, write, (request, at) => {
      const note = acts.addNote(at.one, at.user, String(request.body["body"]), {
        internal: request.body["internal"] === true,
      });
      return { status: 201, json: noteShape(state, at.one, note) };
    }),
  ],
  [
    "PUT",
    `${base}/notes/:note`,
    atIssuable(state, kind, write, (request, at) => {
      const note = at.one.notes.find(({ id }) => String(id) === request.params["note"]);
      if (note === undefined) return notFound("Note");
      return onlyIf(note.author === at.user || levelIn(state, at.project, at.user) >= 40, () => {
        acts.editNote(at.one, note, at.user, String(request.body["body"]));
        return { json: noteShape(state, at.one, note) };
      });
    }),
  ],
  [
    "GET",
    `${base}/discussions`,
    atIssuable(state, kind, read, (request, at) =>
      paged(state, request, discussionShapes(state, at.one, visible(state, at))),
    ),
  ],
  [
    "POST",
    `${base}/discussions/:discussion/notes`,
    atIssuable(state, kind, write, (request, at) => {
      const root = at.one.notes.find(({ discussion }) => discussion === request.params["discussion"]);
      if (root === undefined) return notFound("Discussion");
      const note = acts.reply(at.one, root, at.user, String(request.body["body"]));
      return { status: 201, json: noteShape(state, at.one, note) };
    }),
  ],
  [
    "POST",
    `${base}/award_emoji`,
    atIssuable(state, kind, write, (request, at) => emojiReply(at.one.emoji, at, request.body["name"])),
  ],
  [
    "POST",
    `${base}/notes/:note/award_emoji`,
    atIssuable(state, kind, write, (request, at) => {
      const note = at.one.notes.find(({ id }) => String(id) === request.params["note"]);
      return note === undefined ? notFound("Note") : emojiReply(note.emoji, at, request.body["name"]);
    }),
  ],
  [
    "GET",
    `${base}/resource_label_events`,
    atIssuable(state, kind, read, (request, { one }) =>
      paged(
        state,
        request,
        one.labelEvents.map(({ id, user, createdAt, label, action }) => ({
          id,
          user: userShape(state, user),
          created_at: createdAt,
          resource_type: kind === "issue" ? "Issue" : "MergeRequest",
          resource_id: one.id,
          label: { id: 500, name: label },
          action,
        })),
      ),
    ),
  ],
];

/** Issues and merge requests, and everything said at them. */
export const talkRoutes = (state: GitLabState, acts: GitLabActs, api: string): readonly FakeRoute[] => {
  const list = (kind: FakeKind, path: string): FakeRoute => [
    "GET",
    path,
    inProject(state, read, (request, { project }) => {
      const since = request.query.get("updated_after") ?? "";
      const found = state.issuables.filter(
        (one) => one.kind === kind && one.project === project && one.updatedAt >= since,
      );
      return paged(
        state,
        request,
        found.map((one) => issuableShape(state, one)),
      );
    }),
  ];
  return [
    list("issue", `${api}/projects/:id/issues`),
    list("pull-request", `${api}/projects/:id/merge_requests`),
    ...routesOf(state, acts, "issue", `${api}/projects/:id/issues/:iid`),
    ...routesOf(state, acts, "pull-request", `${api}/projects/:id/merge_requests/:iid`),
    [
      "GET",
      `${api}/projects/:id/repository/compare`,
      inProject(state, read, (_, { project }) => {
        const notes = state.issuables.filter((one) => one.project === project).flatMap((one) => one.notes);
        const paths = new Set(notes.flatMap(({ position }) => (position ? [position.path] : [])));
        return { json: { diffs: [...paths].map(diffShape) } };
      }),
    ],
  ];
};
