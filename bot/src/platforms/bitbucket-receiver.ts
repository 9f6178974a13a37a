import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { handleSpans } from "@ask-openhands/core/trigger/handle-spans.ts";
import { visibleText } from "@ask-openhands/core/trigger/visible-text.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import { type Genuine, webhook } from "../intake/webhook.ts";
import type { Delivery, Route, Verified } from "../intake.ts";
import type { OwnAccounts } from "./bitbucket-account.ts";
import { type BitbucketEar, ignored } from "./bitbucket-place.ts";
import type { BitbucketSites } from "./bitbucket-sites.ts";
import type { PlatformDeps } from "./deps.ts";
import { signingKeys, verifyHubSignature } from "./signature.ts";

export interface BitbucketReceiver {
  readonly deps: PlatformDeps;
  readonly platform: PlatformId;
  readonly sites: BitbucketSites;
  /** Bytes. */
  readonly limit: number;
  /** Event that may come unsigned, because all it gets is an answer. */
  readonly unsigned?: string | undefined;
  hear(event: string | undefined, body: unknown, ear: BitbucketEar): Heard;
  /** Looks up what the delivery itself does not tell, for texts that call us. */
  complete?(mention: Mention): Promise<Heard>;
}

export const eventHeader = "x-event-key";

const named = (delivery: Delivery): string | undefined => delivery.headers[eventHeader]?.slice(0, 100);

/** What hearing needs, for one connection or, in `explain`, for none. */
export const bitbucketEar = (
  deps: PlatformDeps,
  connection: Connection | undefined,
  own: (host: string) => OwnAccounts,
): BitbucketEar => ({
  ...(connection === undefined ? {} : { host: connection.host, connection: connection.id }),
  handle: deps.handles(connection?.id)[0] ?? "@openhands",
  own,
});

/** Receivers of one flavour: an address per connection, and a common one that finds the connection by who signed. */
export const bitbucketRoutes = (receiver: BitbucketReceiver): readonly Route[] => {
  const { deps, platform, sites } = receiver;
  const { connections } = deps;

  const verify = (delivery: Delivery): Verified => {
    const { headers, params, bytes } = delivery;
    const signature = headers["x-hub-signature"];
    if (signature === undefined && receiver.unsigned !== undefined && named(delivery) === receiver.unsigned)
      return { genuine: true };
    const active = connections.list(platform).filter((one) => one.active);
    const { connection: id } = params;
    const among = id === undefined ? active : active.filter((one) => one.id === id);
    return verifyHubSignature(signature, bytes, signingKeys(connections, among));
  };

  const calls = ({ text, place }: Mention): boolean =>
    handleSpans(visibleText(text), deps.handles(place.connection)).length > 0;

  const hear = async (delivery: Delivery, body: unknown, verified: Genuine): Promise<Heard> => {
    const connection = connections.get(verified.connection ?? "");
    if (connection === undefined)
      return receiver.hear(receiver.unsigned, body, bitbucketEar(deps, undefined, sites.known));
    const own = await sites.own(connection.host);
    const heard = receiver.hear(
      named(delivery),
      body,
      bitbucketEar(deps, connection, () => own),
    );
    if (heard.heard !== "mention") return heard;
    const { host } = heard.mention.place;
    if (host !== connection.host) {
      deps.log.warn(
        { connection: connection.id, host },
        "delivery speaks of another server than its connection",
      );
      return ignored("the delivery speaks of another server than its connection");
    }
    const { address, repository } = heard.mention.place;
    if (address["repositoryId"] && repository)
      sites.learnName(connection.id, { id: address["repositoryId"], name: repository });
    return receiver.complete && calls(heard.mention) ? receiver.complete(heard.mention) : heard;
  };

  const route = (path: string): Route =>
    webhook({ path, limit: receiver.limit, verify, hear, intake: deps.intake, log: deps.log, now: deps.now });

  return [route(`/webhooks/${platform}/:connection`), route(`/webhooks/${platform}`)];
};
