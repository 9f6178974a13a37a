import { resealBotSecret } from "./bot-secrets.ts";
import { placeOf } from "./connection-record.ts";
import type { Change, Directory } from "./directory.ts";
import type { Seal } from "./seal.ts";
import { secretPlace } from "./secrets.ts";

/** Seals every value again that another key sealed. Returns how many; throws `Failure` (bad-settings) for a value that no key here opens. */
export const reseal = async (directory: Directory, seal: Seal): Promise<number> => {
  let count = 0;
  const isOld = (sealed: string): boolean => seal.keyOf(sealed) !== seal.activeKey;
  const changes: Change[] = [];
  for (const { id, version, value } of directory.list("connections")) {
    const old = Object.entries(value.secrets).filter(([, sealed]) => isOld(sealed));
    if (old.length === 0) continue;
    const renewed = old.map(([name, sealed]) => {
      const place = placeOf(id, value.owner, name);
      return [name, seal.seal(seal.open(sealed, place), place)] as const;
    });
    count += old.length;
    changes.push({
      put: "connections",
      id,
      value: { ...value, secrets: { ...value.secrets, ...Object.fromEntries(renewed) } },
      ifVersion: version,
    });
  }
  for (const { id, version, value } of directory.list("secrets")) {
    if (!isOld(value.value)) continue;
    const place = secretPlace(id, value.owner);
    count += 1;
    changes.push({
      put: "secrets",
      id,
      value: { ...value, value: seal.seal(seal.open(value.value, place), place) },
      ifVersion: version,
    });
  }
  for (const { id, version, value } of directory.list("botSecrets")) {
    if (!isOld(value.value)) continue;
    count += 1;
    changes.push({
      put: "botSecrets",
      id,
      value: { value: resealBotSecret(seal, id, value.value) },
      ifVersion: version,
    });
  }
  // Somebody changed a secret meanwhile: what is left is found by the next look.
  return (await directory.write(changes)) === "conflict" ? reseal(directory, seal) : count;
};
