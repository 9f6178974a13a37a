import type { WorkspaceSettings } from "@ask-openhands/core/connection/workspace-settings.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Log } from "../log.ts";
import type { Connections } from "../people/connections.ts";
import type { PlatformDeps } from "../platforms/deps.ts";

const offline = (): never => {
  throw new Failure(
    "unavailable",
    "Nothing is connected here: only what the delivery itself says is looked at.",
  );
};

const noConnections: Connections = {
  list: () => [],
  get: () => undefined,
  secret: () => undefined,
  renew: async () => offline(),
  note: () => undefined,
  personOf: () => undefined,
  accountsOf: () => [],
  ofPerson: () => [],
  broughtBy: () => [],
  override: () => undefined,
  watch: () => () => undefined,
};

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** A platform made with these hears, and does nothing else: no network, no connections, no log. */
export const quietDeps = (
  settings: Pick<WorkspaceSettings, "handles" | "labels" | "defaultRepositories">,
): PlatformDeps => ({
  connections: noConnections,
  intake: { accept: async () => offline() },
  fetch: async () => offline(),
  publicUrl: "http://localhost",
  handles: () => settings.handles,
  labels: () => settings.labels,
  workspaceOf: () => "main",
  findRepositories: async () => [],
  searchRepositories: async () => [],
  defaultRepositories: () => settings.defaultRepositories,
  runsOf: async () => [],
  linkFor: offline,
  roomRules: () => ({ plainReplies: false, allowGuests: false }),
  log: silent,
  now: Date.now,
});
