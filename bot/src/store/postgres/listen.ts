import type { Client } from "pg";
import { databaseFailure, openListener } from "./connect.ts";

/** Milliseconds between attempts to listen again; meanwhile workers still see everything at their own wake times. */
const pause = 2_000;

/** Calls back when any process notified the channel, with what it said, and after every new connection. Throws when the first connection fails; later ones are made again by themselves. */
export const listen = async (
  url: string,
  ready: (said?: string) => void,
  channel: string,
): Promise<{ stop(): Promise<void> }> => {
  let client: Client | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const fresh = openListener(url);
    fresh.on("notification", ({ payload }) => ready(payload));
    const again = (): void => {
      if (stopped || client !== fresh) return;
      client = undefined;
      timer = setTimeout(reconnect, pause);
    };
    fresh.on("error", again);
    fresh.on("end", again);
    await fresh.connect();
    await fresh.query(`LISTEN ${channel}`);
    client = fresh;
    // What became ready while nobody listened.
    ready();
  };

  const reconnect = (): void => {
    connect().catch(() => {
      if (!stopped) timer = setTimeout(reconnect, pause);
    });
  };

  await connect().catch((error: unknown) => {
    throw databaseFailure(error);
  });
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await client?.end();
    },
  };
};
