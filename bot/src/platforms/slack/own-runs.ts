import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { Run } from "@ask-openhands/core/work/run.ts";
import type { PlatformDeps } from "../deps.ts";

/**
 * The newest runs that somebody asked for in the workspace of a connection. Two workspaces may each have an app in one Slack workspace; they are strangers,
 * and whoever speaks for one must neither see nor steer what was asked for through the other.
 */
export const ownRuns = async (
  deps: Pick<PlatformDeps, "runsOf" | "workspaceOf">,
  author: Author,
  connectionId: string | undefined,
  most: number,
): Promise<readonly Run[]> => {
  const workspaceId = deps.workspaceOf(connectionId);
  const runs = await deps.runsOf(author, most);
  return runs.filter(({ place }) => deps.workspaceOf(place.connection) === workspaceId);
};
