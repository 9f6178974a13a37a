import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { findTrigger } from "@ask-openhands/core/trigger/find-trigger.ts";
import { handleSpans } from "@ask-openhands/core/trigger/handle-spans.ts";
import { visibleText } from "@ask-openhands/core/trigger/visible-text.ts";
import type { JiraIssue } from "@ask-openhands/core/wire/jira.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import { webhook } from "../intake/webhook.ts";
import type { Delivery, Route, Verified } from "../intake.ts";
import type { PlatformDeps } from "./deps.ts";
import { hearJira, type JiraEar } from "./jira-hear.ts";
import { commentUrl, jiraPlace } from "./jira-place.ts";
import { audienceOf, isInternal } from "./jira-privacy.ts";
import type { JiraSites } from "./jira-sites.ts";
import { mayVouch, type SigningKey, signingKeys, verifyHubSignature, verifyPlainToken } from "./signature.ts";

/** Bytes. Jira names no limit; tickets with long descriptions and many fields stay far below. */
const bodyLimit = 5 * 1024 * 1024;

/** What hearing needs, for one connection or, in `explain`, for none. */
export const jiraEar = (
  deps: PlatformDeps,
  platform: PlatformId,
  sites: JiraSites,
  connection: Connection | undefined,
): JiraEar => {
  const handles = deps.handles(connection?.id);
  return {
    platform,
    ...(connection === undefined ? {} : { host: connection.host, connection: connection.id }),
    handle: handles[0] ?? "@openhands",
    labels: deps.labels(connection?.id),
    mentions: (text) => handleSpans(visibleText(text), handles).length > 0,
    isOwn: sites.isOwn,
  };
};

export interface JiraReceiver {
  readonly deps: PlatformDeps;
  readonly platform: PlatformId;
  readonly sites: JiraSites;
  /** Key in the hook's address for servers that cannot sign (Data Center before 10); `undefined` where unsigned deliveries are never taken. */
  addressKey?(connection: Connection): string | undefined;
}

/** Receivers of one flavour: one address per connection, and a common one that finds the connection by who signed. */
export const jiraRoutes = ({ deps, platform, sites, addressKey }: JiraReceiver): readonly Route[] => {
  const among = (delivery: Delivery): readonly Connection[] => {
    const id = delivery.params["connection"];
    return sites.all().filter((one) => mayVouch(one) && (id === undefined || one.id === id));
  };

  const verify = (delivery: Delivery): Verified => {
    const connections = among(delivery);
    const signature = delivery.headers["x-hub-signature"];
    const given = new URLSearchParams(delivery.query).get("key") ?? undefined;
    if (signature === undefined && given !== undefined) {
      const keys = connections.flatMap((connection): readonly SigningKey[] => {
        const secret = addressKey?.(connection);
        return secret === undefined ? [] : [{ secret, connection: connection.id }];
      });
      return verifyPlainToken(given, keys);
    }
    return verifyHubSignature(signature, delivery.bytes, signingKeys(deps.connections, connections));
  };

  /** Whether an ask is an internal note, where its delivery does not say. What cannot be found out counts as one: its answer then goes to fewer people, never to more. */
  const isInternalNote = async (
    connection: Connection,
    mention: Mention,
    issue: JiraIssue | undefined,
  ): Promise<boolean> => {
    const internal = isInternal({}, issue);
    if (internal !== undefined) return internal;
    try {
      const { address } = mention.place;
      const comment = await sites
        .api(connection)
        .comment(address["issue"] ?? "", mention.reply["comment"] ?? "");
      return isInternal(comment, issue) ?? true;
    } catch (error) {
      deps.log.warn({ connection: connection.id, error: String(error) }, "comment not read back");
      return true;
    }
  };

  /** The id is enough to work with; when it cannot be read back, only the name is missing. */
  const readTicket = async (connection: Connection, mention: Mention): Promise<JiraIssue | undefined> => {
    try {
      return await sites.api(connection).issue(mention.place.address["issue"] ?? "");
    } catch (error) {
      deps.log.warn({ connection: connection.id, error: String(error) }, "ticket of a comment not read back");
      return undefined;
    }
  };

  /**
   * Data Center's comment events name the ticket by its id only, and never say which notes are internal: what people call it and who sees the comment is
   * read back, when the comment is meant for us.
   */
  const withTicket = async (connection: Connection, heard: Heard): Promise<Heard> => {
    if (heard.heard !== "mention") return heard;
    const { mention } = heard;
    const { comment, internal } = mention.reply;
    const isTold = comment === undefined || internal !== undefined;
    if (isTold && mention.place.address["key"] !== undefined) return heard;
    if (findTrigger(mention, deps.handles(connection.id)).kind === "none") return heard;
    const issue = await readTicket(connection, mention);
    const reply = isTold
      ? mention.reply
      : { ...mention.reply, internal: String(await isInternalNote(connection, mention, issue)) };
    const { base = "", issue: id = "", key } = mention.place.address;
    const place = jiraPlace({
      ear: jiraEar(deps, platform, sites, connection),
      base,
      host: connection.host,
      issue: issue ?? (key === undefined ? undefined : { id, key, fields: { summary: mention.place.title } }),
      issueId: id,
      audience: audienceOf(reply),
    });
    return {
      heard: "mention",
      mention: {
        ...mention,
        place,
        reply,
        url: comment === undefined ? place.url : commentUrl(place, comment),
      },
    };
  };

  const route = (path: string): Route =>
    webhook({
      path,
      limit: bodyLimit,
      verify,
      intake: deps.intake,
      log: deps.log,
      now: deps.now,
      async hear(_delivery, body, verified) {
        const connection = deps.connections.get(verified.connection ?? "");
        if (connection === undefined) return { heard: "ignored", why: "the connection is gone" };
        sites.noteTold(connection);
        // Without our own account we could not tell our comments from others'; asked once, then remembered.
        await sites.account(connection).catch((error: unknown) => {
          deps.log.warn({ connection: connection.id, error }, "own Jira account unknown");
        });
        const heard = hearJira(body, jiraEar(deps, platform, sites, connection));
        const foreign = heard.heard === "mention" && heard.mention.place.host !== connection.host;
        return foreign
          ? { heard: "ignored", why: "the delivery speaks of another site than its connection" }
          : withTicket(connection, heard);
      },
    });

  return [route(`/webhooks/${platform}`), route(`/webhooks/${platform}/:connection`)];
};
