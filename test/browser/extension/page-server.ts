import { request as send } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificate } from "./certificate.ts";

export interface PageServer {
  readonly port: number;
  /** Serves `html` for this address (host and path; query and fragment do not matter). */
  put(url: string, html: string, headers?: Readonly<Record<string, string>>): void;
  /** Answers for this host with what the server at `target` (an `http:` origin) answers. */
  forward(host: string, target: string): void;
  /** Hosts of all addresses put so far. */
  hosts(): readonly string[];
  close(): Promise<void>;
}

const keyOf = (url: string): string => {
  const { hostname, pathname } = new URL(url);
  return `${hostname}${decodeURI(pathname).replace(/\/$/, "")}`;
};

/** Serves pages at the sites' real addresses over TLS; the browser maps their hosts to this port. */
export const startPageServer = async (): Promise<PageServer> => {
  const pages = new Map<
    string,
    { readonly html: string; readonly headers: Readonly<Record<string, string>> }
  >();
  const forwarded = new Map<string, string>();
  const server = createServer(makeCertificate(), (request, response) => {
    const target = forwarded.get(request.headers.host ?? "");
    if (target !== undefined) {
      const { method, headers } = request;
      const onward = send(new URL(request.url ?? "/", target), { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.destroy());
      request.pipe(onward);
      return;
    }
    const page = pages.get(keyOf(`https://${request.headers.host ?? "localhost"}${request.url ?? "/"}`));
    if (page === undefined) {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("Not a page of this test");
      return;
    }
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...page.headers });
    response.end(page.html);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    put: (url, html, headers = {}) => void pages.set(keyOf(url), { html, headers }),
    forward: (host, target) => void forwarded.set(host, target),
    hosts: () => [...new Set([...pages.keys()].map((key) => key.split("/")[0] ?? ""))],
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
};
