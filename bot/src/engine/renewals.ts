import type { LaneNotes } from "@ask-openhands/core/work/lane.ts";
import type { Conversation, Run } from "@ask-openhands/core/work/run.ts";
import { conversationSecrets } from "./holder.ts";
import type { Turn } from "./turn.ts";

/** What became of handing new tokens to an agent. */
type Renewal =
  | { readonly state: "under way" }
  | { readonly state: "done"; readonly renewAfter: number | undefined }
  | { readonly state: "failed"; readonly at: number };

/** Work can last longer than the tokens that it was begun with. */
export interface Renewals {
  /**
   * The notes of a lane at a look: hands new tokens to the agent when those it has are about to end. An agent server takes them when the running step ends,
   * which may be minutes later, so nothing waits for that: a later look finds that they came through.
   */
  look(turn: Turn, run: Run, conversation: Conversation): LaneNotes;
}

const pauseAfterFailure = 60_000;

export const createRenewals = (): Renewals => {
  const renewals = new Map<string, Renewal>();

  const hand = async (turn: Turn, run: Run, { agent, ...rest }: Conversation): Promise<Renewal> => {
    const { deps, view } = turn;
    const { order } = view.notes;
    if (order === undefined) return { state: "done", renewAfter: undefined };
    const { secrets, renewAfter } = await conversationSecrets(turn, run.place, order);
    await deps.agents.get(agent).renew?.({ agent, ...rest }, secrets);
    return { state: "done", renewAfter };
  };

  const begin = (turn: Turn, run: Run, conversation: Conversation): void => {
    const { deps, log } = turn;
    renewals.set(run.id, { state: "under way" });
    hand(turn, run, conversation)
      .catch((cause: unknown): Renewal => {
        log.warn({ run: run.id, error: String(cause) }, "the agent's tokens were not renewed");
        return { state: "failed", at: deps.now() };
      })
      .then((renewal) => renewals.set(run.id, renewal));
  };

  return {
    look: (turn, run, conversation) => {
      const { notes } = turn.view;
      const renewal = renewals.get(run.id);
      if (renewal?.state === "under way") return notes;
      if (renewal?.state === "done") {
        renewals.delete(run.id);
        return { ...notes, renewAfter: renewal.renewAfter };
      }
      const now = turn.deps.now();
      const rests = renewal !== undefined && now < renewal.at + pauseAfterFailure;
      const due = notes.renewAfter !== undefined && now >= notes.renewAfter;
      // Who waits for an answer gets new tokens with it.
      if (due && !rests && run.state === "working") begin(turn, run, conversation);
      return notes;
    },
  };
};
