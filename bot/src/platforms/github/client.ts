import { createPrivateKey } from "node:crypto";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Target } from "@ask-openhands/core/http/failures.ts";
import { readBody } from "@ask-openhands/core/http/read-body.ts";
import { retry } from "@octokit/plugin-retry";
import { Octokit } from "@octokit/rest";
import { apiUrl } from "./api-address.ts";
import { githubFailure, refuseText } from "./failures.ts";
import { createInstallationTokens } from "./installation-tokens.ts";

/** What we use of an Octokit, be it Probot's (App) or the plain one (token). */
export type Client = Pick<Octokit, "rest" | "request">;

/** Milliseconds for one request; GitHub itself ends requests after ten seconds. */
const timeout = 10_000;
const maxBytes = 16 * 1024 * 1024;

/**
 * One more try for reads after a hiccup. Never for writes: a lost answer may hide a comment that exists, and only the marker can tell. Limits are not slept
 * out here (Probot's throttling would hold a worker, and space all comments by three seconds): they come out as a Failure with the time to go on.
 */
const retries = {
  doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451],
  retries: 1,
  retryAfterBaseValue: 300,
};

const PlainOctokit = Octokit.plugin(retry);
/** What is worth a line is logged by us; Octokit would print each refused request, and Probot bodies of requests. */
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Where people look, and where OAuth lives. */
export function webUrl(connection: Connection): string {
  const api = connection.settings["apiUrl"];
  return api && URL.canParse(api) && new URL(api).host === connection.host
    ? new URL(api).origin
    : `https://${connection.host}`;
}

export const targetOf = (connection: Connection): Target => ({ name: "GitHub", host: connection.host });

interface ClientDeps {
  readonly fetch: typeof fetch;
  now(): number;
}

/** With an end in time and in size, which Octokit's own handling of answers lacks. */
function boundedFetch(doFetch: typeof fetch, target: Target): typeof fetch {
  return async (input, init) => {
    const patience = AbortSignal.timeout(timeout);
    const signal = init?.signal ? AbortSignal.any([init.signal, patience]) : patience;
    const response = await doFetch(input, { ...init, signal });
    if (response.body === null) return response;
    const { status, statusText, headers } = response;
    return new Response(await readBody(response, maxBytes, target), { status, statusText, headers });
  };
}

type Hooked = Client & Pick<Octokit, "hook">;

/** Makes every error of a client a `Failure`. */
function withFailures<T extends Hooked>(client: T, target: Target, deps: ClientDeps): T {
  client.hook.before("request", (options) => {
    if (options.method !== "GET") options.request = { ...options.request, retries: 0 };
  });
  client.hook.after("request", (response) => refuseText(response.data, response.status, target));
  client.hook.error("request", (error) => {
    throw githubFailure(error, target, deps.now());
  });
  return client;
}

/** A client whose requests `sign` makes somebody's. */
function createClient(
  connection: Connection,
  deps: ClientDeps,
  sign: <T>(request: (authorization: string) => Promise<T>) => Promise<T>,
): Client {
  const target = targetOf(connection);
  const client = new PlainOctokit({
    baseUrl: apiUrl(connection),
    userAgent: "ask-openhands",
    log: quiet,
    retry: retries,
    request: { fetch: boundedFetch(deps.fetch, target), log: quiet },
  });
  client.hook.wrap("request", (request, options) =>
    sign((authorization) => {
      // Every hook of Octokit gets the same options: what is put in their place reaches nobody.
      options.headers.authorization = authorization;
      return Promise.resolve(request(options));
    }),
  );
  return withFailures(client, target, deps);
}

export const createTokenClient = (connection: Connection, token: string, deps: ClientDeps): Client =>
  createClient(connection, deps, (request) => request(`token ${token}`));

/** The clients of one GitHub App: as the App itself (through Probot), and as each of its installations. */
export interface AppClients {
  readonly app: () => Promise<Client>;
  readonly installation: (id: number) => Promise<Client>;
}

export interface AppCredentials {
  readonly appId: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
}

export function createAppClients(
  connection: Connection,
  credentials: AppCredentials,
  deps: ClientDeps,
  onGone: (installation: number) => void,
): AppClients {
  const target = targetOf(connection);
  const request = { fetch: boundedFetch(deps.fetch, target), log: quiet };
  const privateKey = checkedKey(credentials.privateKey, connection);
  let signedIn: Promise<Client> | undefined;
  /** Probot takes long to load and 17 MB: only a bot that has an App pays. */
  const app = (): Promise<Client> => {
    signedIn ??= import("./app-client.ts")
      .then(({ createAppClient }) =>
        createAppClient({ ...credentials, privateKey, baseUrl: apiUrl(connection), request, retry: retries }),
      )
      .then((client) => withFailures(client, target, deps));
    return signedIn;
  };

  const tokens = createInstallationTokens(async (installation) => {
    const { rest } = await app();
    const answer = await rest.apps
      .createInstallationAccessToken({ installation_id: installation })
      .catch((error: unknown) => {
        if (!(error instanceof Failure) || error.kind !== "not-found") throw error;
        onGone(installation);
        throw new Failure(
          "not-allowed",
          `The GitHub App is no longer installed here (${target.host}). Install it again for this repository.`,
          { status: 404, cause: error },
        );
      });
    return { token: answer.data.token, expiresAt: Date.parse(answer.data.expires_at) };
  }, deps.now);

  const clients = new Map<number, Client>();
  const installation = (id: number): Client => {
    const client =
      clients.get(id) ??
      createClient(connection, deps, (request) => tokens.with(id, (token) => request(`token ${token}`)));
    clients.set(id, client);
    return client;
  };
  return { app, installation: async (id) => installation(id) };
}

/** Environment variables often carry the line breaks as `\n`. */
function checkedKey(pem: string, connection: Connection): string {
  const key = pem.replaceAll("\\n", "\n");
  try {
    createPrivateKey(key);
    return key;
  } catch (cause) {
    throw new Failure(
      "bad-settings",
      `The private key of the GitHub App "${connection.name}" is not a PEM key. Paste the whole .pem file.`,
      { cause },
    );
  }
}
