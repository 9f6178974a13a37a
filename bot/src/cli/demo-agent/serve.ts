import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { type Ask, createProtocol, type Protocol } from "./protocol.ts";
import type { Script } from "./script.ts";
import { createPretendShell, type Shell } from "./shell.ts";
import { createSockets } from "./sockets.ts";

export interface ScriptedServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly protocol: Protocol;
  close(): Promise<void>;
}

export interface ScriptedServerSettings {
  readonly script: Script;
  /** Session API key that callers must send. */
  readonly key: string;
  /** Milliseconds between two steps of an agent. */
  readonly pace: number;
  readonly shell?: Shell | undefined;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (notJson) {
    if (notJson instanceof SyntaxError) return undefined;
    throw notJson;
  }
};

/** A server on a free port of loopback that speaks the agent server's protocol (REST and WebSocket) with scripted agents behind it. */
export const serveScriptedAgent = async (settings: ScriptedServerSettings): Promise<ScriptedServer> => {
  const shell = settings.shell ?? createPretendShell();
  const protocol = createProtocol({ script: settings.script, shell, pace: settings.pace, now: Date.now });
  const sockets = createSockets(protocol, settings.key);
  const app = new Hono();

  app.use("/api/*", async (context, next) => {
    if (context.req.header("x-session-api-key") === settings.key) return next();
    return context.json({ detail: "Unauthorized" }, 401);
  });
  for (const [method, path, answer] of protocol.routes) {
    app.on(method, path, async (context) => {
      const text = await context.req.text();
      const ask: Ask = {
        params: context.req.param(),
        query: new URL(context.req.url).searchParams,
        headers: context.req.header(),
        json: parse(text),
        text,
      };
      const reply = await answer(ask);
      return Response.json(reply.json ?? null, { status: reply.status ?? 200 });
    });
  }

  const server = createAdaptorServer({ fetch: app.fetch });
  server.on("upgrade", sockets.upgrade);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    protocol,
    async close() {
      sockets.close();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
};
