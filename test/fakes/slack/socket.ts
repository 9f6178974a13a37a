import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

export interface FakeSocket {
  upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly connected: boolean;
  /** Sends an envelope; resolves with what was acknowledged, `undefined` when the connection ended first. */
  deliver(type: "events_api" | "slash_commands" | "interactive", payload: unknown): Promise<unknown>;
  /** Drops every connection, as Slack does now and then. */
  disconnect(): void;
}

/** Server side of Socket Mode. https://docs.slack.dev/apis/events-api/using-socket-mode */
export const createFakeSocket = (): FakeSocket => {
  const server = new WebSocketServer({ noServer: true });
  const open = new Set<WebSocket>();
  const waiting = new Map<string, { readonly client: WebSocket; resolve(answer: unknown): void }>();
  let last = 0;
  const settle = (id: string, answer: unknown): void => {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  };
  return {
    upgrade(message, socket, head) {
      server.handleUpgrade(message, socket, head, (client) => {
        open.add(client);
        client.on("close", () => {
          open.delete(client);
          for (const [id, one] of waiting) if (one.client === client) settle(id, undefined);
        });
        client.on("message", (data) => {
          const answer = JSON.parse(String(data)) as { envelope_id?: string; payload?: unknown };
          settle(answer.envelope_id ?? "", answer.payload ?? {});
        });
        client.send(
          JSON.stringify({
            type: "hello",
            num_connections: open.size,
            connection_info: { app_id: "A0FAKE" },
          }),
        );
      });
    },
    get connected() {
      return open.size > 0;
    },
    deliver(type, payload) {
      const [client] = open;
      if (client === undefined) return Promise.resolve(undefined);
      const id = `envelope-${++last}`;
      return new Promise((resolve) => {
        waiting.set(id, { client, resolve });
        client.send(
          JSON.stringify({
            envelope_id: id,
            type,
            payload,
            accepts_response_payload: type !== "events_api",
            retry_attempt: 0,
            retry_reason: "",
          }),
        );
      });
    },
    disconnect() {
      for (const client of open) client.terminate();
      open.clear();
    },
  };
};
