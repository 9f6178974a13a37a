import { findPage } from "@ask-openhands/core/connection/page-place.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { GitLabIssuable, GitLabProject } from "@ask-openhands/core/wire/gitlab-api.ts";
import type { Attachment, Author, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { Account, OnBehalf, Permission } from "../platform.ts";
import { sharedIn } from "../shared-in.ts";
import { isWebPage, webPagePlace } from "../web-page.ts";
import { attachmentsIn, uploadPath } from "./attachments.ts";
import { baseUrlOf, type Door, type Doors } from "./connect.ts";
import { type GitLabKind, placeOf } from "./place.ts";

/** https://docs.gitlab.com/api/members/#roles */
const developer = 30;

const roles: readonly (readonly [number, string])[] = [
  [50, "Owner"],
  [40, "Maintainer"],
  [30, "Developer"],
  [20, "Reporter"],
  [15, "Planner"],
  [10, "Guest"],
  [5, "Minimal access"],
];

const roleName = (level: number): string => roles.find(([least]) => level >= least)?.[1] ?? "no role";

const isNotFound = (error: unknown): boolean => error instanceof Failure && error.kind === "not-found";

/** `undefined` for what is not there; every other trouble stays trouble. */
export const ifFound = <T>(asking: Promise<T>): Promise<T | undefined> =>
  asking.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });

export const kindOf = (place: Place): GitLabKind => (place.kind === "issue" ? "issue" : "pull-request");

export interface Address {
  readonly kind: GitLabKind;
  readonly project: string;
  readonly iid: number;
}

/** What the calls about a place need. */
export function addressOf(place: Place): Address {
  const { project, iid } = place.address;
  if (!project || !iid)
    throw new Failure("bad-input", `${place.label} is no issue or merge request of GitLab.`);
  return { kind: kindOf(place), project, iid: Number(iid) };
}

const cure = "Ask a Maintainer of the project for the Developer role.";

/** What GitLab says of an account's role. Developer or more: who may push. `undefined` for a project that this door does not see. */
const askRole = async (
  { api, connection }: Door,
  account: string,
  project: string,
  name: string,
): Promise<Permission | undefined> => {
  const member = await ifFound(api.member(project, account));
  if (member === undefined) {
    // GitLab says 404 both for "no member" and for "you may not see this project": only the second is our own trouble.
    const seen = await ifFound(api.project(project));
    return seen && { may: false, why: `You are not a member of ${name}.`, cure };
  }
  if (member.state && member.state !== "active")
    return { may: false, why: `Your account is ${member.state} on ${connection.host}.` };
  if (member.access_level >= developer) return { may: true };
  const why = `You have the ${roleName(member.access_level)} role in ${name}; asking needs Developer or more.`;
  return { may: false, why, cure };
};

/** Asked live, of the project the place is in. */
export async function mayAsk(doors: Doors, author: Author, place: Place): Promise<Permission> {
  if (author.platform !== "gitlab" || author.host !== place.host) {
    return { may: "after-linking", why: `We do not know yet which account of ${place.host} is yours.` };
  }
  const { project } = place.address;
  if (!project) throw new Failure("bad-input", `${place.label} is in no project of GitLab.`);
  const name = place.repository ?? "this project";
  const answer = await askRole(doors.at(place), author.id, project, name);
  if (answer !== undefined) return answer;
  throw new Failure(
    "not-found",
    `Our credentials cannot see ${name} on ${place.host}. Give our account access to it.`,
  );
}

/** By account: with the workspace's connections, the first that sees the project answers. */
export async function mayAccountWrite(
  doors: Doors,
  account: Account,
  { host, name }: RepositoryFacts,
  workspaceId: string,
): Promise<Permission> {
  let failure: unknown;
  for (const door of doors.forHost(host, { workspaceId })) {
    try {
      const answer = await askRole(door, account.id, name, name);
      if (answer !== undefined) return answer;
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  const why = `No connection of this workspace sees ${name} on ${host}, so only a token of your own shows what you may do there.`;
  return { may: "after-linking", why };
}

/** Role of the token's account in a project; `undefined` for administrators, who need none. */
export const levelOf = ({ permissions }: GitLabProject): number | undefined => {
  const levels = [permissions?.project_access, permissions?.group_access].flatMap((access) =>
    access ? [access.access_level] : [],
  );
  return levels.length > 0 ? Math.max(...levels) : undefined;
};

export const factsOf = (host: string, project: GitLabProject): RepositoryFacts => ({
  platform: "gitlab",
  host,
  id: project.id,
  name: project.path_with_namespace,
  url: project.web_url,
  cloneUrl: project.http_url_to_repo,
  ...(project.default_branch ? { defaultBranch: project.default_branch } : {}),
  ...(project.visibility ? { private: project.visibility !== "public" } : {}),
  ...(project.forked_from_project ? { forkOf: project.forked_from_project.path_with_namespace } : {}),
});

/** With the asker's own connections first, so that what they see decides. */
export async function findRepository(
  doors: Doors,
  host: string,
  name: string,
  onBehalf: OnBehalf,
): Promise<RepositoryFacts | undefined> {
  for (const { api } of doors.forHost(host, onBehalf)) {
    const found = await ifFound(api.project(name));
    if (found) return factsOf(host, found);
  }
  return undefined;
}

/** What a person's token may push to, the person may. */
export async function mayWrite(
  doors: Doors,
  repository: RepositoryFacts,
  onBehalf: OnBehalf,
): Promise<Permission> {
  const own = await doors.ownTokens(repository.host, onBehalf);
  if (own.length === 0)
    return { may: "after-linking", why: `We have no GitLab access of yours for ${repository.host}.` };
  for (const { api } of own) {
    const project = await ifFound(api.project(repository.name));
    if (project && (levelOf(project) ?? 0) >= developer) return { may: true };
  }
  return {
    may: false,
    why: `Your GitLab account may not push to ${repository.name}; that needs the Developer role or more.`,
    cure,
  };
}

export async function searchRepositories(
  doors: Doors,
  host: string,
  query: string,
  onBehalf: OnBehalf,
): Promise<readonly RepositoryFacts[]> {
  const door = doors.forHost(host, onBehalf)[0];
  if (door === undefined) return [];
  const words = query.trim();
  const found = await door.api.projects(
    { minAccessLevel: developer, ...(words ? { search: words } : {}) },
    50,
  );
  return found.map((project) => factsOf(host, project));
}

export async function placeAt(
  doors: Doors,
  url: string,
  { workspaceId }: OnBehalf,
  near?: Place,
): Promise<Place | undefined> {
  const shared = doors.workspace().filter(({ connection }) => sharedIn(workspaceId)(connection));
  for (const { connection } of shared) {
    const { host } = connection;
    const page = findPage("gitlab", url, host.slice(host.split("/")[0]?.length));
    if (page?.host !== host || !page.repository) continue;
    if (isWebPage(page)) {
      // A group's address looks like a project's: the server knows which it is.
      const project = await ifFound(doors.byId(connection.id).api.project(page.repository));
      if (project === undefined) continue;
      const address = { project: String(project.id) };
      return webPagePlace(page, {
        repository: project.path_with_namespace,
        connection: connection.id,
        address,
      });
    }
    if (!page.id) continue;
    if (page.kind !== "issue" && page.kind !== "pull-request" && page.kind !== "changes") return undefined;
    const kind = page.kind === "issue" ? "issue" : "pull-request";
    const door = near?.host === host ? doors.at(near) : doors.byId(connection.id);
    const found = await ifFound(door.api.issuable(kind, page.repository, Number(page.id)));
    return found && placeOfIssuable(door, kind, page.repository, found);
  }
  return undefined;
}

export const placeOfIssuable = (
  { connection }: Door,
  kind: GitLabKind,
  repository: string,
  found: GitLabIssuable,
): Place =>
  placeOf({
    host: connection.host,
    kind,
    project: found.project_id,
    repository,
    iid: found.iid,
    title: found.title,
    url: found.web_url,
    connection: connection.id,
    confidential: found.confidential === true,
  });

/** Files that the words of an ask name. */
export const namedAttachments = (doors: Doors, { place, text }: Mention): readonly Attachment[] =>
  attachmentsIn(text, baseUrlOf(doors.at(place).connection), addressOf(place).project);

export async function readAttachment(
  doors: Doors,
  mention: Mention,
  url: string,
  limit: number,
): Promise<{ readonly type: string; readonly bytes: Uint8Array }> {
  const door = doors.at(mention.place);
  const path = uploadPath(url, baseUrlOf(door.connection));
  if (path === undefined)
    throw new Failure("bad-input", "This file was not uploaded to the GitLab project of the ask.");
  return door.api.http.bytes({ path, maxBytes: limit }).catch((error: unknown) => {
    const tooLarge = error instanceof Failure && error.kind === "unexpected-reply" && error.status === 200;
    throw tooLarge
      ? new Failure("bad-input", `This file is larger than the ${limit} bytes that we read.`, {
          cause: error,
        })
      : error;
  });
}
