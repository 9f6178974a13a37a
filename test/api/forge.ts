import type { People } from "@ask-openhands/bot/people/open-people.ts";
import type { Installation, OAuthWay } from "@ask-openhands/bot/platforms/connect-way.ts";
import type { HookResource, Permission, Platform } from "@ask-openhands/bot/platforms/platform.ts";
import type { CredentialKind, Field } from "@ask-openhands/core/connection/catalog.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";

const field = (key: string, more: Partial<Field> = {}): Field => ({
  key,
  secret: false,
  required: false,
  label: key,
  help: `What ${key} is.`,
  format: "text",
  ...more,
});

/** Kinds of two invented platforms: `forge` with tokens and an OAuth application, `tracker` with sites that one person sets up. */
export const testCatalog: readonly CredentialKind[] = [
  {
    platform: "forge",
    kind: "token",
    name: "Forge token",
    owner: "either",
    host: { usual: "forge.test", env: "FORGE_HOST" },
    fields: [
      field("token", { secret: true, required: true }),
      field("webhookSecret", { secret: true, least: 24 }),
      field("agentToken", { secret: true }),
      field("apiUrl", { format: "url" }),
      field("color", { format: "choice", choices: ["red", "blue"], fallback: "red" }),
    ],
    scopes: [{ name: "api", for: "everything" }],
    how: "Make one.",
    webhookEvents: ["push", "comment"],
    ways: ["manifest"],
  },
  {
    platform: "forge",
    kind: "app",
    name: "Forge application",
    owner: "workspace",
    host: { typed: true, env: "FORGE_APP_HOST" },
    fields: [
      field("clientId", { required: true }),
      field("clientSecret", { secret: true, required: true }),
      field("apiUrl", { format: "url" }),
    ],
    scopes: [],
    how: "Make one.",
    ways: ["oauth"],
  },
  {
    platform: "forge",
    kind: "own",
    name: "Forge by OAuth",
    owner: "person",
    host: { typed: true, env: "FORGE_OWN_HOST" },
    fields: [],
    scopes: [],
    how: "",
  },
  {
    platform: "tracker",
    kind: "site",
    name: "Tracker site",
    owner: "workspace",
    host: { from: "site" },
    fields: [
      field("site", { format: "url", required: true }),
      field("token", { secret: true, required: true }),
    ],
    scopes: [],
    how: "Make one.",
    creatorOnly: true,
    siteDomain: "tracker.test",
  },
];

/** What the invented servers know and were asked. */
export interface ForgeState {
  /** Tokens that work, and whose they are. */
  readonly accounts: Map<string, { readonly id: string; readonly name: string }>;
  readonly hooks: Map<string, HookResource>;
  /** Set to make a hook operation wait. */
  gate: Promise<void> | undefined;
  permission: Permission;
  readonly seenTokens: string[];
  /** Workspaces for which repositories were searched. */
  readonly searchedFor: string[];
}

export const createForgeState = (): ForgeState => ({
  accounts: new Map([
    ["good-token-ada", { id: "1", name: "ada" }],
    ["good-token-bob", { id: "2", name: "bob" }],
  ]),
  hooks: new Map([["r1", { id: "r1", type: "repository", name: "acme/site", state: "missing" }]]),
  gate: undefined,
  permission: { may: true },
  seenTokens: [],
  searchedFor: [],
});

const notSaid = () => Promise.reject(new Error("the API never speaks at a place"));

/** A platform of the port, in memory: the API is tested against it, the real ones have their own contract. */
export const createForge = (
  id: string,
  people: () => People,
  state: ForgeState,
  oauth?: OAuthWay,
): Platform => {
  const tokenOf = (connectionId: string): string => {
    const { connections } = people();
    const connection = connections.get(connectionId);
    if (connection === undefined) throw new Failure("not-found", "This connection does not exist any more.");
    const token =
      connections.secret(connection, "token") ?? connections.secret(connection, "accessToken") ?? "";
    state.seenTokens.push(token);
    return token;
  };
  const hook = (resource: string): HookResource => {
    const found = state.hooks.get(resource);
    if (found === undefined) throw new Failure("not-found", "There is no such repository.");
    return found;
  };
  const change = async (resource: string, next: HookResource["state"]): Promise<HookResource> => {
    hook(resource);
    await state.gate;
    const changed = { ...hook(resource), state: next };
    state.hooks.set(resource, changed);
    return changed;
  };
  const installation: Installation = {
    id: "77",
    account: "acme",
    repositories: "all",
    missing: ["issues: write"],
    suspended: false,
  };

  return {
    id,
    name: id === "forge" ? "Forge" : "Tracker",
    bodyLimit: 60_000,
    editEvery: 1_000,
    routes: [],
    ...(id === "tracker" ? { accountsKnowRepositories: false } : {}),
    mayAsk: async () => state.permission,
    thread: notSaid,
    findPost: notSaid,
    post: notSaid,
    editPost: notSaid,
    explain: () => ({ heard: "ignored", why: "never" }),
    inspect: async (connectionId) => {
      const connection = people().connections.get(connectionId);
      if (connection?.kind === "app")
        return { ok: true, tokenKind: "application", scopes: [], checkedAt: new Date(0).toISOString() };
      const account = state.accounts.get(tokenOf(connectionId));
      if (account === undefined)
        throw new Failure("bad-credentials", "The server does not know this token. Make a new one.");
      return {
        ok: true,
        account,
        tokenKind: "token",
        scopes: [{ name: "api", state: "present", for: "everything" }],
        checkedAt: new Date(0).toISOString(),
      };
    },
    hooks: {
      list: async () => [...state.hooks.values()],
      install: (_connection, resource) => change(resource, "installed"),
      repair: (_connection, resource) => change(resource, "installed"),
      remove: async (_connection, resource) => {
        await change(resource, "missing");
      },
    },
    searchRepositories: async (host, query, { workspaceId }) => {
      state.searchedFor.push(workspaceId);
      const url = `https://${host}/acme/${query}`;
      return id === "forge"
        ? [{ platform: id, host, name: `acme/${query}`, url, cloneUrl: `${url}.git` }]
        : [];
    },
    placeAt: async (url): Promise<Place | undefined> => {
      const match = /^https:\/\/([^/]+)\/(acme\/[a-z]+)\/issues\/(\d+)$/.exec(url);
      const connection = people()
        .connections.list(id)
        .find((one) => one.host === match?.[1]);
      if (match === null || connection === undefined) return undefined;
      const [, host = "", repository = "", number = ""] = match;
      return {
        platform: id,
        host,
        key: `${id}:${host}:${repository}:${number}`,
        kind: "issue",
        url,
        label: `#${number}`,
        repository,
        connection: connection.id,
        address: { number },
      };
    },
    ...(oauth === undefined ? {} : { oauth }),
    installations: {
      installUrl: async () => "https://forge.test/apps/ask/install",
      list: async () => [installation],
      add: async (_connection, wanted) => {
        if (wanted !== installation.id)
          throw new Failure("not-found", "There is no installation with this id.");
        return installation;
      },
    },
    manifest: {
      prepare: ({ host, state: token, redirectUrl }) => ({
        action: `https://${host}/apps/new?state=${token}`,
        fields: { manifest: JSON.stringify({ redirectUrl }) },
      }),
      adopt: async ({ code }) => {
        if (code !== "the-code") throw new Failure("bad-input", "The code is not known.");
        return {
          kind: "token",
          name: "Made app",
          settings: {},
          secrets: { token: "good-token-ada", webhookSecret: "hook-secret-made-by-the-forge" },
          nextUrl: "https://forge.test/apps/ask/install",
        };
      },
    },
  };
};
