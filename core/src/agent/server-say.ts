import { Failure } from "../failure.ts";
import { textOf } from "../wire/openhands-event.ts";
import type { ServerConversation } from "../wire/openhands-server.ts";
import type { FollowUp } from "./agent.ts";
import { goAhead } from "./ahead.ts";
import { isYes } from "./approval.ts";
import { referencesIn, withReference } from "./reference.ts";
import { type ServerApi, unless } from "./server-api.ts";
import { contentOf, staticSecrets } from "./server-start.ts";

export interface SayDeps {
  readonly api: ServerApi;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  /** Milliseconds after which a message that the server has taken, but cannot add before the agent's step ends, counts as said. */
  readonly patience: number;
  /** Milliseconds after an end in which a message that the server may still have is not said again. */
  readonly grace: number;
}

export interface Said {
  /** False when the server has no free place: the message is there and waits to be run. */
  readonly ran: boolean;
  /** False when it is on its way: the conversation has it when the agent's step ends, unless something breaks before. */
  readonly sure: boolean;
}

interface Delivery {
  readonly message: FollowUp;
  readonly settled: Promise<Said>;
  lost: boolean;
}

export interface Sayer {
  say(id: string, message: FollowUp, standing: ServerConversation): Promise<Said>;
  /** Runs what was saved without being run; false while there is still no place. */
  run(id: string): Promise<boolean>;
  /** Says those again that did not arrive, once that is clear: at once when their request broke, else some time after the agent's end. False when they wait to be run. */
  mend(
    id: string,
    unheard: readonly FollowUp[],
    standing: ServerConversation,
    overSince: number | undefined,
  ): Promise<boolean>;
}

const isFull = (error: unknown): boolean => error instanceof Failure && error.status === 429;

/** The agent does nothing more by itself, and nobody stopped it or is asked whether it may. */
const over: readonly unknown[] = ["finished", "error", "stuck", "idle"];

/**
 * Messages and secrets wait on the server until the agent's running step ends: seconds, or minutes for a long test run. The request is not held
 * open for the caller all that time. Sending it again meanwhile would say it twice.
 */
export const createSayer = ({ api, sleep, now, patience, grace }: SayDeps): Sayer => {
  const deliveries = new Map<string, Delivery>();
  const keyOf = (id: string, message: FollowUp): string => `${id} ${message.id}`;

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
    if (message.secrets !== undefined)
      await goAhead(api.setSecrets(id, staticSecrets(message.secrets)), sleep);
    if (standing.execution_status === "waiting_for_confirmation") {
      const yes = isYes(message.text);
      await api.respond(id, yes, yes ? "Approved." : message.text);
    }
    try {
      await api.send(id, contentOf(withReference(message.text, message.id), message.images));
      return { ran: true, sure: true };
    } catch (error) {
      // "Message saved, but the conversation run limit was reached. Retry /run without resending the message."
      if (isFull(error)) return { ran: await run(id), sure: true };
      throw error;
    }
  };

  const begin = (id: string, message: FollowUp, standing: ServerConversation): Delivery => {
    const key = keyOf(id, message);
    const settled = deliver(id, message, standing).then(
      (said) => {
        deliveries.delete(key);
        return said;
      },
      (error: unknown) => {
        delivery.lost = true;
        throw error;
      },
    );
    // Whoever asked may have its answer already; what became of it is seen by `mend`.
    settled.catch(() => undefined);
    const delivery: Delivery = { message, settled, lost: false };
    deliveries.set(key, delivery);
    return delivery;
  };

  /** Its end, or, where the agent is in the middle of something, after a while that it is on its way. */
  const patiently = async ({ message, settled }: Delivery, id: string, isBusy: boolean): Promise<Said> => {
    const onItsWay = async (): Promise<Said> => {
      await sleep(patience);
      return { ran: true, sure: false };
    };
    try {
      return await (isBusy ? Promise.race([settled, onItsWay()]) : settled);
    } catch (error) {
      // The caller knows, and says it again itself.
      deliveries.delete(keyOf(id, message));
      throw error;
    }
  };

  return {
    run,
    async say(id, message, standing) {
      const isBusy = standing.execution_status === "running";
      const known = deliveries.get(keyOf(id, message));
      if (known?.lost === false) return patiently(known, id, isBusy);
      if (!message.again || !(await wasSaid(id, message.id)))
        return patiently(begin(id, message, standing), id, isBusy);
      return { ran: standing.execution_status !== "idle" || (await run(id)), sure: true };
    },
    async mend(id, unheard, standing, overSince) {
      // While the agent works, a request that we lost may still be waiting inside the server.
      if (!over.includes(standing.execution_status)) return true;
      const isLate = overSince !== undefined && now() - overSince >= grace;
      let runs = true;
      for (const message of unheard) {
        const key = keyOf(id, message);
        const known = deliveries.get(key);
        if (known?.lost !== true && !isLate) continue;
        if (!(await wasSaid(id, message.id)))
          runs = (await deliver(id, known?.message ?? message, standing)).ran;
        deliveries.delete(key);
      }
      return runs;
    },
  };
};
