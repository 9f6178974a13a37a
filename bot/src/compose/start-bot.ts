import { fileURLToPath } from "node:url";
import { createAgent } from "@ask-openhands/core/agent/create-agent.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { createRedactor } from "@ask-openhands/core/connection/redact.ts";
import type { DestinationStream } from "pino";
import { type EngineTimes, usualTimes } from "../engine/engine-deps.ts";
import { createPostBudget, type PostBudget } from "../engine/post-budget.ts";
import { createGuardedFetch } from "../guarded-fetch.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createLog, type Log } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import { createPatientFetch, createWatchedFetch } from "../patient-fetch.ts";
import { openPeople, type People } from "../people/open-people.ts";
import { createOwnAccounts } from "../people/own-account.ts";
import { createRoomSettings } from "../people/room-settings.ts";
import type { PlatformDeps } from "../platforms/deps.ts";
import { platforms as registry } from "../platforms/index.ts";
import type { Platform } from "../platforms/platform.ts";
import { quietAtPages } from "../platforms/web-page.ts";
import { startServer } from "../server.ts";
import type { Settings } from "../settings.ts";
import type { Store } from "../store/store.ts";
import { createCodeHosts } from "./code-hosts.ts";
import { startEngine } from "./engine-parts.ts";
import { freePort } from "./free-port.ts";
import { createLongListening } from "./long-listening.ts";
import { openLeadership, openStore, takeFolder } from "./open-store.ts";
import { createOperations } from "./operations.ts";
import { createSecretList, ownSecrets } from "./secret-list.ts";
import { firstSignInLink } from "./sign-in-link.ts";
import { tellTroubles } from "./tell-troubles.ts";
import { startTidying } from "./tidying.ts";
import { createWeb } from "./web.ts";

export interface Bot {
  readonly port: number;
  readonly store: Store;
  /** Says a line in the log about every connection and back end that will not work, with what to do. */
  tellTroubles(): Promise<void>;
  /** Stops listening, ends the steps under way, gives everything back. */
  stop(): Promise<void>;
}

export interface BotOptions {
  readonly settings: Settings;
  /** Where the log goes; standard output when absent. */
  readonly logTo?: DestinationStream | undefined;
  /** How long the engine waits for what; made from the settings when absent. */
  readonly times?: EngineTimes | undefined;
  /** How often we may write to one server; kept by this process when absent. */
  readonly budget?: PostBudget | undefined;
  /** The machine's clock, epoch milliseconds, which somebody may set. */
  readonly wall?: (() => number) | undefined;
  /** Where the first sign-in link goes; standard error when absent. */
  readonly print?: ((line: string) => void) | undefined;
}

/** Requests under way when the bot stops get this long for their answer. */
const answerTime = 5_000;
const version = "0.1.0";
/** Built by the extension's own build. */
const pageFolder = fileURLToPath(new URL("../../../extension/build/settings", import.meta.url));
const day = 24 * 3_600_000;
/** Repeated deliveries are known for at least this long, whatever the settings keep. */
const leastMemory = 3 * day;

const sayWhatToDo = (people: People, log: Log, address: string): void => {
  const all = people.connections.all().filter(({ active }) => active);
  if (
    all.some(({ platform }) => platform !== "openhands") &&
    all.some(({ platform }) => platform === "openhands")
  )
    return;
  log.warn(
    { address, environment: ".env.example", page: `${address}/` },
    "not ready for asks yet: connect a platform (GitHub, GitLab…) and an OpenHands back end, on the settings page or by environment variables",
  );
};

/** `PORT=0` without an address of its own: the port is chosen now, so that every link that we make is true. */
const withPort = async (settings: Settings): Promise<Settings> => {
  const unknown = "http://localhost:0";
  if (settings.publicUrl !== unknown) return settings;
  const port = await freePort(settings.host);
  return { ...settings, port, publicUrl: `http://localhost:${port}` };
};

/** The whole bot in one process. Throws `Failure` (bad-settings) with a sentence when it cannot start. */
export const startBot = async ({
  settings: given,
  logTo,
  times = { ...usualTimes, request: given.requestTimeout },
  budget = createPostBudget(),
  wall: now = Date.now,
  print = (line) => void process.stderr.write(`${line}\n`),
}: BotOptions): Promise<Bot> => {
  const settings = await withPort(given);
  const closers: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closers.toReversed()) await close();
  };
  try {
    const lock = takeFolder(settings);
    closers.push(() => lock.release());
    let people: People | undefined;
    const secrets = createSecretList(
      () => [...ownSecrets(settings), ...(people?.connections.secretValues() ?? [])],
      now,
    );
    const redact = createRedactor({ secrets: secrets.values });
    const log = createLog({ level: settings.logLevel, format: settings.logFormat, redact, to: logTo });
    const made = new Map<string, Platform>();

    const { store, clock, close } = await openStore(settings, lock, now);
    closers.push(close);
    people = await openPeople({ settings, catalog, log, now, traits: (platform) => made.get(platform) });
    closers.push(people.close);
    const { connections, policy, hosts } = people;
    const guarded = createGuardedFetch({
      isPrivateAllowed: hosts.isPrivateAllowed,
      caOf: connections.caOf,
      requestTimeout: settings.requestTimeout,
      redact,
    });
    closers.push(guarded.close);

    const leadership = await openLeadership(settings, log);
    closers.push(leadership.stop);
    const metrics = createMetrics(store, clock.now);
    const intake = people.linkCodes.listen(createIntake({ store, policy, log, count: metrics.heard }));
    const deps: PlatformDeps = {
      connections,
      intake,
      fetch: guarded.fetch,
      publicUrl: settings.publicUrl,
      handles: (connection) => policy.settings(connection).handles,
      labels: (connection) => policy.settings(connection).labels,
      workspaceOf: policy.workspaceOf,
      defaultRepositories: (connection) => policy.settings(connection).defaultRepositories,
      runsOf: ({ platform, host, id }, most) =>
        store.runs({ asker: `${platform}:${host}:${id}`, limit: most }),
      linkFor: policy.linkFor,
      roomSettings: createRoomSettings(people),
      ownAccounts: createOwnAccounts({ ...people, platforms: () => made.values() }),
      roomRules: (connection) => policy.settings(connection),
      ...createCodeHosts({ connections, platforms: () => made.values(), log }),
      log,
      now,
    };
    const watched = createWatchedFetch(guarded.fetch, now, metrics.rateLimited);
    const patient = createPatientFetch(watched, now);
    const fetchOf =
      (id: string): typeof fetch =>
      (input, init) =>
        (made.get(id)?.pacesItself === true ? watched : patient)(input, init);
    for (const { id, create } of registry)
      made.set(id, quietAtPages(create({ ...deps, fetch: fetchOf(id), log: log.child({ platform: id }) })));

    const engine = startEngine({
      store,
      people,
      platforms: made,
      intake,
      secrets,
      redact,
      metrics,
      log,
      clock,
      now,
      times,
      budget,
      publicUrl: settings.publicUrl,
      lanes: settings.workers,
      pollEvery: settings.pollEvery,
      leadership,
      makeAgent: (connection, secret) =>
        createAgent(connection, { fetch: patient, openSocket: guarded.openSocket, secret }),
    });
    closers.push(() => engine.stop(settings.stopTimeout));
    const listening = createLongListening([...made.values()], leadership, log);
    closers.push(listening.stop);
    closers.push(startTidying(store, Math.max(settings.keepRuns, leastMemory), log, clock.now));

    let serving = true;
    const operations = createOperations({
      store,
      metrics: settings.metrics ? metrics : undefined,
      metricsToken: settings.metricsToken,
      isServing: () => serving,
    });
    const parts = {
      people,
      store,
      intake,
      platforms: made,
      agents: engine.deps.agents,
      catalog,
      fetch: guarded.fetch,
      publicUrl: settings.publicUrl,
      trustedProxies: settings.trustedProxies,
      redact,
      version,
      log,
      now,
    };
    const web = createWeb(parts, operations, pageFolder);
    closers.push(web.close);
    const server = await startServer({
      host: settings.host,
      port: settings.port,
      routes: [...made.values()].flatMap((platform) => platform.routes),
      app: web.app,
      log,
      answered: metrics.delivered,
    });
    closers.push(() => {
      serving = false;
      return server.close(answerTime);
    });
    log.info({ port: server.port, host: settings.host, address: settings.publicUrl }, "ready");
    sayWhatToDo(people, log, settings.publicUrl);
    const signIn = await firstSignInLink(people, settings.publicUrl);
    if (signIn !== undefined) print(`Open this link once to own this bot: ${signIn}`);
    engine.catchUp
      .sweep()
      .catch((cause: unknown) => log.error({ error: String(cause) }, "first sweep failed"));

    return {
      port: server.port,
      store,
      tellTroubles: () => tellTroubles(parts),
      stop: async () => {
        log.info({}, "stopping");
        await closeAll();
        log.info({}, "stopped");
      },
    };
  } catch (cause) {
    await closeAll();
    throw cause;
  }
};
