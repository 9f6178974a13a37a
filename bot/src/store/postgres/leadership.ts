import type { Client } from "pg";
import type { Log } from "../../log.ts";
import type { Leadership } from "../leadership.ts";
import { openListener } from "./connect.ts";

/** The leader's session holds this lock; it ends with the session, however the process died. */
const lockKey = 8103;
const look = 3_000;
/** A connection that does not answer for this long leads no more. */
const answerTime = 5_000;

const keepAlive = [
  "SET tcp_keepalives_idle = 10",
  "SET tcp_keepalives_interval = 5",
  "SET tcp_keepalives_count = 3",
].join("; ");

const within = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), answerTime);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** One leader among all processes of a database: a session lock of PostgreSQL, tried for every three seconds and given back at the end. */
export const createPostgresLeadership = async (url: string, log: Log): Promise<Leadership> => {
  const watchers = new Set<() => void>();
  let client: Client | undefined;
  let leading = false;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const set = (now: boolean): void => {
    if (leading === now) return;
    leading = now;
    log.info({ leads: now }, now ? "this process sweeps and polls now" : "another process may sweep now");
    for (const changed of watchers) changed();
  };

  const drop = (): void => {
    const gone = client;
    client = undefined;
    gone?.end().catch(() => undefined);
    set(false);
  };

  const connect = async (): Promise<Client> => {
    const fresh = openListener(url);
    fresh.on("error", () => {
      if (client === fresh) drop();
    });
    await fresh.connect();
    client = fresh;
    await fresh.query(keepAlive);
    return fresh;
  };

  const tryOnce = async (): Promise<void> => {
    try {
      const held = client ?? (await within(connect()));
      const sql = leading ? "SELECT true AS held" : `SELECT pg_try_advisory_lock(${lockKey}) AS held`;
      const { rows } = await within(held.query<{ held: boolean }>(sql));
      if (client === held) set(rows[0]?.held === true);
    } catch (cause) {
      log.debug({ error: String(cause) }, "leadership cannot be asked for");
      drop();
    }
  };

  const plan = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void tryOnce().then(plan), look);
    timer.unref();
  };
  await tryOnce();
  plan();

  return {
    leads: () => leading,
    onChange: (changed) => {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      watchers.clear();
      const held = client;
      client = undefined;
      leading = false;
      await held?.end().catch(() => undefined);
    },
  };
};
