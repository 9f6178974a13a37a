import type { RunOrder } from "@ask-openhands/core/work/lane.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { type AgentSecrets, agentSecrets } from "./agent-order.ts";
import type { Turn } from "./turn.ts";

/** True for work that was asked for in another workspace of this bot: its people are strangers, also where both are connected to the same place. */
export const isForeign = (order: RunOrder | undefined, workspaceId: string): boolean =>
  order !== undefined && order.workspaceId !== workspaceId;

/**
 * True when the conversation of an order may hear this person of a workspace: it has the workspace's credentials alone, or their own. What a machine was given once stays in its
 * shells and files, so it cannot be taken back for the next asker.
 */
export const mayHear = (
  order: RunOrder | undefined,
  { personId, workspaceId }: Pick<RunOrder, "personId" | "workspaceId">,
): boolean => !isForeign(order, workspaceId) && (order?.holder === undefined || order.holder === personId);

/** Fresh values of what the conversation was given at its beginning: its holder's, else the workspace's. */
export const conversationSecrets = (turn: Turn, place: Place, order: RunOrder): Promise<AgentSecrets> =>
  agentSecrets(turn, place, { ...order, personId: order.holder });

/** The answer to commands about work of another workspace. */
export const foreignWork = {
  why: "The work here was asked for in another workspace of this bot.",
  cure: "Only people of that workspace can steer, stop or repeat it.",
} as const;
