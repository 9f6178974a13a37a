import { agentPlatform } from "@ask-openhands/core/connection/catalog/openhands.ts";
import type { Connection, ConnectionStatus } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { ApiDeps } from "./call.ts";
import { kindOf } from "./views/connection-view.ts";

const checkAgent = async (
  deps: Pick<ApiDeps, "agents" | "catalog" | "now">,
  connection: Connection,
): Promise<ConnectionStatus> => {
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

/** Asks the server now: who the credentials are, what they may, what is missing. A failure becomes a status that says so. */
export const checkConnection = async (
  deps: Pick<ApiDeps, "agents" | "platforms" | "catalog" | "now">,
  connection: Connection,
): Promise<ConnectionStatus> => {
  try {
    if (connection.platform === agentPlatform.id) return await checkAgent(deps, connection);
    const platform = deps.platforms.get(connection.platform);
    if (platform === undefined)
      throw new Failure("bad-settings", `Nothing here speaks ${connection.platform}.`);
    return await platform.inspect(connection.id);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return {
      ok: false,
      tokenKind: kindOf(deps, connection.platform, connection.kind)?.name ?? connection.kind,
      scopes: [],
      problem: cause.hint,
      checkedAt: new Date(deps.now()).toISOString(),
    };
  }
};
