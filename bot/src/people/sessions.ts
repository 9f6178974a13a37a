import { createHmac } from "node:crypto";
import type { Directory } from "./directory.ts";
import { hashToken, isSame, newToken } from "./tokens.ts";

/** Signed-in browsers. The value in the cookie has 256 random bits; only its hash is kept. */
export interface Sessions {
  /** A new session; the value goes into the cookie. */
  begin(personId: string): Promise<string>;
  /** The person of a live session. */
  find(value: string): { readonly id: string; readonly personId: string } | undefined;
  end(id: string): Promise<void>;
  /** What a page must send with every change. */
  csrfToken(value: string): string;
  isCsrfToken(value: string, token: string): boolean;
}

const hour = 3_600_000;
/** OWASP ASVS 7.3: idle and absolute limits. */
const idleLimit = 8 * hour;
const absoluteLimit = 7 * 24 * hour;
/** Being seen is written down at most this often. */
const seenEvery = 5 * 60_000;

export const createSessions = (directory: Directory, csrfKey: Uint8Array, now: () => number): Sessions => {
  const csrfToken = (value: string): string =>
    createHmac("sha256", csrfKey).update("csrf\0").update(value).digest("base64url");

  return {
    begin: async (personId) => {
      const value = newToken();
      const at = new Date(now()).toISOString();
      await directory.write([
        { put: "sessions", id: hashToken(value), value: { personId, createdAt: at, lastSeenAt: at } },
      ]);
      return value;
    },
    find: (value) => {
      const id = hashToken(value);
      const stored = directory.get("sessions", id);
      if (stored === undefined) return undefined;
      const { personId, createdAt, lastSeenAt } = stored.value;
      if (now() - Date.parse(lastSeenAt) > idleLimit || now() - Date.parse(createdAt) > absoluteLimit)
        return undefined;
      if (directory.get("people", personId) === undefined) return undefined;
      if (now() - Date.parse(lastSeenAt) > seenEvery) {
        const seen = { ...stored.value, lastSeenAt: new Date(now()).toISOString() };
        // Nobody waits for this: a lost note only makes the session end earlier.
        directory
          .write([{ put: "sessions", id, value: seen, ifVersion: stored.version }])
          .catch(() => undefined);
      }
      return { id, personId };
    },
    end: async (id) => {
      await directory.write([{ remove: "sessions", id }]);
    },
    csrfToken,
    isCsrfToken: (value, token) => isSame(csrfToken(value), token),
  };
};
