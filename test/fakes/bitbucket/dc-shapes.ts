import type { Happening } from "./acts.ts";
import type { BitbucketState, FakeComment, FakeHook, FakePull, FakeRepository, FakeUser } from "./state.ts";

export const userShape = (user: FakeUser) => ({
  id: Number(user.id),
  name: user.name,
  slug: user.name,
  displayName: user.displayName,
  active: true,
  type: user.bot ? "SERVICE" : "NORMAL",
});

const pageOf = (state: BitbucketState, { name }: FakeRepository): string => {
  const [key = "", slug] = name.split("/");
  return key.startsWith("~")
    ? `${state.base}/users/${key.slice(1)}/repos/${slug}`
    : `${state.base}/projects/${key}/repos/${slug}`;
};

export const repositoryShape = (state: BitbucketState, repository: FakeRepository) => {
  const [key = "", slug] = repository.name.split("/");
  return {
    id: repository.id,
    slug,
    name: slug,
    scmId: "git",
    state: "AVAILABLE",
    public: false,
    project: { key, id: 7, name: key, type: key.startsWith("~") ? "PERSONAL" : "NORMAL" },
    links: {
      clone: [
        { name: "ssh", href: `ssh://git@bitbucket.example:7999/${repository.name}.git` },
        { name: "http", href: `${state.base}/scm/${repository.name.toLowerCase()}.git` },
      ],
      self: [{ href: `${pageOf(state, repository)}/browse` }],
    },
  };
};

export const pullUrl = (state: BitbucketState, pull: FakePull): string =>
  `${pageOf(state, pull.repository)}/pull-requests/${pull.id}`;

export const pullShape = (state: BitbucketState, pull: FakePull) => {
  const repository = repositoryShape(state, pull.repository);
  return {
    id: pull.id,
    version: pull.versions.length - 1,
    title: pull.title,
    // Left out when there is none.
    ...(pull.description === "" ? {} : { description: pull.description }),
    state: pull.state,
    open: pull.state === "OPEN",
    closed: pull.state !== "OPEN",
    createdDate: pull.created,
    updatedDate: pull.versions.at(-1)?.at,
    author: { user: userShape(pull.author), role: "AUTHOR", approved: false, status: "UNAPPROVED" },
    fromRef: { id: "refs/heads/feature", displayId: "feature", latestCommit: "a".repeat(40), repository },
    toRef: { id: "refs/heads/main", displayId: "main", latestCommit: "b".repeat(40), repository },
    reviewers: [],
    participants: [],
    links: { self: [{ href: pullUrl(state, pull) }] },
  };
};

const plain = (comment: FakeComment) => ({
  properties: { repositoryId: 7 },
  id: comment.id,
  version: comment.version,
  text: comment.text,
  author: userShape(comment.author),
  createdDate: comment.created,
  updatedDate: comment.updated,
  tasks: [],
});

const anchorOf = ({ spot }: FakeComment) =>
  spot && {
    path: spot.path,
    line: spot.line,
    lineType: "ADDED",
    fileType: "TO",
    diffType: "EFFECTIVE",
    orphaned: false,
  };

/** As REST gives it: with its replies, and where it stands. */
export const commentShape = (pull: FakePull, comment: FakeComment): Record<string, unknown> => {
  const anchor = anchorOf(comment);
  return {
    ...plain(comment),
    ...(anchor ? { anchor } : {}),
    comments: pull.comments
      .filter(({ parent, deleted }) => parent === comment && !deleted)
      .map((reply) => commentShape(pull, reply)),
  };
};

/** Newest first; an inline comment's place stands beside it, not in it. */
export const activityShapes = (pull: FakePull) =>
  pull.comments
    .filter(({ parent, deleted }) => parent === undefined && !deleted)
    .map((comment) => {
      const { anchor, ...rest } = commentShape(pull, comment);
      return {
        id: comment.id + 10_000,
        createdDate: comment.created,
        user: userShape(comment.author),
        action: "COMMENTED",
        commentAction: "ADDED",
        comment: rest,
        ...(anchor ? { commentAnchor: anchor } : {}),
      };
    })
    .toReversed();

export const hookShape = (hook: FakeHook) => ({
  id: Number(hook.id),
  name: "OpenHands Resolver",
  url: hook.url,
  active: hook.active,
  events: hook.events,
  configuration: { secret: hook.secret },
  scopeType: "repository",
  sslVerificationRequired: true,
});

/** The body of a delivery; comments carry neither their place nor their replies. */
export const dcBody = (state: BitbucketState, happening: Happening, eventKey: string) => {
  const { pull, by, comment, before } = happening;
  const parent = comment?.parent;
  return {
    eventKey,
    date: new Date().toISOString().replace(/\.\d+Z$/, "+0000"),
    actor: userShape(by),
    pullRequest: pullShape(state, pull),
    ...(comment ? { comment: { ...plain(comment), comments: [] } } : {}),
    ...(parent ? { commentParentId: parent.id } : {}),
    ...(happening.what === "edited" ? { previousComment: before?.text } : {}),
    ...(happening.what === "changed"
      ? { previousTitle: before?.title, ...(before?.text ? { previousDescription: before.text } : {}) }
      : {}),
  };
};

export const dcEvents = {
  opened: "pr:opened",
  changed: "pr:modified",
  commented: "pr:comment:added",
  edited: "pr:comment:edited",
  removed: "pr:comment:deleted",
} as const;
