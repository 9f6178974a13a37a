import type { Agent } from "@ask-openhands/core/agent/agent.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Connections } from "../people/connections.ts";
import type { Agents } from "./engine-deps.ts";

/** What connections to back ends have as their platform. */
export const agentPlatform = "openhands";

export interface AgentsDeps {
  readonly connections: Pick<Connections, "list" | "get" | "secret" | "watch">;
  make(connection: Connection, secret: (name: string) => string | undefined): Agent;
}

/** The back ends by connection; one that changes is made anew. */
export const createAgents = ({ connections, make }: AgentsDeps): Agents & { close(): void } => {
  const made = new Map<string, Agent>();
  const unwatch = connections.watch(agentPlatform, () => made.clear());

  const usable = (id: string): Connection | undefined => {
    const connection = connections.get(id);
    return connection?.platform === agentPlatform && connection.active ? connection : undefined;
  };
  const own = (personId: string): Connection | undefined =>
    connections
      .list(agentPlatform)
      .find(({ active, owner }) => active && owner.kind === "person" && owner.id === personId);

  return {
    get: (id) => {
      const known = made.get(id);
      if (known !== undefined) return known;
      const connection = usable(id);
      if (connection === undefined) {
        throw new Failure(
          "bad-settings",
          "The OpenHands back end of this run was removed or switched off. A maintainer can connect it again on the settings page.",
        );
      }
      const agent = make(connection, (name) => connections.secret(connection, name));
      made.set(id, agent);
      return agent;
    },
    choose: ({ personId, workspaceId, preferred }) => {
      const theirs = personId === undefined ? undefined : own(personId);
      if (theirs !== undefined) return theirs.id;
      const shared = connections
        .list(agentPlatform)
        .filter(({ active, owner }) => active && owner.kind === "workspace" && owner.id === workspaceId);
      return (shared.find(({ id }) => id === preferred) ?? shared[0])?.id;
    },
    close: unwatch,
  };
};
