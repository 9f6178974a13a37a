import { existsSync } from "node:fs";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Directory } from "./directory.ts";
import { type KeySource, type Keys, keyFilePath, loadKeys, newKey, writeKeyFile } from "./keys.ts";
import { reseal } from "./reseal.ts";
import { createSeal } from "./seal.ts";

export interface Rotation {
  /** Values that were sealed again. */
  readonly sealed: number;
  /** Id of the key that seals now. */
  readonly key: string;
  /** Ids of keys that are needed no more. */
  readonly old: readonly string[];
  /** Where the keys come from: the key file was changed; variables are changed by the operator. */
  readonly from: "file" | "environment";
}

/** The state before the last write is kept as a copy; written twice, the copy is sealed with the new key too. */
const writeTwice = async (directory: Directory): Promise<void> => {
  const [any] = directory.list("workspaces");
  if (any !== undefined) await directory.write([{ put: "workspaces", id: any.id, value: any.value }]);
};

const rotateFile = async (source: KeySource, directory: Directory, before: Keys): Promise<Rotation> => {
  const path = keyFilePath(source);
  const key = newKey();
  const all = [key, ...before.all];
  // Both keys are on disk before anything is sealed with the new one, and the old one goes after everything is: a crash in between loses nothing.
  writeKeyFile(path, all);
  const sealed = await reseal(directory, createSeal({ active: key, all }));
  await writeTwice(directory);
  writeKeyFile(path, [key]);
  return { sealed, key: key.id, old: before.all.map(({ id }) => id), from: "file" };
};

const rotateEnvironment = async (directory: Directory, keys: Keys): Promise<Rotation> => {
  if (keys.all.length < 2) {
    throw new Failure(
      "bad-settings",
      "SECRET_KEY holds one key only. Make a new one with `openssl rand -base64 32`, put it in front (SECRET_KEY=new,old), and run this again; afterwards the old one can go.",
    );
  }
  const sealed = await reseal(directory, createSeal(keys));
  await writeTwice(directory);
  return { sealed, key: keys.active.id, old: keys.all.slice(1).map(({ id }) => id), from: "environment" };
};

/** Seals everything with a new key. With a key file the key is made here; with SECRET_KEY the operator has put it in front. Throws `Failure` (bad-settings). */
export const rotateKeys = async (source: KeySource, directory: Directory): Promise<Rotation> => {
  if (source.secretKey !== undefined) return rotateEnvironment(directory, loadKeys(source));
  const path = keyFilePath(source);
  if (!existsSync(path))
    throw new Failure(
      "bad-settings",
      `There is no key file ${path} yet; the first start of the bot makes it.`,
    );
  return rotateFile(source, directory, loadKeys(source));
};
