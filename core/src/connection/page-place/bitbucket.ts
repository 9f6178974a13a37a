import {
  type FoundPage,
  isNumber,
  join,
  linesOf,
  nameOf,
  type PageAddress,
  segmentsOf,
  splitRef,
} from "./page-address.ts";

const reserved = new Set(
  "account api blog code dashboard features gateway login product repo site snippets socialauth support workspaces xhr !api".split(
    " ",
  ),
);

const pullRequest = (url: string, repository: string, id: string, tab: string | undefined): FoundPage => ({
  kind: tab === "diff" ? "changes" : "pull-request",
  url: join(url, "pull-requests", id),
  label: `#${id}`,
  repository,
  id,
});

const cloudFile = (url: string, repository: string, parts: readonly string[], hash: string): FoundPage => {
  const home: FoundPage = { kind: "repository", url, label: repository, repository };
  if (parts.length < 2) return { ...home, refAndPath: parts[0] };
  return {
    kind: "file",
    url: join(url, "src", ...parts),
    label: nameOf(parts.join("/")),
    repository,
    ...splitRef(parts),
    lines: linesOf(hash, /^lines-(\d+)(?::(\d+))?/),
  };
};

const pipelineId = (
  section: string | undefined,
  rest: readonly string[],
  hash: string,
): string | undefined => {
  if (section === "pipelines" && rest[0] === "results") return rest[1];
  if (section === "addon" && rest[0] === "pipelines") return /^!\/results\/(\d+)/.exec(hash)?.[1];
  return undefined;
};

export const findBitbucketCloudPage = ({ base, path, hash }: PageAddress): FoundPage | undefined => {
  const parts = segmentsOf(path);
  const [workspace, name, ...others] = parts;
  if (
    workspace === undefined ||
    name === undefined ||
    reserved.has(workspace.toLowerCase()) ||
    name === "workspace"
  )
    return undefined;
  // Some pull request addresses carry the project's key between workspace and repository.
  const withProject = parts[3] === "pull-requests" && isNumber(parts[4]);
  const repository = withProject ? `${workspace}/${parts[2]}` : `${workspace}/${name}`;
  const [section, first, ...rest] = withProject ? parts.slice(3) : others;
  const url = join(base, repository);
  if (section === undefined || (section === "overview" && first === undefined))
    return { kind: "repository", url, label: repository, repository };
  if (section === "pull-requests" && isNumber(first)) return pullRequest(url, repository, first, rest[0]);
  if (section === "issues" && isNumber(first))
    return { kind: "issue", url: join(url, "issues", first), label: `#${first}`, repository, id: first };
  if (section === "src") return cloudFile(url, repository, first === undefined ? [] : [first, ...rest], hash);
  const id = pipelineId(section, first === undefined ? [] : [first, ...rest], hash);
  return isNumber(id)
    ? { kind: "pipeline", url: join(url, "pipelines/results", id), label: `pipeline ${id}`, repository, id }
    : undefined;
};

const shortRef = (ref: string | null): string | undefined =>
  ref?.replace(/^refs\/(?:heads|tags)\//, "") || undefined;

/** A personal repository is `/users/name/repos/slug`; its project key is `~name`. */
export const findBitbucketDataCenterPage = ({
  base,
  path,
  query,
  hash,
}: PageAddress): FoundPage | undefined => {
  const [area, owner, word, slug, section, first, ...rest] = segmentsOf(path);
  if (
    (area !== "projects" && area !== "users") ||
    word !== "repos" ||
    owner === undefined ||
    slug === undefined
  )
    return undefined;
  const repository = `${area === "users" ? "~" : ""}${owner}/${slug}`;
  const url = join(base, area, owner, "repos", slug);
  const ref = shortRef(query.get("at"));
  const home: FoundPage = { kind: "repository", url, label: repository, repository, ref };
  if (section === undefined) return home;
  if (section === "pull-requests" && isNumber(first)) return pullRequest(url, repository, first, rest[0]);
  // Builds of a branch, as CI servers report them; those of a pull request are a tab of it.
  if (section === "builds" && first === undefined)
    return { kind: "pipeline", url: join(url, "builds"), label: `builds of ${slug}`, repository, ref };
  if (section !== "browse") return undefined;
  if (first === undefined) return home;
  const file = [first, ...rest].join("/");
  return {
    kind: "file",
    url: join(url, "browse", file),
    label: nameOf(file),
    repository,
    ref,
    path: file,
    lines: linesOf(hash, /^(\d+)(?:-(\d+))?$/),
  };
};
