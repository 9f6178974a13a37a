import { createHash, randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "@ask-openhands/core/failure.ts";

/** 32 bytes that seal secrets, and the name by which sealed values say which key they need. */
export interface Key {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** `active` seals; all of them open. */
export interface Keys {
  readonly active: Key;
  readonly all: readonly Key[];
}

export interface KeySource {
  readonly secretKey: string | undefined;
  readonly secretKeyFile: string | undefined;
  readonly dataDir: string;
}

const keyBytes = 32;
const cure = "Make one with `openssl rand -base64 32`.";

const keyId = (bytes: Uint8Array): string =>
  createHash("sha256").update("ask-openhands key id\0").update(bytes).digest("hex").slice(0, 8);

/** One key as text: base64, base64url or hex of 32 random bytes. `where` begins the sentence of the failure. */
export const readKey = (text: string, where: string): Key => {
  const typed = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(typed) ? Buffer.from(typed, "hex") : Buffer.from(typed, "base64");
  if (bytes.length !== keyBytes)
    throw new Failure("bad-settings", `${where} is not a key of 32 bytes in base64 or hex. ${cure}`);
  // Random bytes have about 30 different values; examples and patterns have few.
  if (new Set(bytes).size < 16)
    throw new Failure("bad-settings", `${where} is an example or a pattern, not a random key. ${cure}`);
  return { id: keyId(bytes), bytes };
};

const toKeys = (texts: readonly string[], where: string): Keys => {
  const all = texts.map((text, index) =>
    readKey(text, texts.length > 1 ? `Key ${index + 1} of ${where}` : where),
  );
  const [active] = all;
  if (active === undefined) throw new Failure("bad-settings", `${where} holds no key. ${cure}`);
  if (new Set(all.map((key) => key.id)).size < all.length)
    throw new Failure("bad-settings", `${where} holds the same key twice. Remove one.`);
  return { active, all };
};

const readKeyFile = (path: string): Keys => {
  const file = openSync(path, "r");
  try {
    const mode = fstatSync(file).mode & 0o077;
    if (mode !== 0)
      throw new Failure(
        "bad-settings",
        `The key file ${path} can be read by others. Run \`chmod 600 ${path}\`.`,
      );
    const lines = readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.trim());
    return toKeys(
      lines.filter((line) => line !== "" && !line.startsWith("#")),
      `The key file ${path}`,
    );
  } finally {
    closeSync(file);
  }
};

const writeSynced = (path: string, text: string): void => {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

/** Makes or replaces a key file; whole at every moment, on disk when it returns. */
export const writeKeyFile = (path: string, keys: readonly Key[]): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.tmp`;
  rmSync(next, { force: true });
  writeSynced(next, `${keys.map((key) => Buffer.from(key.bytes).toString("base64")).join("\n")}\n`);
  renameSync(next, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

export const newKey = (): Key => {
  const bytes = randomBytes(keyBytes);
  return { id: keyId(bytes), bytes };
};

export const keyFilePath = (source: KeySource): string =>
  source.secretKeyFile ?? join(source.dataDir, "secret.key");

/** Keys from the environment, else from the key file, which the first start makes. Throws `Failure` (bad-settings). */
export const loadKeys = (source: KeySource): Keys => {
  if (source.secretKey !== undefined)
    return toKeys(
      source.secretKey.split(",").map((text) => text.trim()),
      "SECRET_KEY",
    );
  const path = keyFilePath(source);
  if (existsSync(path)) return readKeyFile(path);
  if (source.secretKeyFile !== undefined)
    throw new Failure("bad-settings", `SECRET_KEY_FILE names ${path}, which does not exist. ${cure}`);
  // A folder with sealed values and without its key is a restore that went wrong: a new key would hide that for ever.
  if (existsSync(join(source.dataDir, "directory.json"))) {
    throw new Failure(
      "bad-settings",
      `The data folder ${source.dataDir} has data and no key file ${path}. Restore the key file, or set SECRET_KEY.`,
    );
  }
  writeKeyFile(path, [newKey()]);
  return readKeyFile(path);
};
