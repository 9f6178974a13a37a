import type { Author } from "@ask-openhands/core/work/mention.ts";
import type { WorkspaceTexts } from "../settings/workspace-values.ts";
import type { Audit } from "./audit.ts";
import type { Connections } from "./connections.ts";
import type { WorkspacePolicy } from "./create-policy.ts";
import type { Directory } from "./directory.ts";
import { isAtLeast, roleOf } from "./members.ts";

/** Settings that a maintainer may change from the room (channel, project) itself. */
export interface RoomSettings {
  /** True for accounts that are linked to a maintainer of the connection's workspace. */
  mayChange(author: Author, connectionId: string | undefined): boolean;
  /** Sets or takes away (`undefined`) the repository that asks in a room mean. False: this account may not; nothing was changed. */
  setRepository(
    author: Author,
    connectionId: string | undefined,
    room: string,
    repository: string | undefined,
  ): Promise<boolean>;
}

interface Options {
  readonly directory: Directory;
  readonly connections: Pick<Connections, "personOf">;
  readonly policy: Pick<WorkspacePolicy, "workspaceOf" | "settings">;
  readonly audit: Pick<Audit, "append">;
}

export const createRoomSettings = ({ directory, connections, policy, audit }: Options): RoomSettings => {
  const maintainerOf = (author: Author, workspaceId: string): string | undefined => {
    const personId = connections.personOf(author.platform, author.host, author.id, workspaceId);
    if (personId === undefined) return undefined;
    return isAtLeast(roleOf(directory, workspaceId, personId), "maintainer") ? personId : undefined;
  };

  return {
    mayChange: (author, connectionId) => maintainerOf(author, policy.workspaceOf(connectionId)) !== undefined,
    async setRepository(author, connectionId, room, repository) {
      const workspaceId = policy.workspaceOf(connectionId);
      const person = maintainerOf(author, workspaceId);
      if (person === undefined) return false;
      const others = policy
        .settings(connectionId)
        .defaultRepositories.filter((pair) => !pair.trim().startsWith(`${room}=`));
      const pairs = repository === undefined ? others : [...others, `${room}=${repository}`];
      const stored = directory.get("settings", workspaceId);
      const values: WorkspaceTexts = { ...stored?.value.values, defaultRepositories: pairs.join(", ") };
      await directory.write([{ put: "settings", id: workspaceId, value: { values } }]);
      await audit.append({
        action: "settings.changed",
        workspace: workspaceId,
        person,
        detail: "defaultRepositories",
      });
      return true;
    },
  };
};
