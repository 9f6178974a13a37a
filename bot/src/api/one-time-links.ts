import type { OneTimeLinkView } from "@ask-openhands/core/api/types.ts";
import type { Directory, Stored } from "../people/directory.ts";
import type { InvitationRecord } from "../people/records.ts";
import { hashToken } from "../people/tokens.ts";
import type { ApiDeps } from "./call.ts";
import { personRef, platformName } from "./views/person-view.ts";

/** An invitation that can still be accepted. */
export const findInvitation = (
  directory: Directory,
  token: string,
  now: number,
): Stored<InvitationRecord> | undefined => {
  const hash = hashToken(token);
  return directory
    .list("invitations")
    .find(
      ({ value }) =>
        value.tokenHash === hash && value.acceptedBy === undefined && Date.parse(value.expiresAt) > now,
    );
};

/** What a one-time link is for; nothing when it is used up, too old or not ours. */
export const describeOneTimeLink = (deps: ApiDeps, token: string): OneTimeLinkView | undefined => {
  const { directory, oneTime, linkTokens } = deps.people;
  const first = oneTime.find("first-sign-in", token);
  if (first !== undefined) return { purpose: "first-sign-in", expiresAt: first.expiresAt };
  const invitation = findInvitation(directory, token, deps.now())?.value;
  if (invitation !== undefined) {
    return {
      purpose: "invitation",
      expiresAt: invitation.expiresAt,
      workspace: {
        id: invitation.workspaceId,
        name: directory.get("workspaces", invitation.workspaceId)?.value.name ?? "",
      },
      role: invitation.role,
      invitedBy: personRef(directory, invitation.invitedBy).name,
    };
  }
  const claim = linkTokens.read(token);
  if (claim === undefined || directory.get("oneTime", hashToken(claim.nonce)) !== undefined) return undefined;
  return {
    purpose: "link-account",
    expiresAt: new Date(claim.until).toISOString(),
    account: {
      platform: claim.platform,
      platformName: platformName(deps, claim.platform),
      host: claim.host,
      name: claim.name,
    },
  };
};
