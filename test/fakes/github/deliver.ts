import { createHmac, randomUUID } from "node:crypto";
import type { Sent } from "../../contracts/platform-subject.ts";
import { installationOf } from "./moved.ts";
import type { Shapes } from "./shapes.ts";
import type { Delivery, Hook, Repository, State, User } from "./state.ts";

export const sign = (secret: string, bytes: Uint8Array): string =>
  `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`;

/** Sends what GitHub would: signed, as the App's webhook and as the repository's own; keeps it where nothing listens. */
export interface Deliver {
  (event: string, repository: Repository, sender: User, body: Readonly<Record<string, unknown>>): void;
  /** Deliveries that were kept. */
  take(): readonly Sent[];
  lose(lose: boolean): void;
  listen(base: string | undefined): void;
  again(delivery: Delivery): void;
  /** All that is on its way has arrived. */
  settled(): Promise<void>;
}

export function createDeliver(state: State, shapes: Shapes): Deliver {
  let base: string | undefined;
  let losing = false;
  let kept: Sent[] = [];
  let underway: Promise<unknown> = Promise.resolve();

  const headersOf = (event: string, guid: string, hookId: number, bytes: Uint8Array, secret: string) => ({
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/044aadd",
    "x-github-event": event,
    "x-github-delivery": guid,
    "x-github-hook-id": String(hookId),
    "x-hub-signature-256": sign(secret, bytes),
  });

  const send = async (sent: Sent, told: (status: number) => void): Promise<void> => {
    if (losing) return told(502);
    if (base === undefined) {
      kept.push(sent);
      return told(200);
    }
    const body = Buffer.from(sent.bytes);
    const answer = await fetch(`${base}${sent.path}`, { method: "POST", headers: sent.headers, body }).catch(
      () => undefined,
    );
    told(answer?.status ?? 502);
  };

  /** One after the other, as they happened. */
  const queue = (sent: Sent, told: (status: number) => void): void => {
    underway = underway.then(() => send(sent, told));
  };

  const toApp = (event: string, body: Readonly<Record<string, unknown>>, installation: number): void => {
    if (!state.app.events.includes(event) || state.hook.secret === "") return;
    const payload = { ...body, installation: { id: installation, node_id: "I_1" } };
    const guid = randomUUID();
    const bytes = Buffer.from(JSON.stringify(payload));
    const headers = headersOf(event, guid, 1, bytes, state.hook.secret);
    const action = typeof body["action"] === "string" ? body["action"] : null;
    const delivery: Delivery = {
      id: state.nextId(),
      guid,
      event,
      action,
      at: new Date().toISOString(),
      headers,
      payload,
      status: 0,
    };
    state.deliveries.unshift(delivery);
    queue({ method: "POST", path: "/webhooks/github", headers, bytes }, (status) => {
      delivery.status = status;
    });
  };

  const toHook = (hook: Hook, event: string, body: Readonly<Record<string, unknown>>): void => {
    if (!hook.active || !hook.events.includes(event)) return;
    const bytes = Buffer.from(JSON.stringify(body));
    const headers = headersOf(event, randomUUID(), hook.id, bytes, hook.secret);
    queue({ method: "POST", path: new URL(hook.url).pathname, headers, bytes }, (status) => {
      hook.last = {
        code: status,
        status: status < 300 ? "active" : "failed",
        message: status < 300 ? "OK" : "failed",
      };
    });
  };

  const deliver = (
    event: string,
    repository: Repository,
    sender: User,
    body: Readonly<Record<string, unknown>>,
  ): void => {
    const whole = { ...body, repository: shapes.repository(repository), sender: shapes.user(sender) };
    toApp(event, whole, installationOf(state, repository));
    for (const hook of repository.hooks) toHook(hook, event, whole);
  };

  return Object.assign(deliver, {
    take() {
      const all = kept;
      kept = [];
      return all;
    },
    lose(lose: boolean) {
      losing = lose;
    },
    listen(to: string | undefined) {
      base = to;
    },
    again({ headers, payload }: Delivery) {
      const bytes = Buffer.from(JSON.stringify(payload));
      queue(
        {
          method: "POST",
          path: "/webhooks/github",
          headers: { ...headers, "x-hub-signature-256": sign(state.hook.secret, bytes) },
          bytes,
        },
        () => undefined,
      );
    },
    settled: async () => {
      await underway;
    },
  });
}
