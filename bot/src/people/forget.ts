import type { Change, Directory } from "./directory.ts";
import { membershipsOf } from "./members.ts";

/** Removes what has expired: one-time links, sessions, pairings, tokens. Called at the start and every hour. */
export const forgetExpired = async (directory: Directory, now: number): Promise<number> => {
  const isPast = (time: string | undefined): boolean => time !== undefined && Date.parse(time) < now;
  const week = 7 * 86_400_000;
  const changes: Change[] = [
    ...directory
      .list("oneTime")
      .flatMap(({ id, value }) => (isPast(value.expiresAt) ? [{ remove: "oneTime", id } as const] : [])),
    ...directory
      .list("pairings")
      .flatMap(({ id, value }) => (isPast(value.expiresAt) ? [{ remove: "pairings", id } as const] : [])),
    ...directory
      .list("sessions")
      .flatMap(({ id, value }) =>
        Date.parse(value.createdAt) + week < now ? [{ remove: "sessions", id } as const] : [],
      ),
    ...directory
      .list("tokens")
      .flatMap(({ id, value }) => (isPast(value.expiresAt) ? [{ remove: "tokens", id } as const] : [])),
    ...directory
      .list("invitations")
      .flatMap(({ id, value }) =>
        Date.parse(value.expiresAt) + week < now ? [{ remove: "invitations", id } as const] : [],
      ),
  ];
  await directory.write(changes);
  return changes.length;
};

/** What else happens when somebody leaves a workspace: connections of their own serve nobody once they are in none, so these are switched off. */
export const changesOfLeaving = (
  directory: Directory,
  workspaceId: string,
  personId: string,
): readonly Change[] => {
  if (membershipsOf(directory, personId).some((one) => one.workspaceId !== workspaceId)) return [];
  return directory
    .list("connections")
    .filter(({ value: { owner, active } }) => active && owner.kind === "person" && owner.id === personId)
    .map(({ id, value, version }) => ({
      put: "connections",
      id,
      value: { ...value, active: false },
      ifVersion: version,
    }));
};

/** Everything that is a person's own, for "delete my data". Members of the only-owner workspaces are checked by the caller. */
export const changesToForgetPerson = (directory: Directory, personId: string): readonly Change[] => {
  const isOwn = (owner: { readonly kind: string; readonly id: string }): boolean =>
    owner.kind === "person" && owner.id === personId;
  return [
    { remove: "people", id: personId },
    ...directory
      .list("links")
      .flatMap(({ id, value }) => (value.personId === personId ? [{ remove: "links", id } as const] : [])),
    ...directory
      .list("members")
      .flatMap(({ id, value }) => (value.personId === personId ? [{ remove: "members", id } as const] : [])),
    ...directory
      .list("connections")
      .flatMap(({ id, value }) => (isOwn(value.owner) ? [{ remove: "connections", id } as const] : [])),
    ...directory
      .list("secrets")
      .flatMap(({ id, value }) => (isOwn(value.owner) ? [{ remove: "secrets", id } as const] : [])),
    ...directory
      .list("devices")
      .flatMap(({ id, value }) => (value.personId === personId ? [{ remove: "devices", id } as const] : [])),
    ...directory
      .list("tokens")
      .flatMap(({ id, value }) => (value.personId === personId ? [{ remove: "tokens", id } as const] : [])),
    ...directory
      .list("sessions")
      .flatMap(({ id, value }) => (value.personId === personId ? [{ remove: "sessions", id } as const] : [])),
  ];
};
