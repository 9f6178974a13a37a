import type { Connection } from "@ask-openhands/core/connection/connection.ts";

/** Which shared connections may be used for an ask of this workspace: several workspaces may be connected to the same server. */
export const sharedIn =
  (workspaceId: string) =>
  ({ owner }: Pick<Connection, "owner">): boolean =>
    owner.kind === "workspace" && owner.id === workspaceId;
