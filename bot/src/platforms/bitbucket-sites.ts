import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Place, PlatformId } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import { isBelievable } from "./believable.ts";
import type { OwnAccount, OwnAccounts } from "./bitbucket-account.ts";
import type { BitbucketClient, BitbucketUser, Spot } from "./bitbucket-api.ts";
import { spotOf } from "./bitbucket-place.ts";
import type { PlatformDeps } from "./deps.ts";
import { inTime } from "./in-time.ts";
import type { OnBehalf } from "./platform.ts";
import { createPresentNames, type NamedRepository, type Sought } from "./present-names.ts";
import { sharedIn } from "./shared-in.ts";

/** What Cloud and Data Center do in their own ways. */
export interface BitbucketFlavour {
  readonly platform: PlatformId;
  /** For sentences. */
  readonly name: string;
  /** `oneTimeToken` stands in for the connection's own credentials. */
  open(connection: Connection, oneTimeToken?: string): BitbucketClient;
  ownAccount(connection: Connection, user: BitbucketUser): OwnAccount;
  /** False for connections that only sign people in. */
  speaks(connection: Connection): boolean;
  /** Where the API is, when somebody typed another address than the usual one of the host. */
  typedAddress?(connection: Connection): string | undefined;
}

export interface Site extends BitbucketClient {
  readonly connection: Connection;
}

/** The ways into the servers that we are connected to. Credentials of one host are never used for another. */
export interface BitbucketSites {
  byId(connectionId: string): Site;
  /** With other credentials than the connection's, kept nowhere. */
  once(connectionId: string, token: string): Site;
  /** Those that hold a token of the person: their own, and what they brought to the workspace as a person's token. */
  ownTokens(host: string, onBehalf: OnBehalf): Promise<readonly Site[]>;
  /**
   * The workspace's connection that heard the place, else another of the workspace for that host, else the asker's own. Never somebody
   * else's own, also when its webhook heard the ask.
   */
  at(place: Place, asker?: string): Site;
  /** Where the pull request of a place is by now. */
  spotAt(site: Site, place: Place): Promise<Spot>;
  /** Does `work` at the place; once more when its repository turns out to have moved just now. */
  speak<T>(place: Place, asker: string | undefined, work: (site: Site, spot: Spot) => Promise<T>): Promise<T>;
  /** The name that a repository has now. */
  nameOf(site: Site, repository: Pick<RepositoryFacts, "id" | "name">): Promise<string>;
  /** A delivery of this connection, or an answer, told it. */
  learnName(connectionId: string, repository: NamedRepository): void;
  /** For a host, the asker's own connections first, then those of the workspace; never another's. */
  forHost(host: string, onBehalf: OnBehalf): readonly Site[];
  /** Shared connections of all workspaces. */
  workspace(): readonly Site[];
  /** Which account posts with this connection; `undefined` when the server does not tell these credentials. */
  account(site: Site): Promise<OwnAccount | undefined>;
  /** Learns it from a post of ours instead. */
  learn(site: Site, author: BitbucketUser): Promise<void>;
  /** Asks for what is not known yet, in time for a delivery's answer. */
  own(host: string): Promise<OwnAccounts>;
  known(host: string): OwnAccounts;
}

/** Milliseconds: a delivery is answered within a second; our marker stands in for an account that is not told by then. */
const patience = 800;

export const createBitbucketSites = (deps: PlatformDeps, flavour: BitbucketFlavour): BitbucketSites => {
  const { connections } = deps;
  const { platform } = flavour;
  const sites = new Map<string, BitbucketClient>();
  const asking = new Map<string, Promise<OwnAccount | undefined>>();
  const accounts = new Map<string, OwnAccount>();
  connections.watch(platform, () => {
    sites.clear();
    asking.clear();
    accounts.clear();
  });

  const open = (connection: Connection): Site => {
    const client = sites.get(connection.id) ?? flavour.open(connection);
    sites.set(connection.id, client);
    return { ...client, connection };
  };

  const existing = (id: string): Connection => {
    const connection = connections.get(id);
    if (connection?.platform === platform) return connection;
    throw new Failure("not-found", `This ${flavour.name} connection does not exist any more.`);
  };

  const isUsable = (connection: Connection | undefined, host: string): connection is Connection =>
    connection?.active === true && connection.host === host && flavour.speaks(connection);

  const workspace = (): readonly Connection[] =>
    connections.list(platform).filter((one) => one.owner.kind === "workspace" && isUsable(one, one.host));

  const isTrusted = (own: Connection, workspaceId: string): boolean => {
    const shared = workspace().filter((one) => one.host === own.host && sharedIn(workspaceId)(one));
    return isBelievable(own, shared, (one) => flavour.typedAddress?.(one));
  };

  const ofPerson = (host: string, { personId, workspaceId }: OnBehalf): readonly Connection[] =>
    personId === undefined
      ? []
      : connections
          .ofPerson(personId, platform, host)
          .filter((one) => isUsable(one, host) && isTrusted(one, workspaceId));

  const learnt = (connection: Connection, user: BitbucketUser): OwnAccount => {
    const own = flavour.ownAccount(connection, user);
    accounts.set(connection.id, own);
    return own;
  };

  const ask = async ({ connection, api }: Site): Promise<OwnAccount | undefined> => {
    const remembered = connection.settings["accountId"];
    const user = await api.myself();
    if (user !== undefined) return learnt(connection, user);
    return remembered ? learnt(connection, { id: remembered, name: remembered, bot: true }) : undefined;
  };

  const account = (site: Site): Promise<OwnAccount | undefined> => {
    const { id } = site.connection;
    const going =
      asking.get(id) ??
      ask(site).catch((error: unknown) => {
        asking.delete(id);
        throw error;
      });
    asking.set(id, going);
    return going;
  };

  const known = (host: string): OwnAccounts => {
    const here = workspace().filter((one) => one.host === host);
    const found = here.flatMap(({ id }) => accounts.get(id) ?? []);
    return {
      known: found,
      complete: here.length > 0 && found.length === here.length,
    };
  };

  const at: BitbucketSites["at"] = (place, asker) => {
    const heardBy = place.connection === undefined ? undefined : connections.get(place.connection);
    const workspaceId = deps.workspaceOf(place.connection);
    const personId = asker ? connections.personOf(platform, place.host, asker, workspaceId) : undefined;
    const found =
      (heardBy?.owner.kind === "workspace" && isUsable(heardBy, place.host) ? heardBy : undefined) ??
      workspace()
        .filter(sharedIn(workspaceId))
        .find(({ host }) => host === place.host) ??
      ofPerson(place.host, { personId, workspaceId })[0];
    if (found) return open(found);
    throw new Failure(
      "bad-settings",
      `No ${flavour.name} connection for ${place.host} can be used here. A maintainer can add one on the settings page, or the asker connects their own account.`,
    );
  };

  const names = createPresentNames(deps.now);
  const soughtBy = ({ connection, api }: Site, id: string | undefined, told: string): Sought => ({
    connection: connection.id,
    // Deliveries of servers that tell no id name the repository in its place.
    id: id === told ? undefined : id,
    told,
    look: (name) => api.locate(name, id ?? ""),
  });
  const heardOf = (site: Site, place: Place): Sought =>
    soughtBy(site, place.address["repositoryId"], spotOf(place).repository);

  return {
    byId: (id) => open(existing(id)),
    once(id, token) {
      const connection = existing(id);
      return { ...flavour.open(connection, token), connection };
    },
    at,
    spotAt: async (site, place) => ({
      ...spotOf(place),
      repository: await names.of(heardOf(site, place)),
    }),
    async speak(place, asker, work) {
      const site = at(place, asker);
      return names.under(heardOf(site, place), (repository) => work(site, { ...spotOf(place), repository }));
    },
    nameOf: (site, { id, name }) => names.of(soughtBy(site, id, name)),
    learnName: names.learn,
    forHost: (host, onBehalf) => {
      const shared = workspace()
        .filter((one) => one.host === host)
        .filter(sharedIn(onBehalf.workspaceId));
      return [...ofPerson(host, onBehalf), ...shared].map(open);
    },
    async ownTokens(host, { personId, workspaceId }) {
      if (personId === undefined) return [];
      const brought = connections
        .broughtBy(personId, workspaceId, platform, host)
        .filter((one) => isUsable(one, host))
        .map(open);
      const shared = await Promise.all(
        brought.map(async (site) => ((await account(site))?.shared === true ? [site] : [])),
      );
      return [...ofPerson(host, { personId, workspaceId }).map(open), ...shared.flat()];
    },
    workspace: () => workspace().map(open),
    account,
    async learn({ connection }, author) {
      if (accounts.has(connection.id) || connection.owner.kind === "person") return;
      asking.set(connection.id, Promise.resolve(learnt(connection, author)));
      await connections.renew(connection.id, { settings: { accountId: author.id } });
    },
    async own(host) {
      const unknown = workspace().filter((one) => one.host === host && !accounts.has(one.id));
      const answers = unknown.map(async (one) => {
        try {
          await account(open(one));
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          deps.log.warn({ connection: one.id, error: error.hint }, "own Bitbucket account unknown");
        }
      });
      if (answers.length > 0) await inTime(Promise.all(answers), patience);
      return known(host);
    },
    known,
  };
};
