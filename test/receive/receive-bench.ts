import { createHmac, timingSafeEqual } from "node:crypto";
import { createIntake } from "@ask-openhands/bot/intake/create-intake.ts";
import { webhook } from "@ask-openhands/bot/intake/webhook.ts";
import { type BotServer, startServer } from "@ask-openhands/bot/server.ts";
import type { Store } from "@ask-openhands/bot/store/store.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import { subject } from "../contracts/subjects/sqlite-store.ts";
import { makeAuthor, makeMention } from "../support/make-mention.ts";
import { makeSettings } from "../support/make-settings.ts";
import { createKeptLog, type LogLine } from "../support/silent-log.ts";

const secret = "a secret of this test only";

export const sign = (body: string | Uint8Array): string =>
  createHmac("sha256", secret).update(body).digest("hex");

export interface ReceiveBench {
  readonly server: BotServer;
  readonly store: Store;
  readonly lines: readonly LogLine[];
  send(
    body: string,
    headers?: Readonly<Record<string, string>>,
    path?: string,
  ): Promise<{ readonly status: number; readonly text: string }>;
  end(): Promise<void>;
}

interface Payload {
  readonly id?: unknown;
  readonly text?: unknown;
  readonly by?: "person" | "bot" | "self";
  readonly handshake?: string;
  readonly change?: "new" | "edited" | "deleted";
  readonly before?: string;
}

/** A tiny forge's view of a delivery: `{"id":1,"text":"@openhands …","change":"edited"}`. */
const hear = (body: unknown): Heard => {
  if (typeof body !== "object" || body === null) throw new TypeError("no object");
  const { id, text, by, handshake, change, before } = body as Payload;
  if (handshake !== undefined) return { heard: "handshake", body: handshake, contentType: "text/plain" };
  if (typeof text !== "string") return { heard: "ignored", why: "no text" };
  return {
    heard: "mention",
    mention: makeMention(String(id), {
      text,
      before,
      change: change ?? "new",
      author: makeAuthor({ kind: by ?? "person" }),
    }),
  };
};

/** The receive path over a real server and a real store, with a receiver as small as one can be. */
export const startReceiveBench = async (
  change: (store: Store) => Partial<Store> = () => ({}),
  deadline = 2_000,
): Promise<ReceiveBench> => {
  const opened = await subject.open(Date.now);
  const log = createKeptLog();
  const intake = createIntake({
    store: { ...opened.store, ...change(opened.store) },
    policy: { settings: () => makeSettings(), tenantOf: () => "main" },
    log,
  });
  const route = webhook({
    path: "/webhooks/forge",
    limit: 100_000,
    deadline,
    intake,
    log,
    verify: (delivery) => {
      const given = Buffer.from(delivery.headers["x-signature"] ?? "");
      const wanted = Buffer.from(sign(delivery.bytes));
      return given.length === wanted.length && timingSafeEqual(given, wanted)
        ? { genuine: true }
        : { genuine: false, why: "wrong" };
    },
    hear: (_delivery, body) => hear(body),
  });
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    routes: [route, { ...route, path: "/webhooks/forge/:connection" }],
    app: { fetch: (request) => new Response(new URL(request.url).pathname, { status: 203 }) },
    log,
  });
  return {
    server,
    store: opened.store,
    lines: log.lines,
    send: async (body, headers, path = "/webhooks/forge") => {
      const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        method: "POST",
        body,
        headers: { "x-signature": sign(body), "content-type": "application/json", ...headers },
      });
      return { status: response.status, text: await response.text() };
    },
    end: async () => {
      await server.close(1_000);
      await opened.store.close();
      await opened.remove();
    },
  };
};
