/** An answer of server-sent events that stays open. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStream {
  readonly response: Response;
  /** Nothing after the end. */
  send(event: string, data: object): void;
  end(): void;
}

interface Options {
  /** Aborts when the reader is gone. */
  readonly signal: AbortSignal;
  /** Asked with every ping; a "no" ends the stream. */
  isStillAllowed(): boolean;
  /** Called once, whoever ended it. */
  ended(): void;
}

/** Proxies cut lines that say nothing for a minute. */
const pingEvery = 20_000;

export const createEventStream = ({ signal, isStillAllowed, ended }: Options): EventStream => {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let ping: NodeJS.Timeout | undefined;

  const write = (text: string): void => controller?.enqueue(encoder.encode(text));
  const stop = (): void => {
    if (controller === undefined) return;
    controller = undefined;
    clearInterval(ping);
    ended();
  };
  const end = (): void => {
    const open = controller;
    stop();
    open?.close();
  };

  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
      write(": watching\n\n");
      ping = setInterval(() => (isStillAllowed() ? write(": still here\n\n") : end()), pingEvery).unref();
    },
    cancel: stop,
  });
  signal.addEventListener("abort", stop, { once: true });
  return {
    response: new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    }),
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    end,
  };
};
