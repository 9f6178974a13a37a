import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";

/** 128 random bits or more, safe in addresses and headers. */
export const newToken = (bytes = 32): string => randomBytes(bytes).toString("base64url");

export const newId = (): string => randomUUID();

/** What is kept of a token. The token has enough random bits for a plain hash to be irreversible. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");

/** Compares without telling by its time where the difference is. */
export const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(createHash("sha256").update(one).digest(), createHash("sha256").update(other).digest());

/** Id for something that is unique by these parts. */
export const idOf = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 32);
