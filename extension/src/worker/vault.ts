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

export const putSecret = async (name: string, value: string): Promise<void> => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(
    options(name, iv),
    await findKey(),
    new TextEncoder().encode(value),
  );
  await chrome.storage.local.set({
    [slot(name)]: { iv: toText(iv), sealed: toText(new Uint8Array(sealed)) },
  });
};

/** The value, or undefined when there is none or it cannot be opened any more (the browser's data was partly cleared). */
export const getSecret = async (name: string): Promise<string | undefined> => {
  const found: unknown = (await chrome.storage.local.get(slot(name)))[slot(name)];
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

export const dropSecret = (name: string): Promise<void> => chrome.storage.local.remove(slot(name));

/** Short-lived values stay in memory only; only the extension's own pages and worker reach `storage.session`. */
export const putForNow = (name: string, value: unknown): Promise<void> =>
  chrome.storage.session.set({ [name]: value });
export const getForNow = async (name: string): Promise<unknown> =>
  (await chrome.storage.session.get(name))[name];
export const dropForNow = (name: string): Promise<void> => chrome.storage.session.remove(name);
