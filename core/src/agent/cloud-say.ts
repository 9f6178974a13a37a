import { Failure } from "../failure.ts";
import { type AppConversation, plainId } from "../wire/openhands-cloud.ts";
import { textOf } from "../wire/openhands-event.ts";
import type { FollowUp } from "./agent.ts";
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
}

const archived = (why: string): Failure =>
  new Failure("not-found", `The conversation in OpenHands ${why}; a new one is needed.`);

const statusIs = (error: unknown, ...statuses: readonly number[]): boolean =>
  error instanceof Failure && statuses.includes(error.status ?? 0);

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

  const refresh = async (conversation: AppConversation, message: FollowUp): Promise<void> => {
    if (message.secrets !== undefined)
      await renew(conversation, message.secrets).catch((error: unknown) => undefinedFor(error));
    const live = liveSandbox(conversation, deps);
    if (live === undefined) return;
    if (conversation.execution_status === "waiting_for_confirmation") {
      const yes = isYes(message.text);
      await live.api.respond(live.id, yes, yes ? "Approved." : message.text);
    }
  };

  const deliver = async (id: string, message: FollowUp): Promise<void> => {
    let again = message.again;
    for (let tries = 1; ; tries += 1) {
      const conversation = await awake(id);
      if (again && (await wasSaid(conversation, message.id))) return;
      await refresh(conversation, message);
      try {
        await api.send(id, contentOf(withReference(message.text, message.id), message.images));
        return;
      } catch (error) {
        if (statusIs(error, 404, 410)) throw archived("is archived");
        if (!statusIs(error, 409, 502, 503)) throw error;
        // 502: the machine may have taken it and answer late, so it is looked for before it is said again.
        again = true;
        const busy = conversation.execution_status === "running" && statusIs(error, 502);
        if (busy || tries >= 5)
          throw new Failure("unavailable", "OpenHands could not hand the message to the agent yet.", {
            retryAt: now() + 20_000,
            status: 502,
            cause: error,
          });
        await sleep(1_500 * tries);
      }
    }
  };

  return {
    say: deliver,
    async renew(id: string, secrets: Readonly<Record<string, string>>): Promise<void> {
      await renew(await present(id), secrets);
    },
    /** While the conversation is still being prepared. */
    async queue(taskId: string, message: FollowUp): Promise<void> {
      if (message.again)
        throw new Failure("unavailable", "The conversation is still being prepared.", {
          retryAt: now() + 10_000,
        });
      await api.queue(plainId(taskId), contentOf(withReference(message.text, message.id), message.images));
    },
  };
};
