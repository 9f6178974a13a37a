import { randomBytes } from "node:crypto";
import type { Directory } from "./directory.ts";
import type { Seal, SealPlace } from "./seal.ts";

/** What the bot signs with. It outlives a change of the sealing key: markers in old comments must still be ours. */
export type BotSecretName = "marker" | "account-link" | "audit" | "csrf";

const placeOf = (name: BotSecretName): SealPlace => ({
  kind: "bot-secret",
  tenant: "bot",
  record: name,
  field: "value",
});

/** 32 random bytes by name, made when first asked for. */
export const botSecret = async (
  directory: Directory,
  seal: Seal,
  name: BotSecretName,
): Promise<Uint8Array> => {
  for (;;) {
    const stored = directory.get("botSecrets", name);
    if (stored !== undefined) return Buffer.from(seal.open(stored.value.value, placeOf(name)), "base64");
    const value = seal.seal(randomBytes(32).toString("base64"), placeOf(name));
    await directory.write([{ put: "botSecrets", id: name, value: { value }, ifVersion: 0 }]);
  }
};

/** Re-seals one with the active key. */
export const resealBotSecret = (seal: Seal, name: string, sealed: string): string => {
  const place = placeOf(name as BotSecretName);
  return seal.seal(seal.open(sealed, place), place);
};
