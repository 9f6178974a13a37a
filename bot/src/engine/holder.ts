import type { RunOrder } from "@ask-openhands/core/work/lane.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { agentSecrets } from "./agent-order.ts";
import type { Turn } from "./turn.ts";

/**
 * True when the conversation of an order may hear this person: it has the workspace's credentials alone, or their own. What a machine was given once stays in its
 * shells and files, so it cannot be taken back for the next asker.
 */
export const mayHear = (order: RunOrder | undefined, personId: string | undefined): boolean =>
  order?.holder === undefined || order.holder === personId;

/** Fresh values of what the conversation was given at its beginning: its holder's, else the workspace's. */
export const conversationSecrets = async (
  turn: Turn,
  place: Place,
  order: RunOrder,
): Promise<Readonly<Record<string, string>>> =>
  (await agentSecrets(turn, place, { ...order, personId: order.holder })).secrets;
