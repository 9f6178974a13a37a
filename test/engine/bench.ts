import type { EngineDeps } from "@ask-openhands/bot/engine/engine-deps.ts";
import { usualTimes } from "@ask-openhands/bot/engine/engine-deps.ts";
import { createMarker } from "@ask-openhands/bot/engine/marker.ts";
import { createOutside } from "@ask-openhands/bot/engine/outside.ts";
import { createRenewals } from "@ask-openhands/bot/engine/renewals.ts";
import { takeTurn } from "@ask-openhands/bot/engine/take-turn.ts";
import type { Permission } from "@ask-openhands/bot/platforms/platform.ts";
import type { Store } from "@ask-openhands/bot/store/store.ts";
import type { Agent, AgentEvent, Order } from "@ask-openhands/core/agent/agent.ts";
import type { WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { StoreSubject } from "../contracts/store.ts";
import { subject } from "../contracts/subjects/sqlite-store.ts";
import { makeSettings } from "../support/make-settings.ts";
import { createKeptLog, type LogLine } from "../support/silent-log.ts";
import { connection, createForge, type Post } from "./forge.ts";

/** What goes wrong with the next calls of one kind. */
export type Trouble =
  | "lost-answer"
  | "unavailable"
  | "not-allowed"
  | "slow-effect"
  /** The process ends before, or right after the effect; another one goes on. */
  | "die-before"
  | "die-after";

/** The engine with the real store and a clock of its own, over a place and an agent that live in memory: for rules that need many hours or thousands of turns. */
export interface EngineBench {
  readonly store: Store;
  readonly deps: EngineDeps;
  readonly posts: readonly Post[];
  readonly lines: readonly LogLine[];
  readonly said: readonly string[];
  readonly linked: Set<string>;
  /** Custom secrets of people, by person id. */
  readonly secrets: Map<string, Readonly<Record<string, string>>>;
  /** What stands in text files, by address; everything else is a picture. */
  readonly files: Map<string, string>;
  /** What the conversations were given with each start and each message, in order. */
  readonly given: readonly (Pick<Order, "secrets" | "images"> & { readonly conversation: string })[];
  /** Ids of the accounts on the code host that linked people have proven. */
  readonly accounts: Set<string>;
  /** Workspace by connection, where it is another than the first. */
  readonly workspaces: Map<string, string>;
  /** How many turns did what. */
  readonly steps: ReadonlyMap<string, number>;
  /** News that the next reading of a conversation brings. */
  tell(...events: readonly AgentEvent[]): void;
  /** News that every reading brings from now on. */
  tellAll(...events: readonly AgentEvent[]): void;
  /** Turns of this lane end the process from now on. */
  dieOn(lane: string): void;
  permit(permission: Permission): void;
  /** What linked people's own accounts may do in other repositories. */
  permitElsewhere(permission: Permission): void;
  /** Decides for each call whether it goes wrong. */
  trouble(choose: (call: string) => Trouble | undefined): void;
  now(): number;
  pass(ms: number): void;
  /** Takes turns, moving the clock to each next wake time, until nothing is due before `until` milliseconds from now. */
  run(until?: number): Promise<number>;
  /** Closes and opens the store, as the next process does. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

export const startEngineBench = async (
  part: Partial<WorkspaceSettings> = {},
  stores: StoreSubject = subject,
): Promise<EngineBench> => {
  let clock = Date.UTC(2026, 2, 1, 12);
  const opened = await stores.open(() => clock);
  let open = opened.store;
  /** What the engine holds stays the same when the store behind it is closed and opened. */
  const store = new Proxy(open, { get: (_, name) => Reflect.get(open, name) });
  let died = Promise.withResolvers<void>();
  const settings = makeSettings({ runsPerPerson: 1_000, runsPerWorkspace: 1_000, ...part });
  const log = createKeptLog();
  const posts: Post[] = [];
  const said: string[] = [];
  const linked = new Set<string>();
  const secrets = new Map<string, Readonly<Record<string, string>>>();
  const files = new Map<string, string>();
  const given: (Pick<Order, "secrets" | "images"> & { readonly conversation: string })[] = [];
  const accounts = new Set<string>();
  const workspaces = new Map<string, string>();
  const news: AgentEvent[] = [];
  const steps = new Map<string, number>();
  let always: readonly AgentEvent[] = [];
  let deadly: string | undefined;
  let permission: Permission = { may: true };
  let elsewhere: Permission = { may: false, why: "You may not push there." };
  let choose: (call: string) => Trouble | undefined = () => undefined;
  const arriving: (() => void)[] = [];

  /** The effect, or what goes wrong with it: before it, after it, or later than anybody waits. */
  const effect = async <Result>(call: string, work: () => Result): Promise<Result> => {
    const trouble = choose(call);
    if (trouble === "not-allowed") throw new Failure("not-allowed", "This place is locked.", { status: 403 });
    if (trouble === "unavailable")
      throw new Failure("unavailable", "The forge did not answer.", { status: 503 });
    if (trouble === "slow-effect") {
      arriving.push(() => void work());
      throw new Failure("unavailable", "The forge did not answer in time.");
    }
    const dies = trouble === "die-before" || trouble === "die-after";
    const result = trouble === "die-before" ? undefined : work();
    if (dies) {
      died.resolve();
      return new Promise(() => undefined);
    }
    if (trouble === "lost-answer") throw new Failure("unavailable", "The connection was lost.");
    return result as Result;
  };

  const platform = createForge({ effect, posts, files, mayAsk: () => permission, mayWrite: () => elsewhere });

  const conversations = new Set<string>();
  const agent: Agent = {
    start: (order) =>
      effect("start", () => {
        if (!conversations.has(order.runId)) said.push(order.prompt);
        conversations.add(order.runId);
        given.push({ conversation: order.runId, secrets: order.secrets, images: order.images });
        return { agent: "a1", id: order.runId };
      }),
    say: (conversation, message) =>
      effect("say", () => {
        if (!message.again || !said.some((text) => text.includes(message.id)))
          said.push(`${message.text} (ref: ${message.id})`);
        given.push({
          conversation: conversation.id,
          secrets: message.secrets ?? {},
          images: message.images,
        });
        return conversation;
      }),
    read: (_conversation, cursor) =>
      effect("read", () => ({
        events: [...news.splice(0), ...always],
        cursor: String(Number(cursor ?? 0) + 1),
      })),
    stop: () => effect("stop", () => undefined),
    check: async () => ({ ok: true, detail: "" }),
  };

  const deps: EngineDeps = {
    store,
    policy: {
      settings: () => settings,
      explainSettings: () => [],
      judge: (mention) =>
        settings.requireLink && !linked.has(mention.author.id)
          ? {
              allowed: "needs-link",
              why: "Link first.",
              linkUrl: "https://bot.test/link#t",
              workspaceId: "main",
            }
          : {
              allowed: true,
              workspaceId: workspaces.get(mention.place.connection ?? "") ?? "main",
              personId: linked.has(mention.author.id) ? `person-${mention.author.id}` : undefined,
            },
      workspaceOf: (id) => workspaces.get(id ?? "") ?? "main",
      tenantOf: (id) => workspaces.get(id ?? "") ?? "main",
      linkFor: () => "https://bot.test/link#t",
      linkPage: (platform) => `https://bot.test/integrations/${platform}`,
      onLinked: () => () => undefined,
    },
    connections: {
      list: () => [connection],
      get: () => undefined,
      secret: () => undefined,
      renew: async () => undefined,
      note: () => undefined,
      personOf: (_platform, _host, id) => (linked.has(id) ? `person-${id}` : undefined),
      accountsOf: (_person, platform, host) =>
        [...accounts].map((id) => ({ platform, host, id, name: `account-${id}` })),
      ofPerson: () => [],
      broughtBy: () => [],
      override: () => undefined,
      agentSecrets: (personId) => ({ SHARED: "everybody's", ...secrets.get(personId ?? "") }),
      watch: () => () => undefined,
    },
    platforms: new Map([["forge", platform]]),
    agents: { get: () => agent, choose: () => "a1" },
    outside: createOutside({ now: () => clock, pause: 0 }),
    renewals: createRenewals(),
    budget: { take: async () => ({ taken: true }) },
    marker: createMarker(new Uint8Array(32)),
    redact: (text) => text.replaceAll("hunter2-canary", "[redacted]"),
    hide: () => undefined,
    hosts: () => ["forge.test"],
    times: { ...usualTimes, request: 10_000 },
    metrics: {
      turn: (step) => void steps.set(step, (steps.get(step) ?? 0) + 1),
      outside: () => undefined,
      posted: () => undefined,
    },
    log,
    now: () => clock,
    random: () => 0.5,
  };

  return {
    store,
    deps,
    posts,
    lines: log.lines,
    said,
    linked,
    secrets,
    files,
    given,
    accounts,
    workspaces,
    steps,
    tell: (...events) => void news.push(...events),
    tellAll: (...events) => {
      always = events;
    },
    dieOn: (lane) => {
      deadly = lane;
    },
    permit: (next) => {
      permission = next;
    },
    permitElsewhere: (next) => {
      elsewhere = next;
    },
    trouble: (next) => {
      choose = next;
    },
    now: () => clock,
    pass: (ms) => {
      clock += ms;
    },
    run: async (until = 0) => {
      const end = clock + until;
      for (let turns = 0; turns < 20_000; turns += 1) {
        const work = await store.claim("bench", 30_000, clock);
        if (
          work !== undefined &&
          work.lane === deadly &&
          work.abandonedAt === undefined &&
          Number(work.notes["deaths"] ?? 0) < 3
        ) {
          // Nobody settles it: its lease runs out.
          continue;
        }
        if (work !== undefined) {
          await Promise.race([
            takeTurn(deps, work, { until: () => clock + 30_000 }, () => false),
            died.promise,
          ]);
          died = Promise.withResolvers();
          continue;
        }
        const next = await store.nextWake();
        if (next === undefined || next > end) {
          clock = Math.max(clock, end);
          return turns;
        }
        // Requests that were given up still take effect, in less than the time that is waited out.
        for (const arrive of arriving.splice(0)) arrive();
        clock = Math.max(clock, next);
      }
      throw new Error("the lanes never rest");
    },
    restart: async () => {
      open = await opened.reopen();
    },
    end: async () => {
      await store.close();
      await opened.remove();
    },
  };
};
