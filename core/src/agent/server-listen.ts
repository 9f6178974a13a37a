/** The part of a WebSocket that we use: browsers' and Node's own both are so. */
export interface Socket {
  addEventListener(
    type: "open" | "message" | "close" | "error",
    listener: (event: { readonly data?: unknown; readonly code?: number }) => void,
  ): void;
  send(text: string): void;
  close(): void;
}

export type OpenSocket = (url: string) => Socket;

export interface ListenSettings {
  readonly url: string;
  /** Sent as the first frame: an address with the key in it would stand in the logs of proxies. */
  readonly key?: string | undefined;
  readonly open: OpenSocket;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly random: () => number;
}

/** Wrong key, unknown conversation: trying again changes nothing, the regular reads tell what is wrong. */
const final = new Set([4001, 4004]);

/** At most one wake in this time, in milliseconds: a busy agent sends many frames a second. */
const pause = 300;

/** Parts of an answer as it is written. They are never stored, so reading after them finds nothing. */
const isNoise = (data: unknown): boolean =>
  typeof data === "string" && /"kind":\s*"(StreamingDeltaEvent|TokenEvent)"/.test(data);

/** Calls `wake` soon after each event; connects again, ever more slowly, until `signal` aborts. */
export const listenToServer = (settings: ListenSettings, wake: () => void, signal: AbortSignal): void => {
  let waking = false;
  let failures = 0;

  const soon = (): void => {
    if (waking) return;
    waking = true;
    void settings.sleep(pause).then(() => {
      waking = false;
      if (!signal.aborted) wake();
    });
  };

  const connect = (): void => {
    if (signal.aborted) return;
    const socket = settings.open(settings.url);
    const leave = (): void => socket.close();
    signal.addEventListener("abort", leave, { once: true });
    socket.addEventListener("open", () => {
      if (settings.key !== undefined)
        socket.send(JSON.stringify({ type: "auth", session_api_key: settings.key }));
    });
    socket.addEventListener("message", ({ data }) => {
      failures = 0;
      if (!isNoise(data)) soon();
    });
    // Every error is followed by a close, which decides what to do.
    socket.addEventListener("close", ({ code }) => {
      signal.removeEventListener("abort", leave);
      if (signal.aborted || final.has(code ?? 0)) return;
      failures += 1;
      // What happened while we were away is found by reading.
      soon();
      const delay = settings.random() * Math.min(60_000, 1_000 * 2 ** failures);
      void settings.sleep(delay).then(connect);
    });
  };

  connect();
};
