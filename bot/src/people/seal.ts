import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Key, Keys } from "./keys.ts";

/** Where a sealed value belongs. It opens nowhere else: not in another record, not for another owner, not under another name. */
export interface SealPlace {
  readonly kind: string;
  /** `workspace:…` or `person:…`, or `bot` for what belongs to the bot itself. */
  readonly tenant: string;
  readonly record: string;
  readonly field: string;
}

/** `v1.<key id>.<nonce>.<cipher text and tag>`, the last two in base64url. */
export type Sealed = string;

export interface Seal {
  seal(value: string, place: SealPlace): Sealed;
  /** Throws `Failure` (bad-settings) when the key is not here or the value was changed or moved. */
  open(sealed: Sealed, place: SealPlace): string;
  /** Key that sealed it. */
  keyOf(sealed: Sealed): string | undefined;
  readonly activeKey: string;
}

const version = "v1";
const nonceBytes = 12;
const tagBytes = 16;

const associatedData = (keyId: string, place: SealPlace): Uint8Array =>
  Buffer.from(
    JSON.stringify(["ask-openhands", version, keyId, place.kind, place.tenant, place.record, place.field]),
  );

/** AES-256-GCM with a random 96-bit nonce. */
export const createSeal = (keys: Keys): Seal => {
  const byId = new Map<string, Key>(keys.all.map((key) => [key.id, key]));

  const seal = (value: string, place: SealPlace): Sealed => {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", keys.active.bytes, nonce, { authTagLength: tagBytes });
    cipher.setAAD(associatedData(keys.active.id, place));
    const body = Buffer.concat([cipher.update(value, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `${version}.${keys.active.id}.${nonce.toString("base64url")}.${body.toString("base64url")}`;
  };

  const open = (sealed: Sealed, place: SealPlace): string => {
    const [format, id, nonceText, bodyText, ...rest] = sealed.split(".");
    const key = byId.get(id ?? "");
    if (format !== version || nonceText === undefined || bodyText === undefined || rest.length > 0) {
      throw new Failure(
        "bad-settings",
        `The stored ${place.kind} ${place.record} is not a sealed value. Enter its secrets again.`,
      );
    }
    if (key === undefined) {
      throw new Failure(
        "bad-settings",
        `The stored ${place.kind} ${place.record} is sealed with key ${id ?? "?"}, which is not among SECRET_KEY or the key file. Add that key, or enter the secrets again.`,
      );
    }
    const nonce = Buffer.from(nonceText, "base64url");
    const body = Buffer.from(bodyText, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", key.bytes, nonce, { authTagLength: tagBytes });
      decipher.setAAD(associatedData(key.id, place));
      decipher.setAuthTag(body.subarray(-tagBytes));
      return Buffer.concat([decipher.update(body.subarray(0, -tagBytes)), decipher.final()]).toString("utf8");
    } catch (cause) {
      throw new Failure(
        "bad-settings",
        `The stored ${place.kind} ${place.record} was changed or moved outside the bot. Restore the data folder, or enter its secrets again.`,
        { cause },
      );
    }
  };

  return { seal, open, keyOf: (sealed) => sealed.split(".")[1], activeKey: keys.active.id };
};
