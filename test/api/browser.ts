import type { Api } from "@ask-openhands/bot/api/create-api.ts";
import { createClient, type ProblemError } from "@ask-openhands/core/api/client.ts";
import type { RouteName } from "@ask-openhands/core/api/routes.ts";
import type { Input, Problem, Reply } from "@ask-openhands/core/api/types.ts";

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, when it is JSON. */
  readonly json: unknown;
}

/** What a browser adds by itself, plus what our page adds: cookies, origin, CSRF token. */
export class Browser {
  readonly #app: Api["app"];
  readonly #publicUrl: string;
  readonly #cookies = new Map<string, string>();
  csrf: string | undefined;
  address = "198.51.100.7";

  constructor(app: Api["app"], publicUrl: string) {
    this.#app = app;
    this.#publicUrl = publicUrl;
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  /** One request with everything as the page would send it; `headers` replace, an empty one removes. */
  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const wanted = new Headers({
      origin: this.#publicUrl,
      "sec-fetch-site": "same-origin",
      ...(this.csrf === undefined ? {} : { "x-csrf-token": this.csrf }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    });
    if (this.#cookies.size > 0)
      wanted.set("cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    for (const [name, value] of Object.entries(headers)) {
      if (value === "") wanted.delete(name);
      else wanted.set(name, value);
    }
    const response = await this.raw(path, {
      method,
      headers: wanted,
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : undefined,
    };
  }

  /** The response itself, with cookies kept. */
  async raw(path: string, init: RequestInit): Promise<Response> {
    const response = await this.#app.request(new URL(path, this.#publicUrl), init, {
      incoming: { socket: { remoteAddress: this.address } },
    } as never);
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/max-age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /** Reads the session, for its CSRF token. */
  async refresh(): Promise<Reply<"getSession">> {
    const session = await this.call("getSession", {});
    this.csrf = session.csrfToken;
    return session;
  }

  /** Through the client that page and extension use. */
  call<Name extends RouteName>(name: Name, input: Input<Name>): Promise<Reply<Name>> {
    const client = createClient({
      baseUrl: this.#publicUrl,
      csrfToken: () => this.csrf,
      fetch: async (url, init) => {
        const headers = new Headers(init?.headers);
        headers.set("origin", this.#publicUrl);
        headers.set("sec-fetch-site", "same-origin");
        if (this.#cookies.size > 0)
          headers.set("cookie", [...this.#cookies].map(([key, value]) => `${key}=${value}`).join("; "));
        return this.raw(String(url), { ...init, headers });
      },
    });
    return client.call(name, input);
  }

  /** The problem that a call ends in. */
  async problem<Name extends RouteName>(name: Name, input: Input<Name>): Promise<Problem> {
    const thrown: unknown = await this.call(name, input).catch((error: unknown) => error);
    if (thrown instanceof Error && thrown.name === "ProblemError") return (thrown as ProblemError).problem;
    throw new Error(`${name} was no problem: ${JSON.stringify(thrown)}`);
  }
}
