import type { Answer, Route } from "@ask-openhands/bot/intake.ts";
import type { Connections } from "@ask-openhands/bot/people/connections.ts";
import type { PlatformDeps } from "@ask-openhands/bot/platforms/deps.ts";
import type { Platform } from "@ask-openhands/bot/platforms/platform.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import { createKeptLog } from "../support/silent-log.ts";
import type { SeededConnection, Sent } from "./platform-subject.ts";

/** One platform with a directory in memory and an intake that only remembers. */
export interface PlatformBench {
  readonly platform: Platform;
  readonly log: ReturnType<typeof createKeptLog>;
  /** Everything that came through the receivers, oldest first. */
  readonly heard: readonly Mention[];
  /** While set, nothing can be stored. */
  refuse(refuse: boolean): void;
  connection(id: string): Connection | undefined;
  secret(connectionId: string, name: string): string | undefined;
  renew: Connections["renew"];
  override(name: string, value: string): void;
  receive(sent: Sent): Promise<Answer>;
  missed(since: number): Promise<readonly Mention[]>;
  /** Puts the platform's clock forward: what it was told to wait for is over. Milliseconds. */
  pass(ms: number): void;
}

interface Held {
  connection: Connection;
  readonly secrets: Record<string, string>;
}

const createDirectory = (seeded: readonly SeededConnection[]) => {
  const held = new Map<string, Held>();
  for (const { connection, secrets } of seeded) {
    held.set(connection.id, {
      connection: { ...connection, secretNames: Object.keys(secrets) },
      secrets: { ...secrets },
    });
  }
  const overrides = new Map<string, string>();
  const watchers = new Set<() => void>();
  const all = (): readonly Connection[] => [...held.values()].map(({ connection }) => connection);
  const connections: Connections = {
    list: (platform) => all().filter((one) => one.platform === platform),
    get: (id) => held.get(id)?.connection,
    secret: ({ id }, name) => held.get(id)?.secrets[name],
    async renew(id, change) {
      const one = held.get(id);
      if (one === undefined) throw new Error(`no connection ${id}`);
      Object.assign(one.secrets, change.secrets);
      one.connection = {
        ...one.connection,
        settings: { ...one.connection.settings, ...change.settings },
        secretNames: Object.keys(one.secrets),
      };
      for (const changed of watchers) changed();
    },
    note: () => undefined,
    personOf: () => undefined,
    accountsOf: () => [],
    broughtBy: () => [],
    ofPerson: (personId, platform, host) =>
      all().filter(
        (one) =>
          one.owner.kind === "person" &&
          one.owner.id === personId &&
          one.platform === platform &&
          one.host === host,
      ),
    override: (name) => overrides.get(name),
    watch(_, changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
  return { connections, held, overrides };
};

/** The route of a path and its `:name` parts. */
const findRoute = (routes: readonly Route[], { method, path }: Sent) => {
  const url = new URL(path, "http://bot.example");
  for (const route of routes) {
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`);
    const found = route.method === method ? pattern.exec(url.pathname) : null;
    if (found) return { route, url, params: { ...found.groups } };
  }
  throw new Error(`nothing listens at ${method} ${path}`);
};

export const createPlatformBench = (
  create: (deps: PlatformDeps) => Platform,
  seeded: readonly SeededConnection[],
  more: Partial<PlatformDeps> = {},
): PlatformBench => {
  const { connections, held, overrides } = createDirectory(seeded);
  const heard: Mention[] = [];
  const log = createKeptLog();
  let ahead = 0;
  let refusing = false;

  const platform = create({
    connections,
    intake: {
      async accept(one: Heard) {
        if (refusing) throw new Error("the disk is full");
        if (one.heard !== "mention") return { accepted: "ignored", why: "not for us" };
        const known = heard.some(({ key }) => key === one.mention.key);
        heard.push(one.mention);
        return { accepted: known ? "known" : "new" };
      },
    },
    fetch: (...request) => fetch(...request),
    publicUrl: "http://bot.example",
    handles: () => ["@openhands"],
    labels: () => ["openhands"],
    workspaceOf: (id) => connections.get(id ?? "")?.owner.id ?? "main",
    findRepositories: async () => [],
    searchRepositories: async () => [],
    defaultRepositories: () => [],
    runsOf: async () => [],
    linkFor: () => "https://bot.example/link",
    roomRules: () => ({ plainReplies: true, allowGuests: false }),
    log,
    now: () => Date.now() + ahead,
    ...more,
  });

  return {
    platform,
    log,
    heard,
    refuse(refuse) {
      refusing = refuse;
    },
    pass(ms) {
      ahead += ms;
    },
    connection: (id) => held.get(id)?.connection,
    secret: (id, name) => held.get(id)?.secrets[name],
    renew: connections.renew,
    override: (name, value) => void overrides.set(name, value),
    receive(sent) {
      const { route, url, params } = findRoute(platform.routes, sent);
      return route.answer({
        method: sent.method,
        query: url.search.slice(1),
        params,
        headers: sent.headers,
        bytes: sent.bytes,
        source: "127.0.0.1",
      });
    },
    async missed(since) {
      const found: Mention[] = [];
      for await (const one of platform.missed?.(since) ?? [])
        if (one.heard === "mention") found.push(one.mention);
      return found;
    },
  };
};
