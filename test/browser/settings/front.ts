import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { makeCertificate } from "../extension/certificate.ts";

/** One request of a browser or of the bot. */
export interface Visit {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

export type Page =
  | { readonly html: string }
  | { readonly to: string }
  | { readonly json: object; readonly status?: number };

interface Options {
  /** Pages for people, which stand-ins for an API do not have. */
  answer(visit: Visit): Promise<Page | undefined> | Page | undefined;
  /** Where everything else goes; no slash at the end. */
  upstream(): string;
  /** Beginning of paths that the upstream leaves out. */
  readonly strip?: string;
}

export interface Front {
  /** `localhost:PORT` */
  readonly host: string;
  /** `https://localhost:PORT` */
  readonly url: string;
  /** Certificate that nobody vouches for; it is its own authority. */
  readonly ca: string;
  close(): void;
}

const ofConnection = new Set([
  "connection",
  "host",
  "content-length",
  "transfer-encoding",
  "content-encoding",
]);

/** A server as companies run it: under https with an authority of its own, pages for people before an API. */
export const startFront = async ({ answer, upstream, strip = "" }: Options): Promise<Front> => {
  const certificate = makeCertificate();
  const server = createServer(certificate, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const bytes = Buffer.concat(chunks);
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
    const page = await answer({ method, url, body: bytes.toString() });
    if (page !== undefined && "to" in page) return response.writeHead(303, { location: page.to }).end();
    if (page !== undefined && "html" in page)
      return response.writeHead(200, { "content-type": "text/html" }).end(page.html);
    if (page !== undefined)
      return response
        .writeHead(page.status ?? 200, { "content-type": "application/json" })
        .end(JSON.stringify(page.json));
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value !== "string" || ofConnection.has(name) ? [] : [[name, value] as [string, string]],
    );
    const path = url.pathname.startsWith(strip) ? url.pathname.slice(strip.length) : url.pathname;
    const passed = await fetch(`${upstream()}${path}${url.search}`, {
      method,
      headers,
      redirect: "manual",
      ...(bytes.length > 0 ? { body: bytes } : {}),
    });
    const back = [...passed.headers].filter(([name]) => !ofConnection.has(name));
    return response
      .writeHead(passed.status, Object.fromEntries(back))
      .end(Buffer.from(await passed.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `https://${host}`,
    ca: certificate.cert,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
