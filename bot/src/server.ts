import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Route } from "./intake.ts";
import type { Log } from "./log.ts";
import { createFindRoute } from "./server/find-route.ts";
import { createReceive } from "./server/receive.ts";

export interface ServerSettings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Receivers; every path of theirs begins with `/webhooks/`. */
  readonly routes: readonly Route[];
  /** Everything else: API, page, health. */
  readonly app: { fetch(request: Request, env?: unknown): Response | Promise<Response> };
  readonly log: Log;
  answered?(path: string, status: number, milliseconds: number): void;
}

export interface BotServer {
  readonly port: number;
  /** New connections are refused at once, requests under way are answered; what is still open after `patience` milliseconds is cut. */
  close(patience: number): Promise<void>;
}

const prefix = "/webhooks/";
const headerTime = 10_000;
const requestTime = 30_000;
/** Longer than the idle time of common proxies (60 s), so that they and not we close idle connections. */
const idleTime = 65_000;

const pathOf = (url: string): string => {
  const query = url.indexOf("?");
  return query === -1 ? url : url.slice(0, query);
};

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

/** One HTTP server: deliveries take a short way of their own, everything else goes through the app. Rejects when the port cannot be had. */
export const startServer = async (settings: ServerSettings): Promise<BotServer> => {
  const { log } = settings;
  const strange = settings.routes.find((route) => !route.path.startsWith(prefix));
  if (strange !== undefined) throw new Error(`receiver outside ${prefix}: ${strange.path}`);
  const receive = createReceive({
    find: createFindRoute(settings.routes),
    answered: (path, status, startedAt) => settings.answered?.(path, status, performance.now() - startedAt),
    failed: (path, cause) =>
      log.error(
        { route: path, error: cause instanceof Error ? cause.message : "unknown" },
        "receiver failed",
      ),
  });
  const others = getRequestListener((request, env) => settings.app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  let closing = false;

  const server = createServer(
    {
      headersTimeout: headerTime,
      requestTimeout: requestTime,
      keepAliveTimeout: idleTime,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      if (closing) response.setHeader("connection", "close");
      const path = pathOf(request.url ?? "/");
      if (path.startsWith(prefix)) void receive(request, response, path);
      else void others(request, response);
    },
  );
  server.on("clientError", (_cause, socket) => {
    if (socket.writable)
      socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    else socket.destroy();
  });
  const port = await listen(server, settings.port, settings.host);

  return {
    port,
    close: (patience) =>
      new Promise((resolve) => {
        closing = true;
        const cut = setTimeout(() => server.closeAllConnections(), patience);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
