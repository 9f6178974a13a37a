import type { Comment, Hook, Issue, Repository, Review, State, TimelineEvent, User } from "./state.ts";

/** GitHub's JSON for what the state holds: the properties that clients use, under their real names. */
export function createShapes(state: State) {
  const web = (repository: Repository): string =>
    `${state.base}/${repository.owner.login}/${repository.name}`;
  const api = (repository: Repository): string =>
    `${state.base}/api/v3/repos/${repository.owner.login}/${repository.name}`;
  const page = (issue: Issue): string =>
    `${web(issue.repository)}/${issue.pull ? "pull" : "issues"}/${issue.number}`;

  const user = (one: User) => ({
    login: one.login,
    id: one.id,
    node_id: `U_${one.id}`,
    html_url: `${state.base}/${one.login}`,
    type: one.type,
    site_admin: false,
  });

  const repository = (one: Repository, viewer?: User) => {
    const role = viewer && one.roles.get(viewer.id);
    return {
      id: one.id,
      node_id: `R_${one.id}`,
      name: one.name,
      full_name: `${one.owner.login}/${one.name}`,
      private: one.private,
      owner: user(one.owner),
      html_url: web(one),
      url: api(one),
      clone_url: one.cloneUrl ?? `${web(one)}.git`,
      default_branch: "main",
      pushed_at: "2026-05-01T10:00:00Z",
      permissions: {
        admin: role === "admin",
        maintain: role === "admin" || role === "maintain",
        push: role === "admin" || role === "maintain" || role === "write",
        triage: role !== undefined && role !== "read",
        pull: true,
      },
    };
  };

  const label = (name: string) => ({ id: 1, node_id: "L_1", name, color: "ededed", default: false });

  const issue = (one: Issue) => ({
    id: one.id,
    node_id: `I_${one.id}`,
    number: one.number,
    title: one.title,
    body: one.body,
    state: "open",
    locked: false,
    user: user(one.user),
    labels: one.labels.map(label),
    assignees: one.assignees.map(user),
    html_url: page(one),
    url: `${api(one.repository)}/issues/${one.number}`,
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    ...(one.pull
      ? { pull_request: { url: `${api(one.repository)}/pulls/${one.number}`, html_url: page(one) } }
      : {}),
  });

  const pull = (one: Issue) => {
    const { pull_request: _, ...rest } = issue(one);
    const head = one.pull?.forkOf
      ? { ...repository(one.repository), id: 1, full_name: one.pull.forkOf }
      : repository(one.repository);
    return {
      ...rest,
      id: one.pull?.id,
      url: `${api(one.repository)}/pulls/${one.number}`,
      draft: false,
      head: {
        ref: one.pull?.head,
        sha: one.repository.branches.get(one.pull?.head ?? "") ?? "0".repeat(40),
        label: `${one.repository.owner.login}:${one.pull?.head}`,
        repo: head,
      },
      base: {
        ref: one.pull?.base,
        sha: one.repository.branches.get("main") ?? "",
        repo: repository(one.repository),
      },
    };
  };

  const common = (one: Comment) => ({
    id: one.id,
    body: one.body,
    user: user(one.user),
    created_at: one.createdAt,
    updated_at: one.updatedAt,
    performed_via_github_app: one.appId === undefined ? null : { id: one.appId, slug: state.app.slug },
  });

  const comment = (one: Comment) => ({
    ...common(one),
    node_id: `IC_${one.id}`,
    html_url: `${page(one.issue)}#issuecomment-${one.id}`,
    issue_url: `${api(one.issue.repository)}/issues/${one.issue.number}`,
  });

  const reviewComment = (one: Comment) => {
    const { performed_via_github_app: _, ...rest } = common(one);
    return {
      ...rest,
      node_id: `PRRC_${one.id}`,
      pull_request_review_id: one.inline?.review,
      path: one.inline?.path,
      line: one.inline?.line,
      original_line: one.inline?.line,
      start_line: null,
      side: "RIGHT",
      diff_hunk: one.inline?.hunk,
      commit_id: "0".repeat(40),
      html_url: `${page(one.issue)}#discussion_r${one.id}`,
      pull_request_url: `${api(one.issue.repository)}/pulls/${one.issue.number}`,
      ...(one.inline?.replyTo === undefined ? {} : { in_reply_to_id: one.inline.replyTo }),
    };
  };

  const review = (one: Review) => ({
    id: one.id,
    node_id: `PRR_${one.id}`,
    user: user(one.user),
    body: one.body === "" ? "" : one.body,
    state: "COMMENTED",
    html_url: `${page(one.issue)}#pullrequestreview-${one.id}`,
    pull_request_url: `${api(one.issue.repository)}/pulls/${one.issue.number}`,
    submitted_at: one.submittedAt,
    commit_id: "0".repeat(40),
  });

  const timelineEvent = (one: TimelineEvent) => ({
    id: one.id,
    node_id: `E_${one.id}`,
    event: one.event,
    // GitHub names as the actor of an assignment whom it went to; who did it is the assigner.
    actor: user(one.assignee ?? one.actor),
    created_at: one.at,
    issue: issue(one.issue),
    ...(one.label === undefined ? {} : { label: { name: one.label, color: "ededed" } }),
    ...(one.assignee === undefined ? {} : { assignee: user(one.assignee), assigner: user(one.actor) }),
  });

  const hook = (one: Hook) => ({
    type: "Repository",
    id: one.id,
    name: "web",
    active: one.active,
    events: one.events,
    config: { url: one.url, content_type: "json", insecure_ssl: "0", secret: "********" },
    last_response: one.last,
    created_at: "2026-05-01T10:00:00Z",
    updated_at: "2026-05-01T10:00:00Z",
  });

  return { user, repository, label, issue, pull, comment, reviewComment, review, timelineEvent, hook, page };
}

export type Shapes = ReturnType<typeof createShapes>;
