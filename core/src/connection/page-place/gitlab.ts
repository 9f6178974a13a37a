import {
  decode,
  type FoundPage,
  isNumber,
  join,
  linesOf,
  nameOf,
  type PageAddress,
  segmentsOf,
  splitRef,
} from "./page-address.ts";

// First path parts that are never a group or a person; from GitLab's own list of reserved names.
const reserved = new Set(
  (
    "- .well-known 404.html 422.html 500.html 502.html 503.html admin api apple-touch-icon.png assets autocomplete dashboard deploy.html " +
    "explore favicon.ico files groups health_check help import invites jwt login oauth profile projects public robots.txt s search " +
    "sitemap slash-command-logo.png snippets unsubscribes uploads user users v2"
  ).split(" "),
);

const sections = new Set([
  "issues",
  "work_items",
  "merge_requests",
  "tree",
  "blob",
  "blame",
  "pipelines",
  "jobs",
]);

const issue = (base: string, repository: string, id: string, section: string): FoundPage => ({
  kind: "issue",
  url: join(base, repository, "-", section, id),
  label: `#${id}`,
  repository,
  id,
});

/** Boards and lists open an item in a drawer and name it as base64 JSON: `?show={"iid":"3","full_path":"group/project","id":7}`. */
const drawer = ({ base, query }: PageAddress): FoundPage | undefined => {
  const text = query.get("show");
  if (text === null) return undefined;
  try {
    const shown: unknown = JSON.parse(atob(text));
    if (typeof shown !== "object" || shown === null || !("iid" in shown) || !("full_path" in shown))
      return undefined;
    const iid = String(shown.iid);
    return typeof shown.full_path === "string" && isNumber(iid)
      ? issue(base, shown.full_path, iid, "work_items")
      : undefined;
  } catch {
    return undefined;
  }
};

/** Project and page: split at `/-/`, or, as up to GitLab 12, at the first word that names a page. */
const split = (path: string): { readonly project: readonly string[]; readonly page: readonly string[] } => {
  const cut = path.indexOf("/-/");
  if (cut !== -1) return { project: segmentsOf(path.slice(0, cut)), page: segmentsOf(path.slice(cut + 3)) };
  const parts = segmentsOf(path);
  const at = parts.findIndex((part, index) => index >= 2 && sections.has(part) && parts.length > index + 1);
  return at === -1 ? { project: parts, page: [] } : { project: parts.slice(0, at), page: parts.slice(at) };
};

const numbered = (
  base: string,
  repository: string,
  section: string,
  rest: readonly string[],
): FoundPage | undefined => {
  const id = rest[0] === "incident" ? rest[1] : rest[0];
  if (!isNumber(id)) return undefined;
  if (section === "issues" || section === "work_items") return issue(base, repository, id, section);
  if (section === "merge_requests") {
    return {
      kind: rest[1] === "diffs" ? "changes" : "pull-request",
      url: join(base, repository, "-/merge_requests", id),
      label: `!${id}`,
      repository,
      id,
    };
  }
  if (section !== "pipelines" && section !== "jobs") return undefined;
  const word = section === "jobs" ? "job" : "pipeline";
  return {
    kind: "pipeline",
    url: join(base, repository, "-", section, id),
    label: `${word} ${id}`,
    repository,
    id,
    job: word === "job" ? id : undefined,
  };
};

const file = (
  base: string,
  repository: string,
  rest: readonly string[],
  hash: string,
): FoundPage | undefined => {
  if (rest.length < 2) return undefined;
  return {
    kind: "file",
    url: join(base, repository, "-/blob", ...rest),
    label: nameOf(rest.join("/")),
    repository,
    ...splitRef(rest),
    lines: linesOf(hash, /^LC?(\d+)(?:-L?(\d+))?$/),
  };
};

export const findGitLabPage = (address: PageAddress): FoundPage | undefined => {
  const { base, hash } = address;
  const open = drawer(address);
  if (open !== undefined) return open;
  const { project, page } = split(address.path);
  if (project.length < 2 || reserved.has(decode(project[0] ?? "").toLowerCase())) return undefined;
  const repository = project.join("/");
  const home: FoundPage = { kind: "repository", url: join(base, repository), label: repository, repository };
  const [section, ...rest] = page;
  // `/a/b` is a project or a group inside a group: only the page knows.
  if (section === undefined) return { ...home, unsure: true };
  if (section === "tree") return rest.length > 0 ? { ...home, refAndPath: rest.join("/") } : undefined;
  if (section === "blob" || section === "blame") return file(base, repository, rest, hash);
  return numbered(base, repository, section, rest);
};
