import type { Place } from "@ask-openhands/core/work/place.ts";

export type GitLabKind = "issue" | "pull-request";

/**
 * Host of a project's web address, lower case, with port and, where GitLab lives below a path (`relative_url_root`), that path.
 * `repository` is the project's full path, which ends the address.
 */
export function hostOf(address: string | null | undefined, repository: string): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const { protocol, host, pathname } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") return undefined;
  const at = decodeURI(pathname).toLowerCase().indexOf(`/${repository.toLowerCase()}`);
  const context = at > 0 ? pathname.slice(0, at) : "";
  return `${host}${context}`.toLowerCase();
}

export interface PlaceFacts {
  readonly host: string;
  readonly kind: GitLabKind;
  /** Id of the project, or its path where an old delivery has no id: the API takes both. */
  readonly project: string;
  readonly repository: string;
  readonly iid: number;
  readonly title?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly connection?: string | undefined;
  readonly confidential?: boolean | undefined;
  /** Of a talk in internal comments. */
  readonly internal?: boolean | undefined;
}

const sections: Readonly<Record<GitLabKind, string>> = { issue: "issues", "pull-request": "merge_requests" };

/**
 * The key holds the project's id, not its path: projects are renamed and moved, the number stays. Issues and work items of a project share their numbers.
 * Internal comments are a place of their own: work that was told of them goes on in another conversation than work that everybody reads of.
 */
export function placeOf(facts: PlaceFacts): Place {
  const { host, kind, project, repository, iid } = facts;
  const label = `${kind === "issue" ? "#" : "!"}${iid}`;
  const url = facts.url?.replace(/#.*$/, "");
  return {
    platform: "gitlab",
    host,
    key: `gitlab:${host}:${project}${label}${facts.internal === true ? ":internal" : ""}`,
    kind,
    url: url || `https://${host}/${repository}/-/${sections[kind]}/${iid}`,
    ...(facts.title ? { title: facts.title } : {}),
    label,
    repository,
    ...(facts.connection === undefined ? {} : { connection: facts.connection }),
    address: { project, iid: String(iid) },
    ...(facts.confidential ? { confidential: true } : {}),
  };
}
