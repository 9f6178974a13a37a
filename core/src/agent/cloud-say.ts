import { Failure } from "../failure.ts";
import { type AppConversation, plainId } from "../wire/openhands-cloud.ts";
import { textOf } from "../wire/openhands-event.ts";
import type { FollowUp } from "./agent.ts";
import { goAhead } from "./ahead.ts";
import { isYes } from "./approval.ts";
import type { CloudApi } from "./cloud-api.ts";
import { referencesIn, withReference } from "./reference.ts";
import { liveSandbox, type SandboxDeps } from "./sandbox.ts";
import { contentOf, staticSecrets } from "./server-start.ts";
import { undefinedFor } from "./undefined-for.ts";

export interface CloudSayDeps extends SandboxDeps {
  readonly api: CloudApi;
  readonly find: (id: string) => Promise<AppConversation | null>;
  /** Milliseconds that a machine may take to wake up. */
  readonly wakePatience: number;
  /** Milliseconds after an end in which a message that the machine may still have is not said again. */
  readonly grace: number;
}

/** False: it is on its way. The machine has it, as far as we can know, and adds it when the agent's step ends. */
type Sure = boolean;

interface Delivery {
  readonly sure: Promise<Sure>;
  /** When it began or, later, ended. */
  at: number;
  isUnsure: boolean;
}

/** Milliseconds for which it is remembered that something was said: the history, where others look for it, may lag by half a minute. */
const memory = 600_000;

/** Milliseconds after which somebody else may have said it meanwhile. */
const quick = 1_000;

const archived = (why: string): Failure =>
  new Failure("not-found", `The conversation in OpenHands ${why}; a new one is needed.`);

const statusIs = (error: unknown, ...statuses: readonly number[]): boolean =>
  error instanceof Failure && statuses.includes(error.status ?? 0);

/** True when a message may have arrived although it failed: the app server got no answer from the machine, or we none in time (which has neither status nor cause). */
const isOpen = (error: unknown): boolean =>
  statusIs(error, 502, 504) ||
  (error instanceof Failure &&
    error.kind === "unavailable" &&
    error.status === undefined &&
    error.cause === undefined);

/** Whether the agent does nothing more by itself, and nobody interrupted it or is asked whether it may. A machine that sleeps is woken. */
const isOver = ({ sandbox_status: machine, execution_status: agent }: AppConversation): boolean => {
  if (machine === "STARTING") return false;
  return machine !== "RUNNING" || ["finished", "error", "stuck", "idle"].includes(agent ?? "");
};

/** Says something to a conversation in whatever condition its machine is: awake, asleep, waking up, gone. */
export const createCloudSayer = (deps: CloudSayDeps) => {
  const { api, find, sleep, now } = deps;

  const present = async (id: string): Promise<AppConversation> => {
    const found = await find(id);
    if (found === null) throw archived("was deleted, or our key may not see it any more");
    if (found.sandbox_status === "MISSING") throw archived("is archived");
    if (found.sandbox_status === "ERROR") {
      const detail = (await api.sandbox(found.sandbox_id ?? ""))?.status_detail ?? "no reason was given";
      throw archived(`has a broken machine (${detail.slice(0, 200)})`);
    }
    return found;
  };

  const resume = async (sandboxId: string): Promise<void> => {
    await api.resume(sandboxId).catch((error: unknown) => {
      if (statusIs(error, 404)) throw archived("is archived");
      // 409: it wakes up already, or cannot; the status tells which.
      if (!statusIs(error, 409)) throw error;
    });
  };

  /** Until the machine runs. A moment may pass before its agent server answers; sending is tried again then. */
  const awake = async (id: string): Promise<AppConversation> => {
    const until = now() + deps.wakePatience;
    let conversation = await present(id);
    if (conversation.sandbox_status === "PAUSED") await resume(conversation.sandbox_id ?? "");
    for (;;) {
      if (conversation.sandbox_status === "RUNNING") return conversation;
      if (now() > until)
        throw new Failure("unavailable", "The conversation's machine in OpenHands does not wake up.", {
          retryAt: now() + 30_000,
        });
      await sleep(2_000);
      conversation = await present(id);
    }
  };

  const wasSaid = async (conversation: AppConversation, reference: string): Promise<boolean> => {
    const live = liveSandbox(conversation, deps);
    // The machine knows at once what the history shows up to half a minute later.
    const events =
      (await live?.api.newestFirst(live.id, 5).catch((error: unknown) => undefinedFor(error))) ??
      (await api.newestFirst(conversation.id, 5));
    return events.some(
      (event) =>
        event.source === "user" && referencesIn(textOf(event.llm_message?.content)).includes(reference),
    );
  };

  /** The app server's routes take texts only, so the machine is told itself. Where it is out of reach the conversation keeps the values that it has. */
  const renew = async (
    conversation: AppConversation,
    secrets: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const live = liveSandbox(conversation, deps);
    await live?.api.setSecrets(live.id, staticSecrets(secrets));
  };

  /** Secrets are worth a try, and never hold the message back for long: the machine takes them when the agent's step ends. */
  const refresh = async (conversation: AppConversation, message: FollowUp): Promise<void> => {
    if (message.secrets !== undefined) {
      const renewing = renew(conversation, message.secrets).catch((error: unknown) => undefinedFor(error));
      await goAhead(renewing, sleep);
    }
    const live = liveSandbox(conversation, deps);
    if (live === undefined) return;
    if (conversation.execution_status === "waiting_for_confirmation") {
      const yes = isYes(message.text);
      await live.api.respond(live.id, yes, yes ? "Approved." : message.text);
    }
  };

  const deliver = async (id: string, message: FollowUp): Promise<Sure> => {
    let again = message.again;
    let isFresh = false;
    for (let tries = 1; ; tries += 1) {
      const begun = now();
      const conversation = await awake(id);
      if (again && (await wasSaid(conversation, message.id))) return true;
      if (!isFresh) await refresh(conversation, message);
      isFresh = true;
      if (now() - begun > quick && (await wasSaid(conversation, message.id))) return true;
      try {
        await api.send(id, contentOf(withReference(message.text, message.id), message.images));
        return true;
      } catch (error) {
        if (statusIs(error, 404, 410)) throw archived("is archived");
        // The machine answers when the agent's step ends; the app server, or we, gave up before. Sent again, it would be said twice.
        if (conversation.execution_status === "running" && isOpen(error)) return false;
        if (!statusIs(error, 409, 502, 503)) throw error;
        // 502: the machine may have taken it and answer late, so it is looked for before it is said again.
        again = true;
        // 409: it fell asleep, and has a new key when it wakes up.
        isFresh = !statusIs(error, 409);
        if (tries >= 5)
          throw new Failure("unavailable", "OpenHands could not hand the message to the agent yet.", {
            retryAt: now() + 20_000,
            status: 502,
            cause: error,
          });
        await sleep(1_500 * tries);
      }
    }
  };

  const deliveries = new Map<string, Delivery>();

  const begin = (key: string, id: string, message: FollowUp): Delivery => {
    const delivery: Delivery = { sure: deliver(id, message), at: now(), isUnsure: false };
    deliveries.set(key, delivery);
    delivery.sure.then(
      (sure) => {
        delivery.at = now();
        delivery.isUnsure = !sure;
      },
      () => deliveries.delete(key),
    );
    return delivery;
  };

  const keyOf = (id: string, message: FollowUp): string => `${plainId(id)} ${message.id}`;

  /** Callers have less patience than a machine that wakes up: who asks again joins the delivery that is under way, or hears what became of it. */
  const say = (id: string, message: FollowUp): Promise<Sure> => {
    for (const [old, { at }] of deliveries) if (now() - at > memory) deliveries.delete(old);
    const key = keyOf(id, message);
    return (deliveries.get(key) ?? begin(key, id, message)).sure;
  };

  return {
    say,
    /** Says those again that did not arrive, some time after the agent's end. */
    async mend(id: string, unheard: readonly FollowUp[], overSince: number | undefined): Promise<void> {
      if (overSince === undefined || now() - overSince < deps.grace) return;
      const found = await find(id);
      if (found === null || !isOver(found)) return;
      for (const message of unheard) {
        const key = keyOf(id, message);
        if (deliveries.get(key)?.isUnsure === true) deliveries.delete(key);
        await say(id, message);
      }
    },
    async renew(id: string, secrets: Readonly<Record<string, string>>): Promise<void> {
      await renew(await present(id), secrets);
    },
    /** While the conversation is still being prepared. */
    async queue(taskId: string, message: FollowUp): Promise<Sure> {
      if (message.again)
        throw new Failure("unavailable", "The conversation is still being prepared.", {
          retryAt: now() + 10_000,
        });
      await api.queue(plainId(taskId), contentOf(withReference(message.text, message.id), message.images));
      return true;
    },
  };
};
