import { Failure } from "@ask-openhands/core/failure.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { ApiDeps } from "./call.ts";

export type FoundPlace = { readonly place: Place } | { readonly why: string; readonly cure: string };

/** The place that an address shows, when a connection of this workspace or of this person covers it. */
export const findPlace = async (
  deps: ApiDeps,
  workspaceId: string,
  personId: string,
  url: string,
): Promise<FoundPlace> => {
  let trouble: Failure | undefined;
  for (const platform of deps.platforms.values()) {
    const place = await platform.placeAt?.(url, { workspaceId, personId }).catch((cause: unknown) => {
      if (!(cause instanceof Failure)) throw cause;
      trouble ??= cause;
      return undefined;
    });
    if (place === undefined) continue;
    const owner =
      place.connection === undefined ? undefined : deps.people.connections.get(place.connection)?.owner;
    const isOwn = owner?.kind === "person" && owner.id === personId;
    if (isOwn || (owner?.kind !== "person" && deps.people.policy.tenantOf(place.connection) === workspaceId))
      return { place };
  }
  if (trouble !== undefined)
    return { why: trouble.hint, cure: "Check the connection of this server in the settings." };
  const { host } = new URL(url);
  return {
    why: `No connection of this workspace covers this page on ${host}.`,
    cure: `A maintainer can connect ${host} in the settings.`,
  };
};
