import type { LinkView, MeView, WorkspaceView } from "@ask-openhands/core/api/types.ts";
import { agentPlatform } from "@ask-openhands/core/connection/catalog/openhands.ts";
import type { Directory } from "../../people/directory.ts";
import { countsIn } from "../../people/links.ts";
import { membershipsOf } from "../../people/members.ts";
import type { LinkRecord } from "../../people/records.ts";
import type { ApiDeps } from "../call.ts";
import { problem } from "../problem.ts";

export const platformName = (deps: Pick<ApiDeps, "platforms">, id: string): string =>
  deps.platforms.get(id)?.name ?? (id === agentPlatform.id ? agentPlatform.name : id);

export const toLink = (deps: ApiDeps, id: string, link: LinkRecord): LinkView => ({
  id,
  platform: link.platform,
  platformName: platformName(deps, link.platform),
  host: link.host,
  accountId: link.accountId,
  accountName: link.displayName ?? link.accountName,
  proof: link.proof,
  createdAt: link.createdAt,
});

/** With a workspace only those that it believes. */
export const linksOf = (deps: ApiDeps, personId: string, workspaceId?: string): LinkView[] =>
  deps.people.links
    .ofPerson(personId)
    .filter(({ link }) => workspaceId === undefined || countsIn(link, workspaceId))
    .map(({ id, link }) => toLink(deps, id, link));

/** Name of a person who may be gone. */
export const personRef = (directory: Directory, personId: string): { id: string; name: string } => ({
  id: personId,
  name: directory.get("people", personId)?.value.name ?? "somebody who left",
});

export const toWorkspace = (
  directory: Directory,
  workspaceId: string,
  role: WorkspaceView["role"],
): WorkspaceView => {
  const workspace = directory.get("workspaces", workspaceId)?.value;
  if (workspace === undefined) throw problem(404, "There is no such workspace, or it is not yours to see.");
  return { id: workspaceId, name: workspace.name, role, createdAt: workspace.createdAt };
};

export const toMe = (deps: ApiDeps, personId: string): MeView => {
  const { directory } = deps.people;
  const person = directory.get("people", personId)?.value;
  if (person === undefined) throw problem(401, "This account was deleted. Sign in again.");
  return {
    id: personId,
    name: person.name,
    createdAt: person.createdAt,
    workspaces: membershipsOf(directory, personId).map(({ workspaceId, role }) =>
      toWorkspace(directory, workspaceId, role),
    ),
    links: linksOf(deps, personId),
  };
};
