import type { Agent } from "@ask-openhands/core/agent/agent.ts";
import type { Turn } from "./turn.ts";

/** A call to a back end, bounded and behind its breaker. A connection that is gone fails like one that refuses us. */
export const askAgent = <Answer>(
  turn: Turn,
  connection: string,
  work: (agent: Agent) => Promise<Answer>,
  within = turn.deps.times.request * 2,
): Promise<Answer> =>
  turn.deps.outside.call({ host: `agent:${connection}`, name: "OpenHands", within }, async () => {
    const agent = turn.deps.agents.get(connection);
    turn.deps.connections.note(connection, { used: true });
    return work(agent);
  });
