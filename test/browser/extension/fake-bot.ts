import { contract } from "@ask-openhands/core/api/contract.ts";
import type { AskView, PlaceStatusView, RunView } from "@ask-openhands/core/api/types.ts";
import { findPage, productOfHost } from "@ask-openhands/core/connection/page-place.ts";
import type * as z from "zod";
import { type FakeServer, startFake } from "../../fakes/http.ts";
import type { FakeReply } from "../../fakes/routes.ts";
import { selfManaged } from "../../fixtures/pages/own-pages.ts";
import { fakeConnections as items } from "./fake-connections.ts";

/** The token that pairing hands out: no page, script or stored text may ever hold it. */
export const canaryToken = "aoh_canary_0d1e2f3a4b5c6d7e8f90";

/** What the test sets: whether the person approved, what runs at every place, how the webhook stands. */
export interface FakeBotState {
  approved: boolean;
  runs: readonly RunView[];
  hook: NonNullable<PlaceStatusView["hook"]>["state"];
}

export interface FakeBot {
  readonly server: FakeServer;
  readonly state: FakeBotState;
  /** Asks as they came in, parsed by the API's own schema. */
  readonly asks: readonly z.infer<(typeof contract)["ask"]["body"]>[];
}

const now = (): string => new Date().toISOString();

const systems = {
  github: "GitHub",
  gitlab: "GitLab",
  "bitbucket-cloud": "Bitbucket Cloud",
  "bitbucket-dc": "Bitbucket Data Center",
  "jira-cloud": "Jira Cloud",
  "jira-dc": "Jira Data Center",
} as const;

type Scopes = NonNullable<PlaceStatusView["connection"]>["scopes"];

const codeScopes: Scopes = [
  { name: "contents: write", state: "present", for: "pushing branches" },
  { name: "checks: read", state: "missing", for: "reading failed checks" },
];
const bitbucketScopes: Scopes = [
  { name: "repository write", state: "present", for: "pushing branches" },
  { name: "pull request write", state: "missing", for: "opening pull requests" },
];
const jiraScopes: Scopes = [
  { name: "read:jira-work", state: "present", for: "reading tickets" },
  { name: "write:jira-work", state: "missing", for: "posting the report" },
];
const scopes: Readonly<Record<string, Scopes>> = {
  github: codeScopes,
  gitlab: [
    { name: "api", state: "present", for: "comments and merge requests" },
    { name: "write_repository", state: "missing", for: "pushing branches" },
  ],
  "bitbucket-cloud": bitbucketScopes,
  "bitbucket-dc": bitbucketScopes,
  "jira-cloud": jiraScopes,
  "jira-dc": jiraScopes,
};

const placeOf = (url: string): RunView["place"] => {
  const own = selfManaged.find(([address]) => url.startsWith(address));
  const product = own?.[1] ?? productOfHost(new URL(url).hostname);
  const page = product && findPage(product, url);
  if (page === undefined) throw new Error(`no place: ${url}`);
  return {
    platform: page.platform,
    platformName: systems[page.product],
    host: page.host,
    key: `${page.platform}:${page.url}`,
    kind: "issue",
    url: page.url,
    label: page.label,
    repository: page.repository,
    title: "Large uploads time out",
  };
};

export const newRun = (url: string, request: string, id = "run-1"): RunView => ({
  id,
  place: placeOf(url),
  asker: { name: "kim", platform: "github", host: "github.com" },
  request,
  asks: 1,
  state: "working",
  queuedAt: now(),
  startedAt: now(),
  conversationUrl: "https://app.example.com/conversations/7",
  tasks: [
    { title: "Reproduce the time-out", state: "done" },
    { title: "Stream the upload in parts", state: "doing" },
  ],
  steps: [{ id: "s1", at: now(), text: "Ran the tests: 1 failed" }],
  stepCount: 7,
  cost: 0.31,
  reportUrl: `${url}#issuecomment-1`,
  version: 3,
  may: { stop: true, retry: false, say: true },
});

/** The bot's API as the extension uses it: requests are parsed and answers checked by the API's own schemas. */
export const startFakeBot = async (): Promise<FakeBot> => {
  const asks: z.infer<(typeof contract)["ask"]["body"]>[] = [];
  const state: FakeBotState = { approved: false, runs: [], hook: "missing" };

  const send = (schema: z.ZodType, value: unknown, status = 200): FakeReply => ({
    status,
    json: schema.parse(value),
  });
  const problem = (status: number, detail: string): FakeReply => ({
    status,
    json: { type: "about:blank", title: "Problem", status, detail },
  });

  const status = (url: string): PlaceStatusView => ({
    place: placeOf(url),
    connection: {
      id: "c1",
      name: `acme on ${placeOf(url).platformName}`,
      kindName: "Bot account",
      ok: true,
      account: "openhands-bot",
      scopes: [...(scopes[placeOf(url).platform] ?? [])],
    },
    identity: { name: "kim" },
    hook: {
      state: state.hook,
      resource: "r1",
      name: placeOf(url).repository ?? placeOf(url).host,
      mayInstall: true,
      ...(state.hook === "failed" && { error: "The host did not answer." }),
    },
    ask: { may: "yes" },
    ways: [],
    runs: [...state.runs],
  });

  const askOf = (run: RunView): AskView => ({
    key: `button:${run.id}`,
    accepted: "new",
    place: run.place,
    run,
  });
  const find = (id: string | undefined): RunView | undefined => state.runs.find((run) => run.id === id);
  const change = (id: string | undefined, patch: Partial<RunView>): FakeReply => {
    const run = find(id);
    if (run === undefined) return problem(404, "There is no such run.");
    const next = { ...run, ...patch, version: run.version + 1 };
    state.runs = state.runs.map((known) => (known.id === id ? next : known));
    return send(contract.stopRun.reply, askOf(next));
  };

  const server = await startFake({
    before: ({ path, headers }) => {
      if (path.includes("/device/")) return undefined;
      return headers["authorization"] === `Bearer ${canaryToken}`
        ? undefined
        : problem(401, "Sign in first.");
    },
    routes: [
      [
        "POST",
        "/api/v1/device/authorize",
        ({ json, path }) => {
          contract.authorizeDevice.body.parse(json);
          return send(contract.authorizeDevice.reply, {
            device_code: "device-code-canary-1234567890",
            user_code: "WDJB-MJHT",
            verification_uri: `http://127.0.0.1:1${path}`,
            verification_uri_complete: "http://127.0.0.1:1/pair?code=WDJB-MJHT",
            expires_in: 600,
            interval: 1,
          });
        },
      ],
      [
        "POST",
        "/api/v1/device/token",
        ({ json }) => {
          contract.getDeviceToken.body.parse(json);
          if (!state.approved)
            return {
              status: 400,
              json: { error: "authorization_pending", error_description: "Not approved yet." },
            };
          return send(contract.getDeviceToken.reply, {
            access_token: canaryToken,
            token_type: "Bearer",
            device_id: "d1",
          });
        },
      ],
      [
        "GET",
        "/api/v1/me",
        () =>
          send(contract.getMe.reply, {
            id: "p1",
            name: "Kim",
            createdAt: now(),
            links: [],
            workspaces: [{ id: "w1", name: "Acme", role: "member", createdAt: now() }],
          }),
      ],
      [
        "POST",
        "/api/v1/workspaces/w1/asks",
        ({ json }) => {
          const ask = contract.ask.body.parse(json);
          asks.push(ask);
          const run = newRun(ask.url, ask.text, `run-${asks.length}`);
          state.runs = [run, ...state.runs];
          return send(contract.ask.reply, askOf(run), 201);
        },
      ],
      ["GET", "/api/v1/workspaces/w1/connections", () => send(contract.listConnections.reply, { items })],
      [
        "GET",
        "/api/v1/workspaces/w1/places",
        ({ query }) => send(contract.getPlace.reply, status(query.get("url") ?? "")),
      ],
      [
        "GET",
        "/api/v1/runs/:run",
        ({ params }) =>
          find(params["run"]) === undefined
            ? problem(404, "There is no such run.")
            : send(contract.getRun.reply, find(params["run"])),
      ],
      [
        "POST",
        "/api/v1/runs/:run/stop",
        ({ params }) =>
          change(params["run"], {
            state: "stopped",
            endedAt: now(),
            outcome: { reason: "stopped", hint: "Stopped by kim." },
            may: { stop: false, retry: true, say: true },
          }),
      ],
      [
        "POST",
        "/api/v1/runs/:run/say",
        ({ params, json }) => {
          contract.sayToRun.body.parse(json);
          return change(params["run"], { asks: 2 });
        },
      ],
      [
        "POST",
        "/api/v1/connections/c1/hooks",
        ({ json }) => {
          contract.changeHook.body.parse(json);
          state.hook = "installed";
          return send(contract.changeHook.reply, {
            resources: [{ id: "r1", type: "repository", name: "acme/shop", state: "installed" }],
          });
        },
      ],
      ["DELETE", "/api/v1/me/devices/d1", () => ({ status: 204 })],
    ],
  });

  return { server, state, asks };
};
