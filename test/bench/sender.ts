import { connect, type Socket } from "node:net";

/** What one burst of requests met. Latencies in milliseconds, from the moment the request was due. */
export interface Burst {
  readonly seconds: number;
  readonly latencies: readonly number[];
  readonly statuses: ReadonlyMap<number, number>;
}

export interface RawRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A request as bytes, made before the clock runs: the sender must cost as little as possible. */
export const toBytes = ({ path, headers, body }: RawRequest): Buffer => {
  const lines = Object.entries({ host: "bot.test", ...headers, "content-length": String(body.length) }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n`, "latin1"), body]);
};

/** Length of the complete response at the start of `text`, or 0 when it is not complete yet. */
const completeLength = (text: string): number => {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head));
  if (length !== null) {
    const end = head + 4 + Number(length[1]);
    return text.length >= end ? end : 0;
  }
  const last = text.indexOf("0\r\n\r\n", head + 4);
  return last === -1 ? 0 : last + 5;
};

interface Line {
  free: boolean;
  send(bytes: Buffer, due: number): void;
  end(): void;
}

const openLine = (
  port: number,
  answered: (status: number, due: number, line: Line) => void,
  broke: (cause: Error) => void,
): Promise<Line> =>
  new Promise((resolve, reject) => {
    let text = "";
    let due = 0;
    const socket: Socket = connect(port, "127.0.0.1");
    const line: Line = {
      free: true,
      send: (bytes, at) => {
        line.free = false;
        due = at;
        socket.write(bytes);
      },
      end: () => socket.destroy(),
    };
    socket.setNoDelay(true);
    socket.once("error", reject);
    socket.on("error", broke);
    socket.once("connect", () => resolve(line));
    socket.on("data", (chunk) => {
      // What a server says to a line that asked nothing (408) answers no request.
      if (line.free) return;
      text += chunk.toString("latin1");
      const end = completeLength(text);
      if (end === 0) return;
      const status = Number(text.slice(9, 12));
      text = text.slice(end);
      line.free = true;
      answered(status, due, line);
    });
  });

/** Sends everything over keep-alive connections. Closed loop: each connection sends its next request when it has the answer. With `rate` (a second): each request is due at its time, whether or not others were answered. */
export const send = async (
  port: number,
  requests: readonly Buffer[],
  options: { readonly connections: number; readonly rate?: number | undefined },
): Promise<Burst> => {
  const { rate } = options;
  const latencies: number[] = [];
  const statuses = new Map<number, number>();
  const done = Promise.withResolvers<void>();
  let next = 0;
  let startedAt = 0;
  const waiting: { readonly bytes: Buffer; readonly due: number }[] = [];

  const give = (line: Line): void => {
    const late = waiting.shift();
    if (late !== undefined) line.send(late.bytes, late.due);
    if (late !== undefined || rate !== undefined) return;
    const bytes = requests[next];
    next += 1;
    if (bytes !== undefined) line.send(bytes, performance.now());
  };
  const answered = (status: number, due: number, line: Line): void => {
    latencies.push(performance.now() - due);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (latencies.length === requests.length) done.resolve();
    else give(line);
  };
  const lines = await Promise.all(
    Array.from({ length: options.connections }, () => openLine(port, answered, done.reject)),
  );

  /** The one that rested longest: a server ends connections that ask nothing for a minute. */
  const takeFree = (): Line | undefined => {
    const at = lines.findIndex(({ free }) => free);
    const [line] = at === -1 ? [] : lines.splice(at, 1);
    if (line !== undefined) lines.push(line);
    return line;
  };

  startedAt = performance.now();
  if (rate === undefined) for (const line of lines) give(line);
  else {
    const timer = setInterval(() => {
      const due = Math.min(requests.length, Math.floor(((performance.now() - startedAt) / 1_000) * rate));
      for (; next < due; next += 1) {
        const bytes = requests[next];
        if (bytes === undefined) continue;
        const at = startedAt + (next / rate) * 1_000;
        const line = takeFree();
        if (line === undefined) waiting.push({ bytes, due: at });
        else line.send(bytes, at);
      }
      if (next >= requests.length) clearInterval(timer);
    }, 1);
  }
  await done.promise;
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const line of lines) line.end();
  return { seconds, latencies, statuses };
};
