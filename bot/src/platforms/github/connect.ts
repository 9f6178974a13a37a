import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import { isBelievable } from "../believable.ts";
import type { PlatformDeps } from "../deps.ts";
import { createOAuthTokens } from "../oauth-token.ts";
import type { OnBehalf } from "../platform.ts";
import { sharedIn } from "../shared-in.ts";
import type { Identity, OwnAccounts } from "./account.ts";
import { typedAddress } from "./api-address.ts";
import { type AppClients, type Client, createAppClients, createTokenClient, webUrl } from "./client.ts";
import { createSpots, type Spots, splitName, type Ways } from "./spots.ts";

/** The ways into the GitHub servers that we are connected to. Credentials of one host are never used for another. */
export interface Doors extends Spots {
  byId(connectionId: string): Connection;
  /** Active shared connections of all workspaces, of one host when given. */
  workspace(host?: string): readonly Connection[];
  /** For a host, the asker's own connections first, then those of the workspace; never another's. */
  forHost(host: string, onBehalf: OnBehalf): readonly Connection[];
  /** Those that hold a token of the person: their own, and what they brought to the workspace as a person's token. */
  ownTokens(host: string, onBehalf: OnBehalf): readonly Connection[];
  /** A token that works now; not for Apps. */
  token(connection: Connection): Promise<string>;
  /** A client that may work in the repository; `undefined` when the App is not installed there. */
  into(connection: Connection, repository: string): Promise<Client | undefined>;
  /** Signed as the App itself; only for connections of kind `app`. */
  asApp(connection: Connection): Promise<Client>;
  asInstallation(connection: Connection, installation: number): Promise<Client>;
  installationOf(connection: Connection, repository: string): Promise<number | undefined>;
  /** Deliveries tell the installation: what they say saves asking. */
  learnInstallation(connectionId: string, repository: string, installation: number): void;
  identity(connection: Connection): Promise<Identity>;
  /** Whether GitHub has said who we are there. */
  knows(connection: Connection): boolean;
  /** Logins that call us as a handle does; `undefined` while one of them is not known. */
  logins(): readonly string[] | undefined;
  /** Of a host, those known without waiting; `complete` is false when one is still unknown. */
  own(host: string): OwnAccounts;
}

/** Installations asked for a repository that left the one it was in. */
const mostAsked = 20;

/** Milliseconds until GitHub is asked again who we are, after it did not say. */
const afterRefusal = 5_000;

export const isApp = (connection: Connection): boolean => connection.kind === "app";

/** Whether a person uses the token's account too; said by the connection, since GitHub cannot tell. */
const isShared = (connection: Connection): boolean => connection.settings["account"] !== "bot";

export function createDoors(deps: PlatformDeps): Doors {
  const { connections } = deps;
  const apps = new Map<string, AppClients>();
  const tokens = new Map<string, { readonly token: string; readonly client: Client }>();
  const identities = new Map<string, { readonly asking: Promise<Identity>; known?: Identity }>();
  const installations = new Map<string, number>();
  connections.watch("github", () => {
    for (const cache of [apps, tokens, identities, installations]) cache.clear();
  });

  const secretOf = (connection: Connection, name: string, what: string): string => {
    const value = connections.secret(connection, name);
    if (value) return value;
    throw new Failure(
      "bad-settings",
      `The GitHub connection "${connection.name}" has no ${what}. Add it on the settings page.`,
    );
  };

  const appClients = (connection: Connection): AppClients => {
    if (!isApp(connection)) throw new Failure("bad-settings", `"${connection.name}" is no GitHub App.`);
    const known = apps.get(connection.id);
    if (known) {
      // Its key is read once only.
      connections.note(connection.id, { used: true });
      return known;
    }
    const credentials = {
      appId: connection.settings["appId"] ?? "",
      privateKey: secretOf(connection, "privateKey", "private key"),
      webhookSecret: secretOf(connection, "webhookSecret", "webhook secret"),
    };
    const forget = (installation: number): void => {
      for (const [key, id] of installations) if (id === installation) installations.delete(key);
    };
    const made = createAppClients(connection, credentials, deps, forget);
    apps.set(connection.id, made);
    return made;
  };

  const oauth = createOAuthTokens({
    connections,
    fetch: deps.fetch,
    now: deps.now,
    name: "GitHub",
    baseUrl: webUrl,
    tokenPath: "/login/oauth/access_token",
  });

  const tokenOf = async (connection: Connection): Promise<string> => {
    if (connection.kind !== "user") return secretOf(connection, "token", "token");
    try {
      return await oauth.token(connection);
    } catch (error) {
      // GitHub refuses a refresh with 200 and an error in the body.
      if (!(error instanceof Failure) || error.kind !== "unexpected-reply") throw error;
      throw new Failure(
        "bad-credentials",
        `GitHub (${connection.host}) no longer accepts this sign-in. Connect the account again.`,
        { cause: error },
      );
    }
  };

  const tokenClient = async (connection: Connection): Promise<Client> => {
    const token = await tokenOf(connection);
    const known = tokens.get(connection.id);
    if (known?.token === token) return known.client;
    const client = createTokenClient(connection, token, deps);
    tokens.set(connection.id, { token, client });
    return client;
  };

  const installationKey = (connectionId: string, repository: string): string =>
    `${connectionId} ${repository.toLowerCase()}`;

  const installationOf = async (connection: Connection, repository: string): Promise<number | undefined> => {
    const key = installationKey(connection.id, repository);
    const known = installations.get(key);
    if (known !== undefined) return known;
    const app = await appClients(connection).app();
    const found = await orUndefined(app.rest.apps.getRepoInstallation({ ...splitName(repository) }));
    if (found !== undefined) installations.set(key, found.data.id);
    return found?.data.id;
  };

  const learnInstallation = (connectionId: string, repository: string, installation: number): void => {
    installations.set(installationKey(connectionId, repository), installation);
  };

  const installationsOf: Ways["installations"] = async (connection) => {
    if (!isApp(connection)) return [];
    const clients = appClients(connection);
    const { data } = await (await clients.app()).rest.apps.listInstallations({ per_page: 100 });
    const open = data.filter((one) => !one.suspended_at).toSorted((one, other) => other.id - one.id);
    return Promise.all(
      open.slice(0, mostAsked).map(async ({ id }) => ({ id, client: await clients.installation(id) })),
    );
  };

  const into = async (connection: Connection, repository: string): Promise<Client | undefined> => {
    if (!isApp(connection)) return tokenClient(connection);
    const installation = await installationOf(connection, repository);
    return installation === undefined ? undefined : appClients(connection).installation(installation);
  };

  const learn = async (connection: Connection): Promise<Identity> => {
    if (!isApp(connection)) {
      const client = await tokenClient(connection);
      const { data } = await client.rest.users.getAuthenticated();
      return { id: String(data.id), login: data.login, shared: isShared(connection) };
    }
    const { data } = await (await appClients(connection).app()).rest.apps.getAuthenticated();
    if (!data?.slug)
      throw new Failure("unexpected-reply", `GitHub (${connection.host}) does not name our App.`);
    return { login: `${data.slug}[bot]`, appId: data.id, shared: false };
  };

  const identity = (connection: Connection): Promise<Identity> => {
    const before = identities.get(connection.id);
    if (before) return before.asking;
    const entry: { readonly asking: Promise<Identity>; known?: Identity } = {
      asking: learn(connection).then(
        (found) => {
          entry.known = found;
          return found;
        },
        (error: unknown) => {
          // While GitHub does not answer, deliveries go on coming: not each of them asks again.
          setTimeout(() => {
            if (identities.get(connection.id) === entry) identities.delete(connection.id);
          }, afterRefusal).unref();
          throw error;
        },
      ),
    };
    identities.set(connection.id, entry);
    return entry.asking;
  };

  const workspace = (host?: string): readonly Connection[] =>
    connections
      .list("github")
      .filter(
        (one) => one.active && one.owner.kind === "workspace" && (host === undefined || one.host === host),
      );

  const connectionAt = (place: Place): Connection => {
    const all = workspace(place.host).filter(sharedIn(deps.workspaceOf(place.connection)));
    const connection = all.find(({ id }) => id === place.connection) ?? all[0];
    if (connection) return connection;
    throw new Failure(
      "bad-settings",
      `No GitHub connection for ${place.host} is set up. A maintainer can add one on the settings page.`,
    );
  };

  const ofPerson = (host: string, { personId, workspaceId }: OnBehalf): readonly Connection[] =>
    personId === undefined
      ? []
      : connections
          .ofPerson(personId, "github", host)
          .filter(
            (one) =>
              one.active && isBelievable(one, workspace(host).filter(sharedIn(workspaceId)), typedAddress),
          );

  return {
    byId(id) {
      const found = connections.get(id);
      if (found) return found;
      throw new Failure("not-found", "This GitHub connection does not exist any more.");
    },
    workspace,
    ownTokens: (host, { personId, workspaceId }) =>
      personId === undefined
        ? []
        : [
            ...ofPerson(host, { personId, workspaceId }),
            ...connections
              .broughtBy(personId, workspaceId, "github", host)
              .filter((one) => !isApp(one) && isShared(one)),
          ],
    forHost: (host, onBehalf) => [
      ...ofPerson(host, onBehalf),
      ...workspace(host).filter(sharedIn(onBehalf.workspaceId)),
    ],
    token: tokenOf,
    ...createSpots({ now: deps.now, connectionAt, into, installations: installationsOf, learnInstallation }),
    into,
    asApp: (connection) => appClients(connection).app(),
    asInstallation: (connection, installation) => appClients(connection).installation(installation),
    installationOf,
    learnInstallation,
    identity,
    knows: ({ id }) => identities.get(id)?.known !== undefined,
    logins() {
      const accounts = workspace().filter((one) => !isApp(one));
      const known = accounts.flatMap(({ id }) => identities.get(id)?.known ?? []);
      if (known.length < accounts.length) return undefined;
      return known.flatMap(({ shared, login }) => (shared ? [] : login));
    },
    own(host) {
      const all = workspace(host).map(
        (connection) => identities.get(connection.id)?.known ?? early(connection),
      );
      const known = all.filter((one) => one !== undefined);
      return { known, complete: known.length === all.length };
    },
  };
}

/** What can be said of our account without asking GitHub. */
function early(connection: Connection): Identity | undefined {
  if (isApp(connection)) return { login: "", appId: Number(connection.settings["appId"]), shared: false };
  const account = connection.status?.account;
  return account ? { id: account.id, login: account.name, shared: isShared(connection) } : undefined;
}

/** The answer, or `undefined` where GitHub says that there is no such thing (or that we may not know of it). */
export async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Failure && error.kind === "not-found") return undefined;
    throw error;
  }
}
