import type { Stored } from "../people/directory.ts";
import { memberId } from "../people/members.ts";
import type { InvitationRecord } from "../people/records.ts";
import { newId } from "../people/tokens.ts";
import type { ApiDeps } from "./call.ts";

/** Somebody who is known here, or who gets a name. */
export interface Invited {
  readonly personId?: string | undefined;
  readonly name: string;
}

/** Makes somebody a member of the workspace that invited them; who is one already keeps their role. The person's id, or `undefined` when the invitation was used a moment ago. */
export const acceptInvitation = async (
  { people, now }: Pick<ApiDeps, "people" | "now">,
  invitation: Stored<InvitationRecord>,
  { personId = newId(), name }: Invited,
): Promise<string | undefined> => {
  const { directory } = people;
  const { workspaceId, role } = invitation.value;
  const at = new Date(now()).toISOString();
  const isNew = directory.get("people", personId) === undefined;
  const isMember = directory.get("members", memberId(workspaceId, personId)) !== undefined;
  const done = await directory.write([
    {
      put: "invitations",
      id: invitation.id,
      value: { ...invitation.value, acceptedBy: personId },
      ifVersion: invitation.version,
    },
    ...(isNew ? [{ put: "people", id: personId, value: { name, createdAt: at } } as const] : []),
    ...(isMember
      ? []
      : [
          {
            put: "members",
            id: memberId(workspaceId, personId),
            value: { workspaceId, personId, role, joinedAt: at },
          } as const,
        ]),
  ]);
  if (done === "conflict") return undefined;
  await people.audit.append({
    action: "invitation.accepted",
    workspace: workspaceId,
    person: personId,
    detail: role,
  });
  return personId;
};
