import { createHash, createHmac } from "node:crypto";

/**
 * Signed marks of what we say. Hexadecimal, because `--` may not stand in an HTML comment and some platforms change the case of other alphabets.
 * The same input gives the same mark for ever, so it is found again after a crash; without the key nobody can imitate one.
 */
export const createMarker = (key: Uint8Array): ((id: string, part: string) => string) => {
  return (id, part) => {
    const name = createHash("sha256").update(id).digest("hex").slice(0, 16);
    const proof = createHmac("sha256", key).update(`${id}\n${part}`).digest("hex").slice(0, 32);
    return `${part}-${name}-${proof}`;
  };
};
