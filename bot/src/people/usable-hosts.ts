import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import type { Connections } from "./connections.ts";

interface Asker {
  readonly workspaceId: string;
  readonly personId?: string | undefined;
}

/** Servers of a kind that an ask may reach: those that its workspace is connected to, and the asker; another workspace's are not even named. */
export const usableHosts = (
  connections: Pick<Connections, "list">,
  platform: PlatformId,
  { workspaceId, personId }: Asker,
): readonly string[] => [
  ...new Set(
    connections
      .list(platform)
      .filter(
        ({ active, owner }) =>
          active && owner.id === (owner.kind === "workspace" ? workspaceId : (personId ?? "")),
      )
      .map(({ host }) => host),
  ),
];
