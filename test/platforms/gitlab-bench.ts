import type { Answer, Delivery } from "@ask-openhands/bot/intake.ts";
import type { Connections } from "@ask-openhands/bot/people/connections.ts";
import { createGitLab } from "@ask-openhands/bot/platforms/gitlab/index.ts";
import type { Platform } from "@ask-openhands/bot/platforms/platform.ts";
import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { Heard, Mention } from "@ask-openhands/core/work/mention.ts";
import type { Message } from "@ask-openhands/core/work/message.ts";
import type { SeededConnection, Sent } from "../contracts/platform-subject.ts";
import { createKeptLog } from "../support/silent-log.ts";

export interface Bench {
  readonly platform: Platform;
  readonly log: ReturnType<typeof createKeptLog>;
  /** Everything that was heard, oldest first. */
  readonly heard: readonly Mention[];
  secret(connectionId: string, name: string): string | undefined;
  setting(connectionId: string, name: string): string | undefined;
  renew: Connections["renew"];
  override(name: string, value: string): void;
  receive(sent: Sent): Promise<Answer>;
  /** Keys that `missed` tells of. */
  missed(since: number): Promise<readonly Mention[]>;
}

interface Held {
  connection: Connection;
  secrets: Record<string, string>;
}

/** GitLab's folder with a directory in memory and an intake that only remembers. */
export const createBench = (
  seeded: readonly SeededConnection[],
  more: { readonly now?: () => number; readonly publicUrl?: string } = {},
): Bench => {
  const held = new Map<string, Held>();
  for (const { connection, secrets } of seeded)
    held.set(connection.id, { connection, secrets: { ...secrets } });
  const overrides = new Map<string, string>();
  const watchers = new Set<() => void>();
  const heard: Mention[] = [];
  const log = createKeptLog();
  const all = (): readonly Connection[] => [...held.values()].map(({ connection }) => connection);

  const renew: Connections["renew"] = async (id, change) => {
    const one = held.get(id);
    if (one === undefined) throw new Error(`no connection ${id}`);
    Object.assign(one.secrets, change.secrets);
    one.connection = {
      ...one.connection,
      settings: { ...one.connection.settings, ...change.settings },
      secretNames: Object.keys(one.secrets),
    };
    for (const changed of watchers) changed();
  };

  const connections: Connections = {
    list: (platform) => all().filter((one) => one.platform === platform),
    get: (id) => held.get(id)?.connection,
    secret: ({ id }, name) => held.get(id)?.secrets[name],
    renew,
    note: () => undefined,
    personOf: () => undefined,
    ofPerson: (personId, platform, host) =>
      all().filter(
        ({ owner, ...one }) =>
          owner.kind === "person" && owner.id === personId && one.platform === platform && one.host === host,
      ),
    override: (name) => overrides.get(name),
    watch(_, changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };

  const platform = createGitLab({
    connections,
    intake: {
      async accept(one: Heard) {
        if (one.heard !== "mention") return { accepted: "ignored", why: "not for us" };
        const known = heard.some(({ key }) => key === one.mention.key);
        heard.push(one.mention);
        return { accepted: known ? "known" : "new" };
      },
    },
    fetch: (...request) => fetch(...request),
    publicUrl: more.publicUrl ?? "http://bot.example",
    handles: () => ["@openhands"],
    labels: () => ["openhands"],
    findRepositories: async () => [],
    searchRepositories: async () => [],
    defaultRepositories: () => [],
    log,
    now: more.now ?? Date.now,
  });

  return {
    platform,
    log,
    heard,
    secret: (id, name) => held.get(id)?.secrets[name],
    setting: (id, name) => held.get(id)?.connection.settings[name],
    renew,
    override: (name, value) => void overrides.set(name, value),
    receive(sent) {
      const route = platform.routes.find(
        ({ path }) => path.includes(":connection") === /gitlab\/./.test(sent.path),
      );
      if (route === undefined) throw new Error(`nothing listens at ${sent.path}`);
      const connection = sent.path.split("/")[3];
      const delivery: Delivery = {
        method: sent.method,
        url: new URL(sent.path, "http://bot.example"),
        params: connection === undefined ? {} : { connection },
        headers: sent.headers,
        bytes: sent.bytes,
        source: "127.0.0.1",
      };
      return route.answer(delivery);
    },
    async missed(since) {
      const found: Mention[] = [];
      for await (const one of platform.missed?.(since) ?? [])
        if (one.heard === "mention") found.push(one.mention);
      return found;
    },
  };
};

export const makeMessage = (marker: string, text = "Working on it."): Message => ({
  part: "report",
  blocks: [{ type: "text", text }],
  actions: [],
  notify: [],
  marker,
});
