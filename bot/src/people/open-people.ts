import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CredentialKind } from "@ask-openhands/core/connection/catalog.ts";
import { Failure } from "@ask-openhands/core/failure.ts";
import type { Log } from "../log.ts";
import type { Settings } from "../settings.ts";
import { type Audit, createFileAudit, lookAtFileAudit } from "./audit.ts";
import { botSecret } from "./bot-secrets.ts";
import { type ConnectionBook, createConnections } from "./create-connections.ts";
import { createPolicy, type PlatformTraits, type WorkspacePolicy } from "./create-policy.ts";
import type { Directory } from "./directory.ts";
import { forgetExpired } from "./forget.ts";
import { createHosts, type Hosts, withoutPath } from "./hosts.ts";
import { type Keys, keyFilePath, loadKeys, newKey } from "./keys.ts";
import { createLinkCodes, type LinkCodes } from "./link-codes.ts";
import { createLinks, type Links } from "./links.ts";
import { createLowdbDirectory } from "./lowdb-directory.ts";
import { firstWorkspaceId, roleOf } from "./members.ts";
import { createOneTime, type OneTime } from "./one-time.ts";
import { createLinkTokens, type LinkTokens } from "./one-time-link.ts";
import { createPairing, type Pairing } from "./pairing.ts";
import { reseal } from "./reseal.ts";
import { createSeal, type Seal } from "./seal.ts";
import { createSessions, type Sessions } from "./sessions.ts";

/** Everything about people and what belongs to them. */
export interface People {
  readonly directory: Directory;
  readonly seal: Seal;
  readonly connections: ConnectionBook;
  readonly policy: WorkspacePolicy;
  readonly links: Links;
  readonly linkTokens: LinkTokens;
  readonly hosts: Hosts;
  readonly audit: Audit;
  readonly sessions: Sessions;
  readonly oneTime: OneTime;
  readonly pairing: Pairing;
  readonly linkCodes: LinkCodes;
  /** Key of the signed markers in our posts. */
  readonly markerKey: Uint8Array;
  close(): Promise<void>;
}

interface Options {
  readonly settings: Settings;
  readonly catalog: readonly CredentialKind[];
  readonly log: Log;
  readonly now: () => number;
  /** Looks at a folder that another process may be working with: nothing is written, changes stay in memory. */
  readonly readOnly?: boolean | undefined;
  /** Asked when a mention is judged, so platforms may be made later. */
  readonly traits: (platform: string) => PlatformTraits | undefined;
}

const knownHostsOf = (catalog: readonly CredentialKind[]): readonly string[] => {
  const hosts = catalog.flatMap((kind) => {
    if ("only" in kind.host) return [kind.host.only];
    if ("usual" in kind.host) return [kind.host.usual];
    const from = "from" in kind.host ? kind.host.from : undefined;
    const usual = kind.fields.find((field) => field.key === from)?.fallback;
    return usual === undefined ? [] : [new URL(usual).host];
  });
  return [...new Set(hosts.map(withoutPath))];
};

/** Processes that share a database share the key too; one that each made for itself would lock the others out. */
const requireSharedKey = (settings: Settings): void => {
  if (settings.databaseUrl === undefined || settings.secretKey !== undefined) return;
  if (existsSync(keyFilePath(settings))) return;
  throw new Failure(
    "bad-settings",
    "With DATABASE_URL the key that seals secrets must be given: set SECRET_KEY or SECRET_KEY_FILE, the same for every process. Make one with `openssl rand -base64 32`.",
  );
};

/** Without a folder there is nothing to open, and looking must not make one. */
const keysFor = (settings: Settings, readOnly: boolean): Keys => {
  const isThere =
    settings.secretKey !== undefined ||
    settings.secretKeyFile !== undefined ||
    existsSync(keyFilePath(settings)) ||
    existsSync(join(settings.dataDir, "directory.json"));
  if (!readOnly || isThere) return loadKeys(settings);
  const key = newKey();
  return { active: key, all: [key] };
};

/** Opens the directory (in the data folder, or in PostgreSQL), making key, folder and first workspace when they are missing. Throws `Failure` (bad-settings). The caller holds the folder's lock. */
export const openPeople = async ({
  settings,
  catalog,
  log,
  now,
  traits,
  readOnly = false,
}: Options): Promise<People> => {
  requireSharedKey(settings);
  const seal = createSeal(keysFor(settings, readOnly));
  const { databaseUrl } = settings;
  const directory =
    databaseUrl === undefined
      ? await createLowdbDirectory({ folder: settings.dataDir, log, readOnly })
      : await (await import("./postgres-directory.ts")).createPostgresDirectory({ url: databaseUrl, log });
  await forgetExpired(directory, now());
  const resealed = await reseal(directory, seal);
  if (resealed > 0)
    log.info(
      { values: resealed, key: seal.activeKey },
      "Stored secrets were sealed again with the newest key",
    );
  if (directory.list("workspaces").length === 0) {
    await directory.write([
      {
        put: "workspaces",
        id: firstWorkspaceId,
        value: { name: "Workspace", createdAt: new Date(now()).toISOString() },
        ifVersion: 0,
      },
    ]);
  }
  const auditKey = await botSecret(directory, seal, "audit");
  const openAudit = async (): Promise<Audit> => {
    if (databaseUrl !== undefined) {
      const { createPostgresAudit } = await import("./postgres-audit.ts");
      return createPostgresAudit({ url: databaseUrl, key: auditKey, log, now });
    }
    return readOnly
      ? lookAtFileAudit(settings.dataDir, auditKey)
      : createFileAudit({ folder: settings.dataDir, key: auditKey, log, now });
  };
  const audit = await openAudit();
  const links = createLinks(directory, now);
  const oneTime = createOneTime(directory, now);
  const linkTokens = createLinkTokens(await botSecret(directory, seal, "account-link"), now);
  const connections = createConnections({ directory, seal, fixed: settings.connections, log, now });
  const hosts = createHosts({
    directory,
    fixed: settings.connections,
    allowedHosts: settings.allowedHosts,
    knownHosts: knownHostsOf(catalog),
    now,
  });
  const policy = createPolicy({
    directory,
    connections,
    links,
    linkTokens,
    environment: settings.workspace,
    publicUrl: settings.publicUrl,
    traits,
  });
  return {
    directory,
    seal,
    connections,
    policy,
    links,
    linkTokens,
    hosts,
    audit,
    sessions: createSessions(directory, await botSecret(directory, seal, "csrf"), now),
    oneTime,
    pairing: createPairing(directory, now),
    linkCodes: createLinkCodes({
      oneTime,
      links,
      ownerOf: (id) => connections.get(id)?.owner,
      isMemberOf: (workspaceId, personId) => roleOf(directory, workspaceId, personId) !== undefined,
    }),
    markerKey: await botSecret(directory, seal, "marker"),
    close: async () => {
      await connections.close();
      await audit.close();
      await directory.close();
    },
  };
};
