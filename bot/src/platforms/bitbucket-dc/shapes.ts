import type {
  DcAnchor,
  DcComment,
  DcPullRequest,
  DcRepository,
  DcUser,
} from "@ask-openhands/core/wire/bitbucket-dc.ts";
import type { CodeSpot } from "@ask-openhands/core/work/mention.ts";
import type {
  BitbucketComment,
  BitbucketPullRequest,
  BitbucketRepository,
  BitbucketUser,
} from "../bitbucket-api.ts";
import { isoTime } from "../bitbucket-place.ts";
import { editedAt } from "../edited-at.ts";

export const userOf = (user: DcUser): BitbucketUser => {
  const name = user.name || user.slug || user.id || "unknown";
  return {
    id: user.id || name,
    name,
    ...(user.displayName ? { displayName: user.displayName } : {}),
    bot: user.type === "SERVICE",
  };
};

const nobody: BitbucketUser = { id: "deleted", name: "deleted", displayName: "Former user", bot: false };

export const fullName = (repository: Pick<DcRepository, "slug" | "project">): string =>
  `${repository.project.key}/${repository.slug}`;

/** Personal projects have the key `~name` and the address `/users/name`. */
export const repositoryPage = (base: string, repository: string): string => {
  const [key = "", slug = ""] = repository.split("/");
  return key.startsWith("~")
    ? `${base}/users/${key.slice(1).toLowerCase()}/repos/${slug}`
    : `${base}/projects/${key}/repos/${slug}`;
};

type Links = DcRepository["links"];

/** Address and host (with context path) of a server, from a link to one of its pages. */
export const serverOf = (
  links: Links,
): { readonly base: string; readonly host: string; readonly page: string } | undefined => {
  for (const link of links?.self ?? []) {
    const href = link?.href;
    if (!href || !URL.canParse(href)) continue;
    const url = new URL(href);
    const context = /^(.*?)\/(?:projects|users)\/[^/]+\/repos\//.exec(url.pathname)?.[1];
    if (context === undefined || !/^https?:$/.test(url.protocol)) continue;
    return {
      base: `${url.origin}${context}`,
      host: `${url.host}${context}`.toLowerCase(),
      page: `${url.origin}${url.pathname}`,
    };
  }
  return undefined;
};

const httpClone = (links: Links): string | undefined =>
  (links?.clone ?? []).find((one) => one?.name === "http" || one?.name === "https")?.href ?? undefined;

export const repositoryOf = (base: string, repository: DcRepository): BitbucketRepository => {
  const name = fullName(repository);
  const clone = httpClone(repository.links);
  const url = clone && URL.canParse(clone) ? new URL(clone) : undefined;
  // Some releases put the reader's own login into the address.
  if (url) url.username = "";
  const ours = url?.origin === new URL(base).origin ? url.href : undefined;
  return {
    id: repository.id ?? name,
    name,
    url: repositoryPage(base, name),
    cloneUrl: ours ?? `${base}/scm/${name.toLowerCase()}.git`,
    ...(typeof repository.public === "boolean" ? { private: !repository.public } : {}),
    ...(repository.origin ? { forkOf: fullName(repository.origin) } : {}),
  };
};

const branchOf = (ref: Pick<DcPullRequest["toRef"], "displayId" | "id">): string =>
  ref.id?.startsWith("refs/heads/") ? ref.id.slice("refs/heads/".length) : (ref.displayId ?? "");

export const pullRequestOf = (base: string, pullRequest: DcPullRequest): BitbucketPullRequest => {
  const { fromRef, toRef, author } = pullRequest;
  const repository = fullName(toRef.repository);
  return {
    id: pullRequest.id,
    title: pullRequest.title ?? "",
    description: pullRequest.description ?? "",
    ...(pullRequest.state ? { state: pullRequest.state.toLowerCase() } : {}),
    ...(author?.user ? { author: userOf(author.user) } : {}),
    at: isoTime(pullRequest.createdDate),
    changedAt: isoTime(pullRequest.updatedDate),
    url: `${repositoryPage(base, repository)}/pull-requests/${pullRequest.id}`,
    repository,
    repositoryId: toRef.repository.id ?? repository,
    sourceBranch: fromRef ? branchOf(fromRef) : "",
    ...(fromRef?.repository ? { sourceRepository: fullName(fromRef.repository) } : {}),
    targetBranch: branchOf(toRef),
  };
};

export const dcSpot = (anchor: DcAnchor | null | undefined): CodeSpot | undefined => {
  if (!anchor?.path) return undefined;
  const side = anchor.fileType === "FROM" || anchor.lineType === "REMOVED" ? "old" : "new";
  return { path: anchor.path, ...(anchor.line ? { line: anchor.line, side } : {}) };
};

const one = (comment: DcComment, page: string, spot: CodeSpot | undefined, parent: string | undefined) => ({
  id: comment.id,
  author: comment.author ? userOf(comment.author) : nobody,
  text: comment.text ?? "",
  at: isoTime(comment.createdDate),
  ...editedAt(isoTime(comment.createdDate), isoTime(comment.updatedDate)),
  ...(parent === undefined ? {} : { parent }),
  ...(spot ? { spot } : {}),
  url: `${page}/overview?commentId=${comment.id}`,
  ...(typeof comment.version === "number" ? { version: comment.version } : {}),
});

/** A comment and all replies below it; replies stand where their thread stands. `page` is the pull request's address. */
export const flatten = (
  comment: DcComment,
  page: string,
  anchor: DcAnchor | null | undefined,
  parent?: string,
): readonly BitbucketComment[] => {
  const stands = comment.anchor ?? anchor;
  return [
    one(comment, page, dcSpot(stands), parent ?? comment.parent?.id),
    ...(comment.comments ?? []).flatMap((reply) => flatten(reply, page, stands, comment.id)),
  ];
};
