import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { githubDelivery } from "@ask-openhands/core/wire/github.ts";
import type { Heard } from "@ask-openhands/core/work/mention.ts";
import type { Log } from "../../log.ts";
import type { Client } from "./client.ts";
import { type Doors, orUndefined } from "./connect.ts";
import type { Ear } from "./envelope.ts";
import { mayConcern } from "./hear.ts";
import { hearAgain } from "./hear-again.ts";
import { perPage } from "./pages.ts";

/** Failed deliveries that are read again in one look: each costs a request of the App's 5,000 an hour. */
const mostDeliveries = 500;

export interface Hearing {
  readonly doors: Doors;
  ear(connection: Connection): Promise<Ear>;
  readonly log: Log;
}

interface Summary {
  readonly id: number;
  readonly delivered_at: string;
  readonly status_code: number;
  readonly event: string;
}

const hasFailed = ({ status_code: status, event }: Summary): boolean =>
  (status < 200 || status >= 300) && mayConcern(event);

/** Newest first, as far back as `since`: those that arrived are listed too, so that the failed ones may stand many pages deep. */
async function failedSince(app: Client, since: number): Promise<readonly Summary[]> {
  const failed: Summary[] = [];
  let cursor: string | undefined;
  do {
    const { data, headers } = await app.rest.apps.listWebhookDeliveries({
      per_page: perPage,
      ...(cursor ? { cursor } : {}),
    });
    const recent = data.filter((delivery) => Date.parse(delivery.delivered_at) >= since);
    failed.push(...recent.filter(hasFailed));
    cursor = recent.length < data.length ? undefined : /[?&]cursor=([^&>]+)/.exec(headers.link ?? "")?.[1];
  } while (cursor);
  return failed;
}

/** GitHub never sends a delivery twice by itself, but keeps what it sent for three days. Oldest first, so that what is left is what came last. */
export async function* missedDeliveries(
  { doors, ear, log }: Hearing,
  connection: Connection,
  since: number,
  reached: (time: number) => void,
): AsyncIterable<Heard> {
  const app = await doors.asApp(connection);
  const listening = await ear(connection);
  const failed = (await failedSince(app, since)).toReversed();
  for (const one of failed.slice(0, mostDeliveries)) {
    const answer = await orUndefined(app.rest.apps.getWebhookDelivery({ delivery_id: one.id }));
    const delivery = githubDelivery.safeParse(answer?.data);
    if (delivery.success)
      yield* hearAgain(delivery.data.event, delivery.data.request.payload, listening, log);
  }
  const next = failed[mostDeliveries];
  if (next === undefined) return;
  const left = failed.length - mostDeliveries;
  log.warn(
    { connection: connection.id, read: mostDeliveries, left },
    "more deliveries failed than one look reads again",
  );
  reached(Date.parse(next.delivered_at));
}
