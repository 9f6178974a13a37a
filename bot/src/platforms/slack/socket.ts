import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { PlatformDeps } from "../deps.ts";
import type { Reply } from "./bolt.ts";
import { slackLogger } from "./logger.ts";

/** Takes what a socket delivered; resolves when it is stored. */
export type TakeDelivery = (
  body: Readonly<Record<string, unknown>>,
  connection: Connection,
) => Promise<Reply>;

interface SocketDelivery {
  readonly ack: (reply?: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Socket Mode: Slack delivers through a connection that we open, for machines that nothing outside can reach.
 * Each envelope goes to one of the open connections; what is not acknowledged comes again after a reconnect. https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export const listenBySocket = async (
  deps: PlatformDeps,
  connections: readonly Connection[],
  take: TakeDelivery,
  signal: AbortSignal,
): Promise<void> => {
  if (connections.length === 0) return;
  const { SocketModeClient } = await import("@slack/socket-mode");
  const clients = connections.map((connection) => {
    const client = new SocketModeClient({
      appToken: deps.connections.secret(connection, "appToken") ?? "",
      logger: slackLogger(deps.log),
      clientOptions: {
        slackApiUrl: `${(connection.settings["apiUrl"] ?? "https://slack.com/api").replace(/\/+$/, "")}/`,
        fetch: (url, init) => deps.fetch(url, init),
      },
    });
    client.on("slack_event", ({ ack, body }: SocketDelivery) => {
      take(body, connection).then(
        (reply) => ack(typeof reply === "string" ? { text: reply } : reply),
        // Not acknowledged: Slack sends it again.
        (error: unknown) =>
          deps.log.error(
            { connection: connection.id, error: String(error) },
            "delivery by socket not stored",
          ),
      );
    });
    return client;
  });
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.all(clients.map((client) => client.start()));
  await stopped;
  await Promise.allSettled(clients.map((client) => client.disconnect()));
};
