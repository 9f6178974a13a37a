import type { Happening } from "./acts.ts";
import type { BitbucketState, FakeComment, FakeHook, FakePull, FakeRepository, FakeUser } from "./state.ts";

/** Microseconds and a zone with a colon, as Bitbucket Cloud writes times. */
export const cloudTime = (time: number): string => new Date(time).toISOString().replace("Z", "000+00:00");

export const userShape = (user: FakeUser) => ({
  type: user.bot ? "app_user" : "user",
  uuid: user.id,
  account_id: user.name,
  nickname: user.displayName.split(" ")[0],
  display_name: user.displayName,
});

export const uuidOf = (number: number): string =>
  `{00000000-0000-4000-8000-${String(number).padStart(12, "0")}}`;

export const repositoryShape = (state: BitbucketState, repository: FakeRepository) => ({
  type: "repository",
  uuid: uuidOf(repository.id),
  full_name: repository.name,
  name: repository.name.split("/")[1],
  is_private: true,
  mainbranch: { type: "branch", name: "main" },
  links: { html: { href: `${state.base}/${repository.name}` } },
});

export const pullUrl = (state: BitbucketState, pull: FakePull): string =>
  `${state.base}/${pull.repository.name}/pull-requests/${pull.id}`;

export const pullShape = (state: BitbucketState, pull: FakePull) => {
  const { type, uuid, full_name, name, links } = repositoryShape(state, pull.repository);
  const repository = { type, uuid, full_name, name, links };
  return {
    type: "pullrequest",
    id: pull.id,
    title: pull.title,
    description: pull.description,
    summary: { type: "rendered", raw: pull.description, markup: "markdown" },
    state: pull.state,
    author: userShape(pull.author),
    source: { branch: { name: "feature" }, commit: { hash: "aaaaaaaaaaaa" }, repository },
    destination: { branch: { name: "main" }, commit: { hash: "bbbbbbbbbbbb" }, repository },
    created_on: cloudTime(pull.created),
    updated_on: cloudTime(pull.updated),
    links: { html: { href: pullUrl(state, pull) } },
  };
};

export const commentShape = (state: BitbucketState, pull: FakePull, comment: FakeComment) => ({
  type: "pullrequest_comment",
  id: comment.id,
  content: { type: "rendered", raw: comment.deleted ? "" : comment.text, markup: "markdown" },
  user: userShape(comment.author),
  deleted: comment.deleted,
  created_on: cloudTime(comment.created),
  updated_on: cloudTime(comment.updated),
  ...(comment.parent ? { parent: { id: comment.parent.id } } : {}),
  ...(comment.spot ? { inline: { path: comment.spot.path, from: null, to: comment.spot.line } } : {}),
  links: { html: { href: `${pullUrl(state, pull)}/_/diff#comment-${comment.id}` } },
});

export const hookShape = (hook: FakeHook) => ({
  type: "webhook_subscription",
  uuid: hook.id,
  url: hook.url,
  description: "OpenHands Resolver",
  active: hook.active,
  events: hook.events,
  secret_set: hook.secret !== "",
  history_enabled: false,
});

/** Every change of a pull request, newest first. */
export const activityShapes = (pull: FakePull) =>
  pull.versions.toReversed().map(({ text, at, by }) => ({
    pull_request: { type: "pullrequest", id: pull.id, title: pull.title },
    update: {
      state: pull.state,
      title: pull.title,
      description: text,
      date: cloudTime(at),
      author: userShape(by),
    },
  }));

/** The body of a delivery: everything as it is now, nothing of how it was. */
export const cloudBody = (state: BitbucketState, { pull, by, comment }: Happening) => ({
  actor: userShape(by),
  repository: repositoryShape(state, pull.repository),
  pullrequest: pullShape(state, pull),
  ...(comment ? { comment: commentShape(state, pull, comment) } : {}),
});

export const cloudEvents = {
  opened: "pullrequest:created",
  changed: "pullrequest:updated",
  commented: "pullrequest:comment_created",
  edited: "pullrequest:comment_updated",
  removed: "pullrequest:comment_deleted",
} as const;
