import type { InvitationView, MemberView } from "@ask-openhands/core/api/types.ts";
import type { Change, Stored } from "../../people/directory.ts";
import { changesOfLeaving } from "../../people/forget.ts";
import { isAtLeast, keepAnOwner, memberId, membersOf, roleOf } from "../../people/members.ts";
import type { InvitationRecord, MemberRecord, Role } from "../../people/records.ts";
import { hashToken, newId, newToken } from "../../people/tokens.ts";
import { type ApiDeps, type Handlers, personOf } from "../call.ts";
import { problem } from "../problem.ts";
import { linksOf, personRef } from "../views/person-view.ts";

type Names =
  | "listMembers"
  | "changeMember"
  | "removeMember"
  | "listInvitations"
  | "createInvitation"
  | "deleteInvitation";

const day = 86_400_000;

export const createMemberHandlers = (deps: ApiDeps): Handlers<Names> => {
  const { directory, audit } = deps.people;

  const ownersOf = (workspaceId: string): number =>
    membersOf(directory, workspaceId).filter((member) => member.role === "owner").length;

  /** Owners are made and unmade by owners only. */
  const mayTouch = (workspaceId: string, actorId: string, role: Role): boolean => {
    const own = roleOf(directory, workspaceId, actorId);
    return isAtLeast(own, role === "owner" ? "owner" : "maintainer");
  };

  const view = (member: MemberRecord, actorId: string): MemberView => {
    const isLastOwner = member.role === "owner" && ownersOf(member.workspaceId) === 1;
    const may = mayTouch(member.workspaceId, actorId, member.role) && !isLastOwner;
    const lastSeenAt = directory
      .list("sessions")
      .flatMap(({ value }) => (value.personId === member.personId ? [value.lastSeenAt] : []))
      .sort()
      .at(-1);
    return {
      person: personRef(directory, member.personId),
      role: member.role,
      joinedAt: member.joinedAt,
      ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
      links: linksOf(deps, member.personId),
      may: { changeRole: may, remove: (may || member.personId === actorId) && !isLastOwner },
    };
  };

  const find = (workspaceId: string, personId: string): Stored<MemberRecord> => {
    const stored = directory.get("members", memberId(workspaceId, personId));
    if (stored === undefined) throw problem(404, "There is no such member.");
    return stored;
  };

  const otherOwner = (workspaceId: string, personId: string): readonly Change[] => {
    const kept = keepAnOwner(directory, workspaceId, personId);
    if (kept === undefined)
      throw problem(409, "A workspace needs an owner. Make somebody else an owner first.");
    return [kept];
  };

  const write = async (changes: readonly Change[]): Promise<void> => {
    if ((await directory.write(changes)) === "conflict")
      throw problem(409, "Somebody changed the members at the same time. Reload and try again.");
  };

  const toInvitation = ({ id, value }: Stored<InvitationRecord>): InvitationView => ({
    id,
    role: value.role,
    ...(value.note === undefined ? {} : { note: value.note }),
    invitedBy: personRef(directory, value.invitedBy),
    createdAt: value.createdAt,
    expiresAt: value.expiresAt,
    ...(value.acceptedBy === undefined ? {} : { acceptedBy: personRef(directory, value.acceptedBy) }),
  });

  return {
    listMembers: (call) => ({
      items: membersOf(directory, call.params.workspace).map((member) => view(member, personOf(call))),
    }),
    changeMember: async (call) => {
      const { workspace, person } = call.params;
      const actorId = personOf(call);
      const { id, value, version } = find(workspace, person);
      if (!mayTouch(workspace, actorId, value.role) || !mayTouch(workspace, actorId, call.body.role))
        throw problem(403, "Only owners of this workspace can make or unmake owners. Ask one of them.");
      const kept = value.role === "owner" && call.body.role !== "owner" ? otherOwner(workspace, person) : [];
      const next = { ...value, role: call.body.role };
      await write([{ put: "members", id, value: next, ifVersion: version }, ...kept]);
      await audit.append({
        action: "member.changed",
        workspace,
        person: actorId,
        target: personRef(directory, person).name,
        detail: call.body.role,
      });
      return view(next, actorId);
    },
    removeMember: async (call) => {
      const { workspace, person } = call.params;
      const actorId = personOf(call);
      const { id, value, version } = find(workspace, person);
      if (person !== actorId && !mayTouch(workspace, actorId, value.role))
        throw problem(403, "Only owners of this workspace can remove an owner. Ask one of them.");
      const kept = value.role === "owner" ? otherOwner(workspace, person) : [];
      const left = changesOfLeaving(directory, workspace, person);
      await write([{ remove: "members", id, ifVersion: version }, ...kept, ...left]);
      await audit.append({
        action: person === actorId ? "member.left" : "member.removed",
        workspace,
        person: actorId,
        target: personRef(directory, person).name,
      });
      return undefined;
    },
    listInvitations: (call) => ({
      items: directory
        .list("invitations")
        .flatMap((stored) =>
          stored.value.workspaceId === call.params.workspace ? [toInvitation(stored)] : [],
        ),
    }),
    createInvitation: async (call) => {
      const { workspace } = call.params;
      const token = newToken();
      const id = newId();
      const value: InvitationRecord = {
        workspaceId: workspace,
        role: call.body.role,
        note: call.body.note,
        tokenHash: hashToken(token),
        invitedBy: personOf(call),
        createdAt: new Date(deps.now()).toISOString(),
        expiresAt: new Date(deps.now() + (call.body.days ?? 7) * day).toISOString(),
      };
      await directory.write([{ put: "invitations", id, value }]);
      await audit.append({
        action: "invitation.created",
        workspace,
        person: personOf(call),
        detail: call.body.role,
      });
      // Behind `#`, so that no server or proxy on the way writes the token down.
      return {
        invitation: toInvitation({ id, version: 1, value }),
        url: `${deps.publicUrl}/invitation#${token}`,
      };
    },
    deleteInvitation: async (call) => {
      const { workspace, invitation } = call.params;
      if (directory.get("invitations", invitation)?.value.workspaceId !== workspace)
        throw problem(404, "There is no such invitation.");
      await directory.write([{ remove: "invitations", id: invitation }]);
      await audit.append({ action: "invitation.removed", workspace, person: personOf(call) });
      return undefined;
    },
  };
};
