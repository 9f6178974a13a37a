import type { Change, Directory } from "./directory.ts";
import type { MemberRecord, Role } from "./records.ts";

/** Id of the workspace that the first start makes; connections of the environment belong to it. */
export const firstWorkspaceId = "main";

export const memberId = (workspaceId: string, personId: string): string => `${workspaceId}.${personId}`;

const ranks: Readonly<Record<Role, number>> = { member: 1, maintainer: 2, owner: 3 };

export const isAtLeast = (role: Role | undefined, least: Role): boolean =>
  role !== undefined && ranks[role] >= ranks[least];

export const roleOf = (directory: Directory, workspaceId: string, personId: string): Role | undefined =>
  directory.get("members", memberId(workspaceId, personId))?.value.role;

export const membersOf = (directory: Directory, workspaceId: string): readonly MemberRecord[] =>
  directory.list("members").flatMap(({ value }) => (value.workspaceId === workspaceId ? [value] : []));

export const membershipsOf = (directory: Directory, personId: string): readonly MemberRecord[] =>
  directory.list("members").flatMap(({ value }) => (value.personId === personId ? [value] : []));

/**
 * Goes into a write that takes an owner away: it holds only while somebody else still is one, so that two owners who leave at the same moment
 * do not leave a workspace to nobody. `undefined`: there is no other owner.
 */
export const keepAnOwner = (
  directory: Directory,
  workspaceId: string,
  besides: string,
): Change | undefined => {
  const other = directory
    .list("members")
    .find(
      ({ value }) =>
        value.workspaceId === workspaceId && value.role === "owner" && value.personId !== besides,
    );
  return other === undefined
    ? undefined
    : { put: "members", id: other.id, value: other.value, ifVersion: other.version };
};
