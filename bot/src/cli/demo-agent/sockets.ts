import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Protocol } from "./protocol.ts";

const isKey = (data: RawData, key: string): boolean => {
  try {
    const frame: unknown = JSON.parse(String(data));
    const fields: Readonly<Record<string, unknown>> =
      typeof frame === "object" && frame !== null ? { ...frame } : {};
    return fields["type"] === "auth" && fields["session_api_key"] === key;
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return false;
    throw notJson;
  }
};

/** `/sockets/events/{id}`: key in the first frame, the whole state first, then every event; 4001 for a wrong key, 4004 for an unknown conversation. */
export const createSockets = (protocol: Protocol, key: string | undefined) => {
  const server = new WebSocketServer({ noServer: true });

  const serve = (socket: WebSocket, id: string): void => {
    const conversation = protocol.conversations.get(id);
    if (conversation === undefined) {
      socket.close(4004, "Conversation not found");
      return;
    }
    socket.send(
      JSON.stringify({
        kind: "ConversationStateUpdateEvent",
        key: "full_state",
        value: { execution_status: conversation.status },
      }),
    );
    const stop = conversation.listen((event) => socket.send(JSON.stringify(event)));
    socket.on("close", stop);
  };

  const welcome = (socket: WebSocket, id: string): void => {
    if (key === undefined) {
      serve(socket, id);
      return;
    }
    socket.once("message", (data) => {
      if (isKey(data, key)) serve(socket, id);
      else socket.close(4001, "Authentication failed");
    });
  };

  return {
    upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
      const id = /^\/sockets\/events\/([^/?]+)/.exec(message.url ?? "")?.[1];
      if (id === undefined) {
        socket.destroy();
        return;
      }
      server.handleUpgrade(message, socket, head, (opened) => welcome(opened, id));
    },
    /** Breaks all connections; new ones are welcome. */
    drop(): void {
      for (const client of server.clients) client.terminate();
    },
    close(): void {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
};
