import type { Connection, ConnectionOwner } from "@ask-openhands/core/connection/connection.ts";
import type { FixedConnection } from "../settings/environment-connections.ts";
import type { Directory } from "./directory.ts";
import type { ConnectionRecord, Owner } from "./records.ts";
import type { SealPlace } from "./seal.ts";

/** A connection on its way in: checked before it is stored. */
export interface ConnectionDraft {
  readonly connection: Connection;
  /** New values only; unchanged ones stay where they are. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly removed?: readonly string[] | undefined;
  /** The stored connection that this is an edit of; the draft has an id of its own, so that others go on with the stored one. */
  readonly base?: string | undefined;
  readonly ca?: string | undefined;
}

export const tenantOf = (owner: Owner): string => `${owner.kind}:${owner.id}`;

/** Where a connection's secret is sealed to. */
export const placeOf = (id: string, owner: ConnectionOwner, name: string): SealPlace => ({
  kind: "connection",
  tenant: tenantOf(owner),
  record: id,
  field: name,
});

export const toConnection = (id: string, record: ConnectionRecord): Connection => ({
  id,
  platform: record.platform,
  host: record.host,
  owner: record.owner,
  kind: record.kind,
  name: record.name,
  settings: record.settings,
  secretNames: Object.keys(record.secrets),
  active: record.active,
  createdBy: record.createdBy,
  ...(record.tokenBy === undefined ? {} : { tokenBy: record.tokenBy }),
  createdAt: record.createdAt,
  status: record.status,
  lastUsedAt: record.lastUsedAt,
});

/** A connection of the environment with what the bot itself added; what the environment says wins. */
export const overlayFixed = (
  { connection }: FixedConnection,
  record: ConnectionRecord | undefined,
): Connection => {
  if (record === undefined) return connection;
  const secretNames = [...new Set([...connection.secretNames, ...Object.keys(record.secrets)])];
  return {
    ...connection,
    settings: { ...record.settings, ...connection.settings },
    secretNames,
    ...(record.tokenBy === undefined ? {} : { tokenBy: record.tokenBy }),
  };
};

interface CaSources {
  readonly fixed: readonly FixedConnection[];
  readonly drafts: readonly ConnectionDraft[];
  readonly directory: Directory;
}

/**
 * PEM bundle for `host[:port]` of an address; connections may have a context path behind it. Several connections to one server each bring theirs, and one
 * that is switched off brings none.
 */
export const caOf = ({ fixed, drafts, directory }: CaSources, host: string): string | undefined => {
  const isOf = (connectionHost: string): boolean =>
    connectionHost === host || connectionHost.startsWith(`${host}/`);
  const given = [...drafts, ...fixed].filter(({ connection }) => isOf(connection.host));
  const stored = directory
    .list("connections")
    .flatMap(({ value }) => (value.active && isOf(value.host) ? [value] : []));
  const bundles = new Set([...given, ...stored].flatMap(({ ca }) => (ca === undefined ? [] : [ca])));
  return bundles.size === 0 ? undefined : [...bundles].join("\n");
};
