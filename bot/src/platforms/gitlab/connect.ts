import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import type { PlatformDeps } from "../deps.ts";
import { inTime } from "../in-time.ts";
import { createOAuthTokens, renewsAfter } from "../oauth-token.ts";
import type { AgentToken, OnBehalf } from "../platform.ts";
import { sharedIn } from "../shared-in.ts";
import type { OwnAccount } from "./account.ts";
import { createGitLabApi, type GitLabApi } from "./api.ts";

/** One connection, ready to use. */
export const agentTokenName = "GITLAB_TOKEN";

export interface Door {
  readonly connection: Connection;
  readonly api: GitLabApi;
}

/** The ways into the GitLab servers that we are connected to. Credentials of one host are never used for another. */
export interface Doors {
  byId(connectionId: string): Door;
  /** With another token than the connection's, which is used for this door only and kept nowhere. */
  once(connectionId: string, token: string): Door;
  /** The connection that heard the place, else another of the workspace for that host. */
  at(place: Place): Door;
  /** For a host, the asker's own connections first, then those of the workspace; never another's. */
  forHost(host: string, onBehalf: OnBehalf): readonly Door[];
  /** Those that hold a token of the person: their own, and what they brought to the workspace as a person's token. */
  ownTokens(host: string, onBehalf: OnBehalf): Promise<readonly Door[]>;
  /** Shared connections of all workspaces. */
  workspace(): readonly Door[];
  /** Which account posts with this connection; asked once and kept until connections change. */
  account(door: Door): Promise<OwnAccount>;
  /** All accounts of ours on a host that could be learnt in time, that of the connection that heard among them. */
  own(host: string, heardBy?: string): Promise<readonly OwnAccount[]>;
  /** Those learnt so far, from memory; of all hosts without one. */
  known(host?: string): readonly OwnAccount[];
  token(connection: Connection): Promise<string>;
}

/** A delivery is answered within a second; an account that GitLab does not tell by then is found by our marker instead. */
const patience = 800;

export const baseUrlOf = (connection: Connection): string =>
  (connection.settings["baseUrl"] ?? `https://${connection.host}`).replace(/\/+$/, "");

const ownedByWorkspace = (connection: Connection): boolean =>
  connection.active && connection.owner.kind === "workspace";

const unset = (host: string): Failure =>
  new Failure(
    "bad-settings",
    `No GitLab connection for ${host} is set up. A maintainer can add one on the settings page.`,
  );

export function createDoors(deps: PlatformDeps): Doors {
  const { connections, now } = deps;
  const oauth = createOAuthTokens({
    connections,
    fetch: deps.fetch,
    now,
    name: "GitLab",
    baseUrl: baseUrlOf,
    tokenPath: "/oauth/token",
  });
  const doors = new Map<string, { readonly baseUrl: string; readonly door: Door }>();
  const accounts = new Map<string, Promise<OwnAccount>>();
  const learnt = new Map<string, OwnAccount>();
  connections.watch("gitlab", () => {
    accounts.clear();
    learnt.clear();
  });

  const tokenOf = async (connection: Connection): Promise<string> => {
    if (connection.kind === "oauth") return oauth.token(connection);
    const token = connections.secret(connection, "token");
    if (token) return token;
    throw new Failure(
      "bad-settings",
      `The GitLab connection "${connection.name}" has no access token. Add one on the settings page.`,
    );
  };

  const open = (connection: Connection): Door => {
    const baseUrl = baseUrlOf(connection);
    const known = doors.get(connection.id);
    if (known?.baseUrl === baseUrl) return { ...known.door, connection };
    const renewedToken = (refused: string): Promise<string | undefined> => oauth.renewed(connection, refused);
    const api = createGitLabApi({
      baseUrl,
      fetch: deps.fetch,
      now,
      token: () => tokenOf(connections.get(connection.id) ?? connection),
      ...(connection.kind === "oauth" ? { renewedToken } : {}),
    });
    const door = { connection, api };
    doors.set(connection.id, { baseUrl, door });
    return door;
  };

  const existing = (id: string): Connection => {
    const connection = connections.get(id);
    if (connection?.platform === "gitlab") return connection;
    throw new Failure("not-found", "This GitLab connection does not exist any more.");
  };

  // The workspace's OAuth application nobody has installed is a client for sign-ins, not a way to speak.
  const speaks = (connection: Connection): boolean =>
    connection.kind !== "oauth" || connection.secretNames.includes("accessToken");
  const ofWorkspace = (): readonly Connection[] =>
    connections.list("gitlab").filter((one) => ownedByWorkspace(one) && speaks(one));

  const ofPerson = (personId: string, host: string): readonly Connection[] =>
    connections.ofPerson(personId, "gitlab", host).filter((one) => one.active && speaks(one));

  const learn = async ({ connection, api }: Door): Promise<OwnAccount> => {
    const user = await api.user();
    const said = connection.settings["account"];
    const shared = said === "person" || (said !== "bot" && user.bot !== true);
    const own: OwnAccount = { host: connection.host, id: user.id, name: user.username, shared };
    learnt.set(connection.id, own);
    return own;
  };

  const account = (door: Door): Promise<OwnAccount> => {
    const known = accounts.get(door.connection.id);
    if (known) return known;
    const asking = learn(door).catch((error: unknown) => {
      accounts.delete(door.connection.id);
      throw error;
    });
    accounts.set(door.connection.id, asking);
    return asking;
  };

  const soonKnown = (asking: Promise<OwnAccount>): Promise<OwnAccount | undefined> => {
    const soon = asking.catch((error: unknown) => {
      deps.log.warn(
        { error: error instanceof Failure ? error.hint : String(error) },
        "could not ask GitLab which account is ours",
      );
      return undefined;
    });
    return inTime(soon, patience);
  };

  return {
    byId: (id) => open(existing(id)),
    once(id, token) {
      const connection = existing(id);
      const line = {
        baseUrl: baseUrlOf(connection),
        fetch: deps.fetch,
        now,
        token: () => Promise.resolve(token),
      };
      return { connection, api: createGitLabApi(line) };
    },
    at(place) {
      const heardBy = place.connection === undefined ? undefined : connections.get(place.connection);
      const fits = heardBy?.active === true && heardBy.host === place.host && speaks(heardBy);
      const here = ofWorkspace().filter(sharedIn(deps.workspaceOf(place.connection)));
      const found = fits ? heardBy : here.find(({ host }) => host === place.host);
      if (found === undefined) throw unset(place.host);
      return open(found);
    },
    forHost(host, { personId, workspaceId }) {
      const shared = ofWorkspace()
        .filter((one) => one.host === host)
        .filter(sharedIn(workspaceId));
      return [...(personId === undefined ? [] : ofPerson(personId, host)), ...shared].map(open);
    },
    async ownTokens(host, { personId, workspaceId }) {
      if (personId === undefined) return [];
      const brought = connections.broughtBy(personId, workspaceId, "gitlab", host).filter(speaks).map(open);
      const shared = await Promise.all(
        brought.map(async (door) => ((await account(door)).shared ? [door] : [])),
      );
      return [...ofPerson(personId, host).map(open), ...shared.flat()];
    },
    workspace: () => ofWorkspace().map(open),
    account,
    async own(host, heardBy) {
      const hearing = heardBy === undefined ? undefined : connections.get(heardBy);
      const here = ofWorkspace().filter((one) => one.host === host && one.id !== heardBy);
      const all = hearing && speaks(hearing) ? [hearing, ...here] : here;
      const found = await Promise.all(all.map((one) => soonKnown(account(open(one)))));
      return found.filter((one) => one !== undefined);
    },
    known: (host) => [...learnt.values()].filter((one) => host === undefined || one.host === host),
    token: tokenOf,
  };
}

/** What the agent gets to push with: an override by name, else the asker's own, else the workspace's narrower or only token. */
export async function agentTokenFor(
  deps: PlatformDeps,
  doors: Doors,
  repository: RepositoryFacts,
  onBehalf: OnBehalf,
): Promise<AgentToken | undefined> {
  const host: Record<string, string> =
    repository.host === "gitlab.com" ? {} : { GITLAB_HOST: repository.host };
  // GitLab takes any user name beside an access token; beside an OAuth token it must be this one.
  const token = (value: string): AgentToken => ({
    name: agentTokenName,
    value,
    gitUser: "oauth2",
    also: host,
  });
  const override = deps.connections.override(agentTokenName, onBehalf.personId, onBehalf.workspaceId);
  if (override) return token(override);
  const door = doors.forHost(repository.host, onBehalf)[0];
  if (door === undefined) return undefined;
  const own = door.connection.owner.kind === "person";
  const narrower = deps.connections.secret(door.connection, "agentToken");
  if (narrower) return { ...token(narrower), own };
  const value = await doors.token(door.connection);
  // Asking for it may have renewed it.
  const renewAfter = renewsAfter(deps.connections.get(door.connection.id) ?? door.connection);
  return { ...token(value), own, ...(renewAfter === undefined ? {} : { renewAfter }) };
}
