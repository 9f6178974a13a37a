import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { JiraUser } from "@ask-openhands/core/wire/jira.ts";
import type { Place, PlatformId } from "@ask-openhands/core/work/place.ts";
import type { PlatformDeps } from "./deps.ts";
import type { JiraApi } from "./jira-api.ts";
import { sharedIn } from "./shared-in.ts";

/** The connected Jira sites of one flavour. Credentials of a connection are sent to its own host only. */
export interface JiraSites {
  connection(id: string): Connection;
  /** The connection that speaks at a place: the one that heard it while it is active, else another of the same workspace for that host. */
  forPlace(place: Place): Connection;
  forHost(host: string): Connection | undefined;
  api(connection: Connection): JiraApi;
  /** Our account there, asked once and remembered. */
  account(connection: Connection): Promise<JiraUser>;
  /** In memory only: false until `account` was answered once. */
  isOwn(host: string, account: string): boolean;
  /** A delivery signed by this connection came. */
  noteTold(connection: Connection): void;
  /** Whether one came since we started. */
  isTold(connection: Connection): boolean;
  all(): readonly Connection[];
}

export const createJiraSites = (
  deps: PlatformDeps,
  platform: PlatformId,
  makeApi: (connection: Connection) => JiraApi,
): JiraSites => {
  const apis = new Map<string, JiraApi>();
  const accounts = new Map<string, JiraUser>();
  const asking = new Map<string, Promise<JiraUser>>();
  const told = new Set<string>();
  deps.connections.watch(platform, () => {
    apis.clear();
    accounts.clear();
    asking.clear();
  });

  const all = (): readonly Connection[] =>
    deps.connections.list(platform).filter((connection) => connection.active);

  const api = (connection: Connection): JiraApi => {
    const known = apis.get(connection.id);
    if (known) return known;
    const made = makeApi(connection);
    apis.set(connection.id, made);
    return made;
  };

  const ask = async (connection: Connection): Promise<JiraUser> => {
    try {
      const user = await api(connection).myself();
      accounts.set(connection.id, user);
      return user;
    } finally {
      asking.delete(connection.id);
    }
  };

  return {
    all,
    api,
    connection(id) {
      const connection = deps.connections.get(id);
      if (connection?.platform === platform) return connection;
      throw new Failure("not-found", "This Jira connection does not exist any more.");
    },
    forHost: (host) => all().find((connection) => connection.host === host),
    forPlace(place) {
      const own = place.connection === undefined ? undefined : deps.connections.get(place.connection);
      if (own?.active === true && own.host === place.host) return own;
      const here = sharedIn(deps.workspaceOf(place.connection));
      const other = all().find((connection) => connection.host === place.host && here(connection));
      if (other) return other;
      throw new Failure(
        "bad-settings",
        `No active connection for ${place.host}. Connect this Jira site in the settings.`,
      );
    },
    async account(connection) {
      const known = accounts.get(connection.id);
      if (known) return known;
      const underway = asking.get(connection.id) ?? ask(connection);
      asking.set(connection.id, underway);
      return underway;
    },
    noteTold: ({ id, host }) => void told.add(`${id} ${host}`),
    isTold: ({ id, host }) => told.has(`${id} ${host}`),
    isOwn: (host, account) =>
      all().some((connection) => {
        const user = connection.host === host ? accounts.get(connection.id) : undefined;
        return user !== undefined && [user.accountId, user.key, user.name].includes(account);
      }),
  };
};
