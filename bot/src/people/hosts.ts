import type { HostPort } from "../address-guard.ts";
import type { FixedConnection } from "../settings/environment-connections.ts";
import type { Directory } from "./directory.ts";
import type { HostRecord } from "./records.ts";
import { idOf } from "./tokens.ts";

/** Hosts that requests may go to although a person typed them, or although their addresses are private. */
export interface Hosts {
  /** Private addresses and plain HTTP are allowed for this target. */
  isPrivateAllowed(target: HostPort): boolean;
  /** A connection to this host (with port and context path) may be made in this workspace. */
  isApproved(workspaceId: string, host: string): boolean;
  /** True for the public services of the catalog: github.com, gitlab.com… */
  isKnown(host: string): boolean;
  list(workspaceId: string): readonly ApprovedHost[];
  approve(workspaceId: string, host: string, isPrivate: boolean, personId: string): Promise<void>;
  /** False when it was not approved by a maintainer. */
  remove(workspaceId: string, host: string): Promise<boolean>;
}

export interface ApprovedHost {
  readonly host: string;
  readonly private: boolean;
  readonly source: "catalog" | "environment" | "maintainer";
  readonly record?: HostRecord | undefined;
}

interface Options {
  readonly directory: Directory;
  readonly fixed: readonly FixedConnection[];
  /** ALLOWED_HOSTS. */
  readonly allowedHosts: readonly string[];
  /** Hosts that the catalog knows: github.com, gitlab.com… */
  readonly knownHosts: readonly string[];
  readonly now: () => number;
}

/** `host[:port]` of a host with a context path. */
export const withoutPath = (host: string): string => (host.split("/")[0] ?? host).toLowerCase();

const hostId = (workspaceId: string, host: string): string => `${workspaceId}.${idOf("host", host)}`;

/** An entry without a port stands for every port of its host. */
const fits = (entry: string, target: HostPort): boolean => {
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return entry === host.toLowerCase() || entry === `${host}:${target.port}`.toLowerCase();
};

export const createHosts = ({ directory, fixed, allowedHosts, knownHosts, now }: Options): Hosts => {
  const operators = allowedHosts.map(withoutPath);
  // The operator typed these addresses, so they are meant; without a port they mean the two usual ones.
  const connected = fixed.flatMap((one) => {
    const host = withoutPath(one.connection.host);
    return /:\d+$/.test(host) ? [host] : [`${host}:443`, `${host}:80`];
  });
  const records = (workspaceId?: string): readonly HostRecord[] =>
    directory
      .list("hosts")
      .flatMap(({ value }) =>
        workspaceId === undefined || value.workspaceId === workspaceId ? [value] : [],
      );

  return {
    isPrivateAllowed: (target) =>
      [
        ...operators,
        ...connected,
        ...records().flatMap((record) => (record.private ? [record.host] : [])),
      ].some((entry) => fits(entry, target)),
    isApproved: (workspaceId, host) => {
      const wanted = withoutPath(host);
      const name = wanted.replace(/:\d+$/, "");
      const approved = [
        ...knownHosts,
        ...operators,
        ...fixed.map((one) => withoutPath(one.connection.host)),
        ...records(workspaceId).map((record) => record.host),
      ];
      return approved.includes(wanted) || approved.includes(name);
    },
    isKnown: (host) => knownHosts.includes(withoutPath(host).replace(/:443$/, "")),
    list: (workspaceId) => [
      ...knownHosts.map((host) => ({ host, private: false, source: "catalog" }) as const),
      ...[...new Set([...operators, ...fixed.map((one) => withoutPath(one.connection.host))])]
        .filter((host) => !knownHosts.includes(host))
        .map((host) => ({ host, private: true, source: "environment" }) as const),
      ...records(workspaceId).map(
        (record) => ({ host: record.host, private: record.private, source: "maintainer", record }) as const,
      ),
    ],
    approve: async (workspaceId, host, isPrivate, personId) => {
      const wanted = withoutPath(host);
      const value: HostRecord = {
        workspaceId,
        host: wanted,
        private: isPrivate,
        approvedBy: personId,
        approvedAt: new Date(now()).toISOString(),
      };
      await directory.write([{ put: "hosts", id: hostId(workspaceId, wanted), value }]);
    },
    remove: async (workspaceId, host) => {
      const id = hostId(workspaceId, withoutPath(host));
      if (directory.get("hosts", id) === undefined) return false;
      await directory.write([{ remove: "hosts", id }]);
      return true;
    },
  };
};
