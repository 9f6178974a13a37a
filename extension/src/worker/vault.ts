import { inLine, type Kept } from "../storage.ts";

/**
 * Secrets of the extension. They rest in `storage.local` sealed by AES-256-GCM under a key that WebCrypto keeps and never
 * gives out (not extractable, in this extension's own IndexedDB, which no page and no content script can open).
 */
const database = "ask-openhands";
const store = "keys";
const keyName = "vault-1";

const asPromise = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's storage did not answer."));
  });

const openDatabase = async (): Promise<IDBDatabase> => {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store);
  return asPromise(request);
};

const findKey = async (): Promise<CryptoKey> => {
  const opened = await openDatabase();
  try {
    const known = await asPromise(opened.transaction(store).objectStore(store).get(keyName));
    if (known instanceof CryptoKey) return known;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
      "encrypt",
      "decrypt",
    ]);
    // `add` fails when a second start of the worker was faster; then its key counts.
    const change = opened.transaction(store, "readwrite").objectStore(store);
    return await asPromise(change.add(made, keyName)).then(
      () => made,
      () => asPromise(opened.transaction(store).objectStore(store).get(keyName)),
    );
  } finally {
    opened.close();
  }
};

const slot = (name: string): string => `sealed:${name}`;

const toText = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const toBytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** The name is part of what is signed: a sealed value moved to another name does not open. */
const options = (name: string, iv: Uint8Array<ArrayBuffer>): AesGcmParams => ({
  name: "AES-GCM",
  iv,
  additionalData: new TextEncoder().encode(slot(name)),
});

const seal = async (name: string, value: string): Promise<Readonly<Record<string, unknown>>> => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    options(name, iv),
    await findKey(),
    new TextEncoder().encode(value),
  );
  return { [slot(name)]: { iv: toText(iv), sealed: toText(new Uint8Array(sealed)) } };
};

export const putSecret = async (name: string, value: string): Promise<void> =>
  chrome.storage.local.set(await seal(name, value));

/**
 * Keeps settings with the secrets that belong to them, in one write: a worker that ends in between would send a key to
 * another address than the one it was typed for. `undefined` forgets, and what is forgotten goes first.
 */
export const keepWithSecrets = async (
  settings: Partial<Kept>,
  secrets: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  const added: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(secrets)) {
    if (value === undefined) dropped.push(slot(name));
    else Object.assign(added, await seal(name, value));
  }
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) dropped.push(name);
    else added[name] = value;
  }
  await inLine(async () => {
    if (dropped.length > 0) await chrome.storage.local.remove(dropped);
    if (Object.keys(added).length > 0) await chrome.storage.local.set(added);
  });
};

const unseal = async (name: string, found: unknown): Promise<string | undefined> => {
  if (typeof found !== "object" || found === null || !("iv" in found) || !("sealed" in found))
    return undefined;
  try {
    const opened = await crypto.subtle.decrypt(
      options(name, toBytes(String(found.iv))),
      await findKey(),
      toBytes(String(found.sealed)),
    );
    return new TextDecoder().decode(opened);
  } catch {
    return undefined;
  }
};

/** The value, or undefined when there is none or it cannot be opened any more (the browser's data was partly cleared). */
export const getSecret = async (name: string): Promise<string | undefined> =>
  unseal(name, (await chrome.storage.local.get(slot(name)))[slot(name)]);

/** A setting with the secrets that `keepWithSecrets` kept with it, in one read: never an address with the key of the next one. */
export const readWithSecrets = async <Name extends keyof Kept, Secret extends string>(
  setting: Name,
  names: readonly Secret[],
): Promise<{
  readonly kept: Kept[Name] | undefined;
  readonly secrets: Readonly<Partial<Record<Secret, string>>>;
}> => {
  const found = await chrome.storage.local.get([setting, ...names.map(slot)]);
  const secrets: Partial<Record<Secret, string>> = {};
  for (const name of names) {
    const value = await unseal(name, found[slot(name)]);
    if (value !== undefined) secrets[name] = value;
  }
  return { kept: found[setting] as Kept[Name] | undefined, secrets };
};

export const dropSecret = (name: string): Promise<void> => chrome.storage.local.remove(slot(name));

/** Short-lived values stay in memory only; only the extension's own pages and worker reach `storage.session`. */
export const putForNow = (name: string, value: unknown): Promise<void> =>
  chrome.storage.session.set({ [name]: value });
export const getForNow = async (name: string): Promise<unknown> =>
  (await chrome.storage.session.get(name))[name];
export const dropForNow = (name: string): Promise<void> => chrome.storage.session.remove(name);
