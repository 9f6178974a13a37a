import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import type { Verified } from "../intake.ts";
import type { Connections } from "../people/connections.ts";

/** One secret that may have signed a delivery, and whose it is. */
export interface SigningKey {
  readonly secret: string;
  readonly connection?: string | undefined;
}

export type Headers = Readonly<Record<string, string | undefined>>;

/** Seconds that a signed time may be away from ours, in both directions: what Slack and Standard Webhooks ask for. */
const tolerance = 300;

const noKey: Verified = { genuine: false, why: "no webhook secret is set for this address" };
const refuse = (why: string): Verified => ({ genuine: false, why });

/**
 * A delivery names its author, so who knows its secret can speak as anybody. Only maintainers are trusted with that, and only for their own workspace:
 * a person's own connection vouches for nothing, also not with a secret that we made. Whoever manages such a webhook can point it at an address of
 * their own, and GitLab sends its token there in clear.
 */
export const mayVouch = ({ owner }: Pick<Connection, "owner">): boolean => owner.kind === "workspace";

/** Current and previous secrets of connections: during a rotation both are valid. Unset ones never verify anything. */
export function signingKeys(
  connections: Connections,
  among: readonly Connection[],
  names: readonly string[] = ["webhookSecret", "previousWebhookSecret"],
): readonly SigningKey[] {
  return among.filter(mayVouch).flatMap((connection) =>
    names.flatMap((name) => {
      const secret = connections.secret(connection, name);
      return secret ? [{ secret, connection: connection.id }] : [];
    }),
  );
}

/** The keys of a platform's deliveries, of one connection or of all: gathered anew when its connections change, not for every delivery. */
export function createKeyRing(
  connections: Connections,
  platform: PlatformId,
  names?: readonly string[],
): (connection: string | undefined) => readonly SigningKey[] {
  let among: readonly Connection[] | undefined;
  let keys: readonly SigningKey[] = [];
  return (connection) => {
    const listed = connections.list(platform);
    if (listed !== among) keys = signingKeys(connections, listed, names);
    among = listed;
    return connection === undefined ? keys : keys.filter((key) => key.connection === connection);
  };
}

/** `sha256=<64 lower-case hex digits>`: HMAC-SHA256 over the raw body, as GitHub, Bitbucket (both) and Jira (both) send it. */
export function verifyHubSignature(
  header: string | undefined,
  bytes: Uint8Array,
  keys: readonly SigningKey[],
): Verified {
  if (keys.length === 0) return noKey;
  if (!header) return refuse("the delivery is not signed");
  if (!/^sha256=[0-9a-f]{64}$/.test(header)) return refuse("the signature is not sha256=<64 hex digits>");
  const given = Buffer.from(header.slice("sha256=".length), "hex");
  return firstMatch(keys, (key) => timingSafeEqual(given, hmac(key, bytes)));
}

/** Slack's `v0=` scheme: the signed text begins with the time, so an old delivery cannot be played back. */
export function verifySlackSignature(
  headers: Headers,
  bytes: Uint8Array,
  keys: readonly SigningKey[],
  now: number,
): Verified {
  if (keys.length === 0) return noKey;
  const header = headers["x-slack-signature"];
  const sentAt = headers["x-slack-request-timestamp"];
  if (!header || !sentAt) return refuse("the delivery is not signed");
  if (!/^v0=[0-9a-f]{64}$/.test(header)) return refuse("the signature is not v0=<64 hex digits>");
  if (!isRecent(sentAt, now))
    return refuse("the signed time is more than five minutes away from this server's clock");
  const given = Buffer.from(header.slice("v0=".length), "hex");
  const before = `v0:${sentAt}:`;
  return firstMatch(keys, (key) =>
    timingSafeEqual(given, createHmac("sha256", key).update(before).update(bytes).digest()),
  );
}

/**
 * Standard Webhooks (https://www.standardwebhooks.com), which GitLab signs with: `webhook-id.webhook-timestamp.body`, key after `whsec_` in base64.
 * The header may carry several signatures separated by spaces, one match is enough; unknown versions are skipped.
 */
export function verifyStandardWebhook(
  headers: Headers,
  bytes: Uint8Array,
  keys: readonly SigningKey[],
  now: number,
): Verified {
  if (keys.length === 0) return noKey;
  const id = headers["webhook-id"];
  const sentAt = headers["webhook-timestamp"];
  const header = headers["webhook-signature"];
  if (!id || !sentAt || !header) return refuse("the delivery is not signed");
  if (!isRecent(sentAt, now))
    return refuse("the signed time is more than five minutes away from this server's clock");
  const entries = header.split(" ");
  // Several signatures are separated by spaces alone; joined by commas they are two headers in one, which GitLab never sends.
  if (!entries.every((one) => /^v\w+,[\w+/=-]+$/.test(one)))
    return refuse("the signature is not v1,<base64 of 32 bytes>");
  const given = entries
    .filter((one) => /^v1,[A-Za-z0-9+/]{43}=$/.test(one))
    .map((one) => Buffer.from(one.slice("v1,".length), "base64"));
  if (given.length === 0) return refuse("the signature is not v1,<base64 of 32 bytes>");
  const signed = Buffer.concat([Buffer.from(`${id}.${sentAt}.`), bytes]);
  return firstMatch(keys, (key) => {
    const expected = hmac(Buffer.from(key.replace(/^whsec_/, ""), "base64"), signed);
    return given.filter((one) => timingSafeEqual(one, expected)).length > 0;
  });
}

/** A token sent in clear (GitLab's `X-Gitlab-Token`). Compared through SHA-256, so that neither length nor prefix shows in the time taken. */
export function verifyPlainToken(given: string | undefined, keys: readonly SigningKey[]): Verified {
  if (keys.length === 0) return noKey;
  if (!given) return refuse("the delivery carries no token");
  const digest = sha256(given);
  return firstMatch(keys, (key) => timingSafeEqual(digest, sha256(key)));
}

function firstMatch(keys: readonly SigningKey[], matches: (secret: string) => boolean): Verified {
  const found = keys.find((key) => key.secret !== "" && matches(key.secret));
  return found
    ? { genuine: true, connection: found.connection }
    : refuse("the signature does not match any secret that is set");
}

/** Seconds since 1970 in plain digits; `1e9`, signs and fractions are refused before they become a number. */
function isRecent(seconds: string, now: number): boolean {
  return /^\d{9,11}$/.test(seconds) && Math.abs(now / 1000 - Number(seconds)) <= tolerance;
}

const hmac = (key: string | Uint8Array, bytes: Uint8Array): Buffer =>
  createHmac("sha256", key).update(bytes).digest();
const sha256 = (text: string): Buffer => createHash("sha256").update(text).digest();
