import type { Directory } from "./directory.ts";
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
