import type { People } from "../people/open-people.ts";
import { hashToken } from "../people/tokens.ts";
import type { Actor } from "./call.ts";
import { problem } from "./problem.ts";

export const sessionCookie = (publicUrl: string): string =>
  publicUrl.startsWith("https://") ? "__Host-session" : "session";

/** Use of a token or device is written down at most this often. */
const usedEvery = 5 * 60_000;

/** Who calls, by the Bearer token or the session cookie. A token that is given and wrong is a 401, never "nobody". */
export const authenticate = (
  people: People,
  authorization: string | undefined,
  cookie: string | undefined,
  now: number,
): Actor | undefined => {
  const { directory, sessions } = people;
  if (authorization === undefined) {
    const session = cookie === undefined ? undefined : sessions.find(cookie);
    return session === undefined ? undefined : { personId: session.personId, session: session.id };
  }
  const value = /^Bearer ([A-Za-z0-9._~+/=-]{20,500})$/i.exec(authorization)?.[1];
  if (value === undefined)
    throw problem(
      401,
      "The Authorization header must be `Bearer` and a token.",
      {},
      { "www-authenticate": "Bearer" },
    );
  const hash = hashToken(value);
  const isRecent = (at: string | undefined): boolean => at !== undefined && now - Date.parse(at) < usedEvery;
  const lastUsedAt = new Date(now).toISOString();

  const device = directory.list("devices").find((one) => one.value.tokenHash === hash);
  if (device !== undefined) {
    // Nobody waits for notes of use.
    if (!isRecent(device.value.lastUsedAt))
      directory
        .write([
          {
            put: "devices",
            id: device.id,
            value: { ...device.value, lastUsedAt },
            ifVersion: device.version,
          },
        ])
        .catch(() => undefined);
    return { personId: device.value.personId, device: device.id };
  }
  const token = directory.list("tokens").find((one) => one.value.tokenHash === hash);
  const isExpired = token?.value.expiresAt !== undefined && Date.parse(token.value.expiresAt) < now;
  if (token === undefined || isExpired) {
    throw problem(
      401,
      "This token is not known or was revoked. Pair again, or make a new token on the settings page.",
      {},
      { "www-authenticate": 'Bearer error="invalid_token"' },
    );
  }
  if (!isRecent(token.value.lastUsedAt))
    directory
      .write([
        { put: "tokens", id: token.id, value: { ...token.value, lastUsedAt }, ifVersion: token.version },
      ])
      .catch(() => undefined);
  return { personId: token.value.personId, token: { id: token.id, access: token.value.access } };
};
