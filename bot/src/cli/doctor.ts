import { parseArgs } from "node:util";
import { createAgent } from "@ask-openhands/core/agent/create-agent.ts";
import { catalog } from "@ask-openhands/core/connection/catalog/all.ts";
import { createRedactor } from "@ask-openhands/core/connection/redact.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { createSecretList, ownSecrets } from "../compose/secret-list.ts";
import { createAgents } from "../engine/agents.ts";
import { createGuardedFetch } from "../guarded-fetch.ts";
import { createLog } from "../log.ts";
import { mapStrings } from "../map-strings.ts";
import { openPeople, type People } from "../people/open-people.ts";
import { platforms as registry } from "../platforms/index.ts";
import type { Platform } from "../platforms/platform.ts";
import { readSettings, type Settings } from "../settings.ts";
import { type Check, describeChecks, ok, trouble } from "./doctor/check.ts";
import { checkConnections } from "./doctor/check-connections.ts";
import { checkAudit, checkFolder, checkPublicUrl } from "./doctor/check-folder.ts";
import { createClock } from "./doctor/clock.ts";
import { quietDeps } from "./quiet-deps.ts";

/** Looks at everything without changing anything, also beside a running bot. */
const examine = async (settings: Settings): Promise<readonly Check[]> => {
  const now = Date.now;
  const platforms = new Map<string, Platform>();
  let people: People | undefined;
  const redact = createRedactor({
    secrets: createSecretList(
      () => [...ownSecrets(settings), ...(people?.connections.secretValues() ?? [])],
      now,
    ).values,
  });
  // Its own words go to standard error, so that `--json` stays JSON.
  const log = createLog({
    level: "error",
    format: "pretty",
    redact,
    to: process.stderr,
  });
  people = await openPeople({
    settings,
    catalog,
    log,
    now,
    traits: (id) => platforms.get(id),
    readOnly: true,
  });
  const guarded = createGuardedFetch({
    isPrivateAllowed: people.hosts.isPrivateAllowed,
    caOf: people.connections.caOf,
    requestTimeout: settings.requestTimeout,
    redact,
  });
  const clock = createClock(guarded.fetch, now);
  const agents = createAgents({
    connections: people.connections,
    make: (connection, secret) =>
      createAgent(connection, { fetch: clock.fetch, openSocket: guarded.openSocket, secret }),
  });
  for (const { id, create } of registry) {
    platforms.set(
      id,
      create({
        ...quietDeps(people.policy.settings()),
        connections: people.connections,
        fetch: clock.fetch,
        publicUrl: settings.publicUrl,
        log,
      }),
    );
  }
  try {
    const connections = await checkConnections({
      people,
      platforms,
      agents,
      catalog,
      fetch: clock.fetch,
      redact,
      now,
    });
    const address = await checkPublicUrl(settings, fetch);
    const checks = [
      ok("Settings", "All variables are understood."),
      checkFolder(settings),
      checkAudit(people),
      address,
      ...connections,
      clock.check(),
    ];
    return mapStrings(checks, redact);
  } finally {
    agents.close();
    await guarded.close();
    await people.close();
  }
};

const diagnose = async (): Promise<readonly Check[]> => {
  const reading = readSettings(process.env, catalog);
  if ("problems" in reading) return reading.problems.map(({ name, sentence }) => trouble(name, sentence));
  try {
    return await examine(reading.settings);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return [trouble("Start", cause.hint)];
  }
};

const readJson = (): boolean | undefined => {
  try {
    return parseArgs({ options: { json: { type: "boolean", default: false } } }).values.json;
  } catch (cause) {
    process.stderr.write(
      `${cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "Wrong options."} Use: doctor [--json]\n`,
    );
    return undefined;
  }
};

const json = readJson();
if (json === undefined) {
  process.exitCode = 2;
} else {
  const checks = await diagnose();
  const isFine = checks.every(({ state }) => state !== "problem");
  process.stdout.write(
    json ? `${JSON.stringify({ ok: isFine, checks }, undefined, 2)}\n` : describeChecks(checks),
  );
  process.exitCode = isFine ? 0 : 1;
}
