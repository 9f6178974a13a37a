import type { Connection } from "@ask-openhands/core/connection/connection.ts";
import type { PlatformId } from "@ask-openhands/core/work/place.ts";
import type { FixedConnection } from "../settings/environment-connections.ts";
import { overlayFixed, toConnection } from "./connection-record.ts";
import type { Directory } from "./directory.ts";

export interface ConnectionList {
  get(id: string): Connection | undefined;
  /** Those of the environment first. */
  all(): readonly Connection[];
  /** The active ones; the same list again until something changes. */
  ofPlatform(platform: PlatformId): readonly Connection[];
  /** Something changed that the directory does not tell. */
  changed(): void;
}

interface Options {
  readonly directory: Directory;
  readonly fixed: readonly FixedConnection[];
  /** Adds what is known of a connection and stands in no record. */
  readonly complete: (connection: Connection) => Connection;
}

/** Connections by id. Every delivery asks for them, some several times: they are made anew only when something changed. */
export const createConnectionList = ({ directory, fixed, complete }: Options): ConnectionList => {
  const fixedIds = new Set(fixed.map(({ connection }) => connection.id));
  const byPlatform = new Map<PlatformId, readonly Connection[]>();
  let made: ReadonlyMap<string, Connection> | undefined;
  const changed = (): void => {
    made = undefined;
    byPlatform.clear();
  };
  directory.watch((changes) => {
    if (changes.some(({ collection }) => collection === "connections")) changed();
  });

  const ofEnvironment = (one: FixedConnection): [string, Connection] => {
    const { id } = one.connection;
    return [id, complete(overlayFixed(one, directory.get("connections", id)?.value))];
  };
  const make = (): ReadonlyMap<string, Connection> => {
    const stored = directory
      .list("connections")
      .filter(
        ({ id, value }) => value.overlay !== true && value.removedAt === undefined && !fixedIds.has(id),
      );
    return new Map([
      ...fixed.map(ofEnvironment),
      ...stored.map(({ id, value }): [string, Connection] => [id, complete(toConnection(id, value))]),
    ]);
  };
  const byId = (): ReadonlyMap<string, Connection> => {
    made ??= make();
    return made;
  };

  const all = (): readonly Connection[] => [...byId().values()];

  return {
    get: (id) => byId().get(id),
    all,
    ofPlatform: (platform) => {
      const known =
        byPlatform.get(platform) ?? all().filter((one) => one.platform === platform && one.active);
      byPlatform.set(platform, known);
      return known;
    },
    changed,
  };
};
