import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { PlatformDeps } from "../deps.ts";
import { apiAddress } from "./api-address.ts";
import type { Reply } from "./bolt.ts";
import { slackLogger } from "./logger.ts";

/** Takes what the socket of an app delivered; resolves when it is stored. */
export type TakeDelivery = (body: Readonly<Record<string, unknown>>, appToken: string) => Promise<Reply>;

interface SocketDelivery {
  readonly ack: (reply?: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Milliseconds before a socket that broke is opened again; Slack renews sockets every few hours, which is no trouble. */
const firstPause = 100;
const longestPause = 30_000;
/** A socket that stood for this time was no failure. */
const stood = 60_000;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return Promise.race([over, aborted(signal)]).finally(() => clearTimeout(timer));
};

/** One socket, until it breaks or the signal aborts. Its client would open it again by itself, but what fails then is nobody's to catch. */
const listenOnce = async (
  deps: PlatformDeps,
  connection: Connection,
  take: TakeDelivery,
  signal: AbortSignal,
): Promise<void> => {
  const { SocketModeClient } = await import("@slack/socket-mode");
  const appToken = deps.connections.secret(connection, "appToken") ?? "";
  const client = new SocketModeClient({
    appToken,
    logger: slackLogger(deps.log),
    autoReconnectEnabled: false,
    clientOptions: {
      slackApiUrl: `${apiAddress(connection)}/`,
      fetch: (url, init) => deps.fetch(url, init),
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: 10_000,
    },
  });
  client.on("slack_event", ({ ack, body }: SocketDelivery) => {
    take(body, appToken)
      .then((reply) => ack(typeof reply === "string" ? { text: reply } : reply))
      // Not acknowledged: Slack sends it again.
      .catch((error: unknown) =>
        deps.log.error({ connection: connection.id, error: String(error) }, "delivery by socket not stored"),
      );
  });
  const broken = new Promise<void>((resolve) => client.once("disconnected", () => resolve()));
  await client.start();
  if (await Promise.race([broken.then(() => false), aborted(signal).then(() => true)]))
    await client.disconnect();
};

/** Opens a socket again and again, until the signal aborts. */
const keepListening = async (
  deps: PlatformDeps,
  connection: Connection,
  take: TakeDelivery,
  signal: AbortSignal,
): Promise<void> => {
  for (let wait = firstPause; !signal.aborted; ) {
    const startedAt = deps.now();
    try {
      await listenOnce(deps, connection, take, signal);
    } catch (error) {
      deps.log.warn({ connection: connection.id, error: String(error) }, "Slack's socket cannot be opened");
    }
    wait = deps.now() - startedAt > stood ? firstPause : Math.min(longestPause, wait * 2);
    await pause(wait, signal);
  }
};

/**
 * Socket Mode: Slack delivers through a connection that we open, for machines that nothing outside can reach. One socket for each app: what it
 * carries says for which workspace it is. Each envelope goes to one of the open sockets; what is not acknowledged comes again after a reconnect.
 * https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export const listenBySocket = async (
  deps: PlatformDeps,
  take: TakeDelivery,
  signal: AbortSignal,
): Promise<void> => {
  const open = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();

  /** By token, so that a changed one is a new socket. */
  const wanted = (): ReadonlyMap<string, Connection> =>
    new Map(
      deps.connections.list("slack").flatMap((connection) => {
        const token = connection.active ? deps.connections.secret(connection, "appToken") : undefined;
        return token ? [[`${connection.settings["apiUrl"] ?? ""} ${token}`, connection] as const] : [];
      }),
    );

  const follow = (): void => {
    const sockets = signal.aborted ? new Map<string, Connection>() : wanted();
    for (const [key, { stop }] of open) {
      if (sockets.has(key)) continue;
      stop.abort();
      open.delete(key);
    }
    for (const [key, connection] of sockets) {
      if (open.has(key)) continue;
      const stop = new AbortController();
      open.set(key, { stop, ended: keepListening(deps, connection, take, stop.signal) });
    }
  };

  const unwatch = deps.connections.watch("slack", follow);
  follow();
  await aborted(signal);
  unwatch();
  const ending = [...open.values()].map(({ ended }) => ended);
  follow();
  await Promise.allSettled(ending);
};
