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

// First path parts that are never an account; from the routes GitHub itself serves.
const reserved = new Set(
  (
    "-about account advisories apps assets blog business codespaces collections contact copilot customer-stories dashboard discussions " +
    "edu enterprise enterprises events explore features gist gists github-copilot home import invitations issues join login logout " +
    "marketplace mcp mobile models new nonprofit notifications open-source organizations orgs partners pricing projects pulls raw " +
    "readme repos resources search security session sessions settings signup site sitemap solutions sponsors stafftools stars stories " +
    "team teams topics trending users watching why-github _view_fragments about"
  ).split(" "),
);

const changesTabs = new Set(["files", "changes"]);

const issue = (base: string, repository: string, id: string): FoundPage => ({
  kind: "issue",
  url: join(base, repository, "issues", id),
  label: `#${id}`,
  repository,
  id,
});

const pullRequest = (
  base: string,
  repository: string,
  id: string,
  tab: string | undefined,
  sha: string | undefined,
): FoundPage => ({
  kind: changesTabs.has(tab ?? "") || (tab === "commits" && sha !== undefined) ? "changes" : "pull-request",
  url: join(base, repository, "pull", id),
  label: `#${id}`,
  repository,
  id,
});

/** Project boards and the dashboard (`/issues/assigned`) name the issue in their side panel as `?issue=owner|repo|56`. */
const sidePanel = ({ base, query }: PageAddress): FoundPage | undefined => {
  const [owner, name, id] = (query.get("issue") ?? "").split("|");
  return owner && name && isNumber(id) ? issue(base, `${owner}/${name}`, id) : undefined;
};

const pipeline = (base: string, repository: string, id: string, rest: readonly string[]): FoundPage => ({
  kind: "pipeline",
  url: join(base, repository, "actions/runs", id),
  label: `run ${id}`,
  repository,
  id,
  job: rest[0] === "job" && isNumber(rest[1]) ? rest[1] : undefined,
});

const file = (
  base: string,
  repository: string,
  view: string,
  parts: readonly string[],
  hash: string,
): FoundPage | undefined => {
  if (parts.length < 2) return undefined;
  return {
    kind: "file",
    url: join(base, repository, view, ...parts),
    label: nameOf(parts.join("/")),
    repository,
    ...splitRef(parts),
    lines: linesOf(hash, /^L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?$/),
  };
};

export const findGitHubPage = (address: PageAddress): FoundPage | undefined => {
  const { base, hash } = address;
  const [owner, name, section, first, ...rest] = segmentsOf(address.path);
  if (section === "projects" || owner === "issues") return sidePanel(address);
  if (owner === undefined || name === undefined || reserved.has(owner.toLowerCase())) return undefined;
  const repository = `${owner}/${name}`;
  const home: FoundPage = { kind: "repository", url: join(base, repository), label: repository, repository };
  if (section === undefined) return home;
  if (section === "issues" && isNumber(first) && rest.length === 0) return issue(base, repository, first);
  if (section === "pull" && isNumber(first)) return pullRequest(base, repository, first, rest[0], rest[1]);
  if (section === "tree" && first !== undefined) return { ...home, refAndPath: [first, ...rest].join("/") };
  if (section === "blob" || section === "blame")
    return file(base, repository, "blob", first === undefined ? [] : [first, ...rest], hash);
  if (section === "actions" && first === "runs" && isNumber(rest[0]))
    return pipeline(base, repository, rest[0], rest.slice(1));
  return undefined;
};
