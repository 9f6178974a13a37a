import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** Everything of a request that was meant for its receiver alone, in plain words. */
const wordsOf = ({ method, url, headers }: IncomingMessage, body: string): string => {
  const signed = Object.entries(headers).filter(([name]) =>
    /authorization|token|key|cookie|secret/.test(name),
  );
  const basic = /^Basic (.+)$/.exec(headers.authorization ?? "")?.[1];
  const opened = basic === undefined ? "" : Buffer.from(basic, "base64").toString();
  return [...signed.map(([name, value]) => `${name}: ${String(value)}`), opened, body, `${method} ${url}`]
    .filter(Boolean)
    .join(" ; ");
};

/** One line of printable characters, for places that take no other. */
const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]/g, " ").slice(0, 4_000);

/** A canary as far as a name of a host can hold it. */
const asLabel = (words: string): string =>
  (/c-[\w-]{20,}/.exec(words)?.[0] ?? "none").replaceAll(/[^A-Za-z0-9]/g, "").slice(0, 63);

/** In every field that clients read an error from. */
const inEveryField = (words: string) => ({
  ok: false,
  message: words,
  error: words,
  error_description: words,
  needed: words,
  detail: [{ msg: words, loc: ["body", words] }],
  errorMessages: [words],
  errors: [{ message: words, context: words }],
  name: words,
  login: words,
  username: words,
  displayName: words,
  version: words,
});

type Answer = (response: ServerResponse, words: string, socket: Socket) => void;

const json =
  (status: number, headers: (words: string) => Record<string, string> = () => ({})): Answer =>
  (response, words) => {
    response.writeHead(status, { "content-type": "application/json", ...headers(words) });
    response.end(JSON.stringify(inEveryField(words)));
  };
/** So much stands before the words that what is clipped is clipped within a credential. */
const late =
  (before: number, answer: Answer): Answer =>
  (response, words, socket) =>
    answer(response, `${"no ".repeat(before / 3)}${words}`, socket);
const text =
  (status: number, type: string): Answer =>
  (response, words) => {
    response.writeHead(status, { "content-type": type });
    response.end(words);
  };
const redirect =
  (status: number, to: (words: string) => string): Answer =>
  (response, words) => {
    response.writeHead(status, { location: to(words) });
    response.end(words);
  };
const raw =
  (bytes: (words: string) => string): Answer =>
  (_response, words, socket) => {
    socket.end(bytes(oneLine(words)));
  };

/** Ways in which a server gives back what it was sent. */
export const echoes: Readonly<Record<string, Answer>> = {
  "a refusal in JSON": json(400),
  "wrong credentials": json(401),
  "wrong credentials, clipped within them": late(160, json(401)),
  "a refusal, clipped within the credentials": late(35, json(403)),
  "nothing found, as text": text(404, "text/plain"),
  "a page": text(403, "text/html"),
  "a refusal of the input": json(422, (words) => ({ "x-github-sso": `required; url=${oneLine(words)}` })),
  "a success that is none": json(200),
  "a success that is none, clipped": late(12, json(200)),
  "a success that is a page": text(200, "text/html"),
  "a success that is no JSON": (response, words) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`{"a": ${words}`);
  },
  "a redirect to another host": redirect(302, (words) => `https://${asLabel(words)}.example.org/x`),
  "a redirect with credentials in it": redirect(
    307,
    (words) => `https://${encodeURIComponent(words)}@other.example.org/?t=${encodeURIComponent(words)}`,
  ),
  "a redirect in circles": redirect(
    302,
    (words) => `/again?token=${encodeURIComponent(words.slice(0, 900))}`,
  ),
  "a redirect to nonsense": redirect(301, (words) => `http://[${asLabel(words)}`),
  "a status text": (response, words) => {
    response.writeHead(401, oneLine(words), { "content-type": "text/plain" });
    response.end(words);
  },
  "a broken head": raw((words) => `HTTP/1.1 200 OK\r\n${words}\r\n\r\n`),
  "no HTTP": raw((words) => `${words}\r\n\r\n`),
  "a body that breaks off": raw(
    (words) =>
      `HTTP/1.1 500 No\r\ncontent-type: application/json\r\ncontent-length: 99999\r\n\r\n{"message":"${words}`,
  ),
  "a wrong chunk": raw((words) => `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${words}\r\n`),
  trouble: json(500),
  "trouble, as text": text(503, "text/plain"),
  // The last one: who was asked to slow down asks no more.
  "a request to slow down": json(429, () => ({ "retry-after": "3600" })),
};

export interface Mirror {
  readonly url: string;
  echo(how: Answer): void;
  /** Requests so far. */
  asked(): number;
  close(): Promise<void>;
}

/** A server that says to everything what it was told. */
export const startMirror = async (): Promise<Mirror> => {
  let answer: Answer = json(400);
  let asked = 0;
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    asked += 1;
    answer(response, wordsOf(request, Buffer.concat(chunks).toString()), request.socket);
  };
  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    echo: (how) => {
      answer = how;
    },
    asked: () => asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
};
