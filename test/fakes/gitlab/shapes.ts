import {
  type FakeHook,
  type FakeIssuable,
  type FakeNote,
  type FakePosition,
  type FakeProject,
  type FakeUser,
  type GitLabState,
  levelIn,
  webUrl,
} from "./state.ts";

type Shape = Readonly<Record<string, unknown>>;

/** Answers of the REST API, as the recorded ones look; fields that nobody reads are left out. */

export const userShape = (state: GitLabState, user: FakeUser): Shape => ({
  id: user.id,
  username: user.username,
  name: user.name,
  state: user.state,
  bot: user.bot,
  web_url: `${state.base()}/${user.username}`,
});

export const projectShape = (state: GitLabState, project: FakeProject, viewer: FakeUser): Shape => ({
  id: project.id,
  name: project.path.split("/").at(-1),
  path_with_namespace: project.path,
  web_url: `${state.base()}/${project.path}`,
  http_url_to_repo: `${state.base()}/${project.path}.git`,
  default_branch: "main",
  visibility: project.visibility,
  archived: false,
  namespace: { kind: project.namespace.kind, full_path: project.namespace.path },
  permissions: {
    project_access:
      levelIn(state, project, viewer) > 0 ? { access_level: levelIn(state, project, viewer) } : null,
    group_access: null,
  },
});

export const issuableShape = (state: GitLabState, one: FakeIssuable): Shape => ({
  id: one.id,
  iid: one.iid,
  project_id: one.project.id,
  title: one.title,
  description: one.description,
  state: "opened",
  labels: one.labels,
  author: userShape(state, one.author),
  assignees: one.assignees.map((user) => userShape(state, user)),
  created_at: one.createdAt,
  updated_at: one.updatedAt,
  web_url: webUrl(state, one),
  ...(one.kind === "issue"
    ? { confidential: one.confidential }
    : {
        source_branch: "feature",
        target_branch: "main",
        source_project_id: one.sourceProject.id,
        target_project_id: one.project.id,
      }),
});

const sha = (digit: string): string => digit.repeat(40);

export const positionShape = ({ path, line }: FakePosition): Shape => ({
  base_sha: sha("b"),
  start_sha: sha("b"),
  head_sha: sha("a"),
  old_path: path,
  new_path: path,
  position_type: "text",
  old_line: null,
  new_line: line,
  line_range: null,
});

export const noteType = (note: FakeNote): string | null => {
  if (note.position) return "DiffNote";
  return note.thread ? "DiscussionNote" : null;
};

export const noteShape = (state: GitLabState, one: FakeIssuable, note: FakeNote): Shape => ({
  id: note.id,
  type: noteType(note),
  body: note.body,
  author: userShape(state, note.author),
  created_at: note.createdAt,
  updated_at: note.updatedAt,
  system: note.system,
  internal: note.internal,
  confidential: note.internal,
  noteable_id: one.id,
  noteable_iid: one.iid,
  noteable_type: one.kind === "issue" ? "Issue" : "MergeRequest",
  ...(note.position ? { position: positionShape(note.position) } : {}),
});

export const discussionShapes = (
  state: GitLabState,
  one: FakeIssuable,
  notes: readonly FakeNote[],
): readonly Shape[] =>
  [...new Set(notes.map(({ discussion }) => discussion))].map((id) => {
    const inside = notes.filter(({ discussion }) => discussion === id);
    return {
      id,
      individual_note: !inside.some(({ thread }) => thread),
      notes: inside.map((note) => noteShape(state, one, note)),
    };
  });

export const hookShape = (state: GitLabState, hook: FakeHook): Shape => {
  const { token, signing_token, ...visible } = hook.settings;
  return {
    ...visible,
    id: hook.id,
    url: hook.url,
    alert_status: hook.alertStatus,
    disabled_until: hook.disabledUntil ?? null,
    token_present: Boolean(token),
    ...(state.signs ? { signing_token_present: Boolean(signing_token) } : {}),
  };
};

/** A file that was added whole. */
export const diffShape = (path: string): Shape => {
  const lines = Array.from({ length: 60 }, (_, index) => `+line ${index + 1} of ${path}`);
  return { old_path: path, new_path: path, new_file: true, diff: `@@ -0,0 +1,60 @@\n${lines.join("\n")}\n` };
};
