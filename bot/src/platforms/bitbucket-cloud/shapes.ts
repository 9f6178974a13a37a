import type {
  CloudAccount,
  CloudComment,
  CloudPullRequest,
  CloudRepository,
} from "@ask-openhands/core/wire/bitbucket-cloud.ts";
import type { CodeSpot } from "@ask-openhands/core/work/mention.ts";
import type {
  BitbucketComment,
  BitbucketPullRequest,
  BitbucketRepository,
  BitbucketUser,
} from "../bitbucket-api.ts";
import { isoTime } from "../bitbucket-place.ts";
import { editedAt } from "../edited-at.ts";

/** Account ids are what mentions name; nicknames are free text that anybody may take, so nothing is decided by them. */
export const userOf = (account: CloudAccount | null | undefined): BitbucketUser | undefined => {
  const id = account?.uuid || account?.account_id || account?.username;
  if (!account || !id) return undefined;
  const displayName = account.display_name || account.nickname;
  return {
    id,
    name: account.account_id || account.username || id,
    ...(displayName ? { displayName } : {}),
    bot: account.type === "app_user",
  };
};

/** Accounts that were deleted leave no trace but their words. */
const nobody: BitbucketUser = { id: "deleted", name: "deleted", displayName: "Former user", bot: false };

export const idOfRepository = (repository: {
  readonly uuid?: string | null | undefined;
  readonly full_name?: string | null | undefined;
}): string => repository.uuid || repository.full_name || "";

type Links = CloudRepository["links"];

/** The browser address, if it looks like one of what it should show. */
export const webAddress = (links: Links, fits: RegExp): string | undefined => {
  const href = links?.html?.href;
  return href && URL.canParse(href) && /^https?:/.test(href) && fits.test(href) ? href : undefined;
};

export const descriptionOf = (pullRequest: Pick<CloudPullRequest, "description" | "summary">): string =>
  pullRequest.description ?? pullRequest.summary?.raw ?? "";

export const cloudSpot = (inline: CloudComment["inline"]): CodeSpot | undefined => {
  if (!inline) return undefined;
  const line = inline.to ?? inline.from ?? undefined;
  const start = inline.to ? inline.start_to : inline.start_from;
  return {
    path: inline.path,
    ...(line ? { line, side: inline.to ? "new" : "old" } : {}),
    ...(line && start && start < line ? { startLine: start } : {}),
  };
};

export const commentOf = (comment: CloudComment): BitbucketComment => {
  const spot = cloudSpot(comment.inline);
  const url = webAddress(comment.links, /#comment-\d+$/);
  return {
    id: comment.id,
    author: userOf(comment.user) ?? nobody,
    text: comment.content?.raw ?? "",
    at: isoTime(comment.created_on),
    ...editedAt(isoTime(comment.created_on), isoTime(comment.updated_on)),
    ...(comment.parent ? { parent: comment.parent.id } : {}),
    ...(spot ? { spot } : {}),
    ...(url ? { url } : {}),
  };
};

export const repositoryOf = (repository: CloudRepository): BitbucketRepository => {
  const name = repository.full_name;
  const url =
    webAddress(repository.links, /^https?:\/\/[^/]+\/[^/]+\/[^/]+$/) ?? `https://bitbucket.org/${name}`;
  return {
    id: idOfRepository(repository),
    name,
    url,
    cloneUrl: `${url}.git`,
    ...(repository.mainbranch?.name ? { defaultBranch: repository.mainbranch.name } : {}),
    ...(typeof repository.is_private === "boolean" ? { private: repository.is_private } : {}),
    ...(repository.parent?.full_name ? { forkOf: repository.parent.full_name } : {}),
  };
};

export const pullRequestOf = (pullRequest: CloudPullRequest, repository: string): BitbucketPullRequest => {
  const author = userOf(pullRequest.author);
  const { source, destination } = pullRequest;
  return {
    id: pullRequest.id,
    title: pullRequest.title ?? "",
    description: descriptionOf(pullRequest),
    ...(pullRequest.state ? { state: pullRequest.state.toLowerCase() } : {}),
    ...(author ? { author } : {}),
    at: isoTime(pullRequest.created_on),
    url:
      webAddress(pullRequest.links, /\/pull-requests\/\d+$/) ??
      `https://bitbucket.org/${repository}/pull-requests/${pullRequest.id}`,
    repository: destination?.repository?.full_name ?? repository,
    repositoryId: destination?.repository ? idOfRepository(destination.repository) : repository,
    sourceBranch: source?.branch?.name ?? "",
    ...(source?.repository?.full_name ? { sourceRepository: source.repository.full_name } : {}),
    targetBranch: destination?.branch?.name ?? "",
  };
};
