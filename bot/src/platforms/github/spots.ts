import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Place } from "@ask-openhands/core/work/place.ts";
import type { RepositoryFacts } from "@ask-openhands/core/work/thread.ts";
import { createPresentNames, type NamedRepository, type Sought } from "../present-names.ts";
import type { Client } from "./client.ts";

/** Owner and name, as GitHub's API wants them. */
export interface RepositoryPath {
  readonly owner: string;
  readonly repo: string;
}

/** A place with everything needed to speak there. */
export interface Spot extends RepositoryPath {
  readonly connection: Connection;
  readonly client: Client;
  readonly number: number;
}

/** Places, wherever their repository is by now. */
export interface Spots {
  at(place: Place): Promise<Spot>;
  /** As `at`, and once more when the repository turns out to have moved just now. */
  speak<T>(place: Place, work: (spot: Spot) => Promise<T>): Promise<T>;
  /** The name that the repository has now. */
  nameOf(connection: Connection, repository: Pick<RepositoryFacts, "id" | "name">): Promise<string>;
  /** A delivery of this connection, or an answer, told it. */
  learnName(connectionId: string, repository: NamedRepository): void;
}

export interface Ways {
  readonly now: () => number;
  /** The connection that speaks at a place. */
  connectionAt(place: Place): Connection;
  /** A client that may work in the repository of this name. */
  into(connection: Connection, repository: string): Promise<Client | undefined>;
  /** The newest installations of an App; of a token none. */
  installations(connection: Connection): Promise<readonly { readonly id: number; readonly client: Client }[]>;
  learnInstallation(connectionId: string, repository: string, installation: number): void;
}

export function splitName(repository: string): RepositoryPath {
  const [owner, repo, ...rest] = repository.split("/");
  if (owner && repo && rest.length === 0) return { owner, repo };
  throw new Failure(
    "bad-input",
    `"${repository.slice(0, 100)}" is not a repository on GitHub: write owner/name.`,
  );
}

/** `undefined` for what is not there, or not for us. */
const ifSeen = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Failure && (error.kind === "not-found" || error.kind === "not-allowed"))
      return undefined;
    throw error;
  }
};

const named = ({ data }: { readonly data: { readonly id: number; readonly full_name: string } }) => ({
  id: String(data.id),
  name: data.full_name,
});

/**
 * By its number, which outlives names. GitHub leads there itself when it redirects from an old name:
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
 */
const byNumber = async (client: Client, id: string): Promise<NamedRepository | undefined> =>
  ifSeen(async () => named(await client.request("GET /repositories/{id}", { id })));

export function createSpots(ways: Ways): Spots {
  const names = createPresentNames(ways.now);

  /** What a name leads to: GitHub follows old names until somebody takes them. */
  const lookUnder = async (
    connection: Connection,
    id: string,
    name: string,
  ): Promise<NamedRepository | undefined> => {
    const client = await ifSeen(() => ways.into(connection, name));
    if (!client) return undefined;
    const there = await ifSeen(async () => named(await client.rest.repos.get({ ...splitName(name) })));
    return there?.id === id ? there : ((await byNumber(client, id)) ?? there);
  };

  /** Another owner's repositories are reached by another installation of the App. */
  const lookAround = async (connection: Connection, id: string): Promise<NamedRepository | undefined> => {
    const others = await ways.installations(connection);
    for (const other of others) {
      const found = await byNumber(other.client, id);
      if (found === undefined) continue;
      ways.learnInstallation(connection.id, found.name, other.id);
      return found;
    }
    return undefined;
  };

  const soughtBy = (connection: Connection, id: string | undefined, told: string): Sought => ({
    connection: connection.id,
    id,
    told,
    async look(name) {
      if (id === undefined) return undefined;
      const there = await lookUnder(connection, id, name);
      return there?.id === id ? there : ((await lookAround(connection, id)) ?? there);
    },
  });

  const spotIn = async (connection: Connection, place: Place, name: string): Promise<Spot> => {
    const client = await ways.into(connection, name);
    if (!client)
      throw new Failure(
        "not-allowed",
        `The GitHub App is not installed for ${name} (${place.host}). Install it there first.`,
      );
    return { connection, client, number: Number(place.address["number"]), ...splitName(name) };
  };

  const heardOf = (connection: Connection, { address, repository }: Place): Sought =>
    soughtBy(connection, address["repositoryId"], repository ?? "");

  return {
    async at(place) {
      const connection = ways.connectionAt(place);
      return spotIn(connection, place, await names.of(heardOf(connection, place)));
    },
    async speak(place, work) {
      const connection = ways.connectionAt(place);
      return names.under(heardOf(connection, place), async (name) =>
        work(await spotIn(connection, place, name)),
      );
    },
    nameOf: (connection, { id, name }) => names.of(soughtBy(connection, id, name)),
    learnName: names.learn,
  };
}
