import { agentPlatform } from "@ask-openhands/core/connection/catalog/openhands.ts";
import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import { mapStrings } from "../map-strings.ts";
import type { ApiDeps } from "./call.ts";
import { hintOf } from "./hint-of.ts";
import { kindOf } from "./views/connection-view.ts";

type Deps = Pick<ApiDeps, "agents" | "platforms" | "catalog" | "fetch" | "now" | "redact">;

const checkAgent = async (deps: Deps, connection: Connection): Promise<ConnectionStatus> => {
  const check = await deps.agents.get(connection.id).check();
  const version = check.version === undefined ? {} : { notes: [`Version ${check.version}`] };
  return {
    ok: check.ok,
    tokenKind: kindOf(deps, connection.platform, connection.kind)?.name ?? connection.kind,
    scopes: [],
    checkedAt: new Date(deps.now()).toISOString(),
    ...version,
    ...(check.ok ? {} : { problem: check.detail, ...(check.cure === undefined ? {} : { cure: check.cure }) }),
  };
};

/** An OAuth application that nobody has signed in with has no token to check; that its server answers is all that can be told. */
const isBareClient = (deps: Deps, { platform, kind, secretNames }: Connection): boolean => {
  const oauth = deps.platforms.get(platform)?.oauth;
  const isForOAuth = kindOf(deps, platform, kind)?.ways?.includes("oauth") === true;
  const wayIn = oauth?.wayIn ?? (isForOAuth ? ["accessToken"] : undefined);
  return (
    wayIn !== undefined &&
    secretNames.includes("clientSecret") &&
    !wayIn.some((name) => secretNames.includes(name))
  );
};

const checkClient = async (deps: Deps, connection: Connection): Promise<ConnectionStatus> => {
  const oauth = deps.platforms.get(connection.platform)?.oauth;
  const unreachable = new Failure(
    "unavailable",
    `${connection.host} cannot be reached. Check the address and that this machine may reach it.`,
  );
  await deps.fetch(oauth?.server(connection).authorize ?? "", { redirect: "manual" }).then(
    (response) => response.body?.cancel(),
    (cause: unknown) => {
      throw cause instanceof Failure ? cause : unreachable;
    },
  );
  return {
    ok: true,
    tokenKind: kindOf(deps, connection.platform, connection.kind)?.name ?? connection.kind,
    scopes: [],
    notes: [
      oauth?.wayIn === undefined
        ? "Nobody has signed in with it yet."
        : "Not installed yet: authorise it, and it can hear and speak there.",
    ],
    checkedAt: new Date(deps.now()).toISOString(),
  };
};

const ask = async (deps: Deps, connection: Connection): Promise<ConnectionStatus> => {
  if (connection.platform === agentPlatform.id) return checkAgent(deps, connection);
  if (isBareClient(deps, connection)) return checkClient(deps, connection);
  const platform = deps.platforms.get(connection.platform);
  if (platform === undefined)
    throw new Failure("bad-settings", `Nothing here speaks ${connection.platform}.`);
  return platform.inspect(connection.id);
};

/** Asks the server now: who the credentials are, what they may, what is missing. A failure becomes a status that says so; a secret that the server repeats stands in none. */
export const checkConnection = async (deps: Deps, connection: Connection): Promise<ConnectionStatus> => {
  try {
    return mapStrings(await ask(deps, connection), deps.redact);
  } catch (cause) {
    return {
      ok: false,
      tokenKind: kindOf(deps, connection.platform, connection.kind)?.name ?? connection.kind,
      scopes: [],
      problem: deps.redact(hintOf(cause, connection.host)),
      checkedAt: new Date(deps.now()).toISOString(),
    };
  }
};
