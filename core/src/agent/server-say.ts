import { Failure } from "../failure.ts";
import { textOf } from "../wire/openhands-event.ts";
import type { ServerConversation } from "../wire/openhands-server.ts";
import type { FollowUp } from "./agent.ts";
import { isYes } from "./approval.ts";
import { referencesIn, withReference } from "./reference.ts";
import { type ServerApi, unless } from "./server-api.ts";
import { contentOf, staticSecrets } from "./server-start.ts";

export interface SayDeps {
  readonly api: ServerApi;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds after which a message that the server has taken, but cannot add before the agent's step ends, counts as said. */
  readonly patience: number;
}

export type Said =
  | { readonly ran: true }
  /** The server has no free place: the message is there and waits to be run. */
  | { readonly ran: false };

interface Pending {
  readonly message: FollowUp;
  lost: boolean;
}

export interface Sayer {
  say(id: string, message: FollowUp, standing: ServerConversation): Promise<Said>;
  /** Runs what was saved without being run; false while there is still no place. */
  run(id: string): Promise<boolean>;
  /** Says again what broke off on its way, once it is clear that it did not arrive. */
  mend(id: string, standing: ServerConversation): Promise<void>;
}

const isFull = (error: unknown): boolean => error instanceof Failure && error.status === 429;

/**
 * Messages and secrets wait on the server until the agent's running step ends: seconds, or minutes for a long test run. The request is not held
 * open for the caller all that time. Sending it again meanwhile would say it twice.
 */
export const createSayer = ({ api, sleep, patience }: SayDeps): Sayer => {
  const pending = new Map<string, Pending>();

  const wasSaid = async (id: string, reference: string): Promise<boolean> =>
    (await api.newestFirst(id, 5)).some(
      (event) =>
        event.source === "user" && referencesIn(textOf(event.llm_message?.content)).includes(reference),
    );

  const run = async (id: string): Promise<boolean> => {
    try {
      // 409: it runs already.
      await unless(409, api.run(id));
      return true;
    } catch (error) {
      if (isFull(error)) return false;
      throw error;
    }
  };

  const deliver = async (id: string, message: FollowUp, standing: ServerConversation): Promise<Said> => {
    if (message.secrets !== undefined) await api.setSecrets(id, staticSecrets(message.secrets));
    if (standing.execution_status === "waiting_for_confirmation") {
      const yes = isYes(message.text);
      await api.respond(id, yes, yes ? "Approved." : message.text);
    }
    try {
      await api.send(id, contentOf(withReference(message.text, message.id), message.images));
      return { ran: true };
    } catch (error) {
      // "Message saved, but the conversation run limit was reached. Retry /run without resending the message."
      if (isFull(error)) return { ran: await run(id) };
      throw error;
    }
  };

  const deliverPatiently = async (
    id: string,
    message: FollowUp,
    standing: ServerConversation,
  ): Promise<Said> => {
    const entry: Pending = { message, lost: false };
    const delivery = deliver(id, message, standing);
    if (standing.execution_status !== "running") return delivery;
    pending.set(id, entry);
    const settled = delivery.then(
      (said) => {
        pending.delete(id);
        return said;
      },
      (error: unknown) => {
        entry.lost = true;
        throw error;
      },
    );
    const late = sleep(patience).then((): "late" => "late");
    const first = await Promise.race([settled, late]).catch((error: unknown) => {
      pending.delete(id);
      throw error;
    });
    if (first !== "late") return first;
    // Whoever asked has its answer; what becomes of the delivery is seen by `mend`.
    settled.catch(() => undefined);
    return { ran: true };
  };

  return {
    run,
    async say(id, message, standing) {
      if (!message.again || !(await wasSaid(id, message.id))) return deliverPatiently(id, message, standing);
      return { ran: standing.execution_status !== "idle" || (await run(id)) };
    },
    async mend(id, standing) {
      const entry = pending.get(id);
      // While the agent works, a request that we lost may still be waiting inside the server.
      if (entry?.lost !== true || standing.execution_status === "running") return;
      if (!(await wasSaid(id, entry.message.id))) await deliver(id, entry.message, standing);
      pending.delete(id);
    },
  };
};
